//! A problem as JSON, so that another solver can be held against ours.

use super::bits;
use super::cost::{LONGEST_GAP, measure};
use super::outcome::held_at;
use super::problem::{Problem, Spot};
use serde_json::{Value, json};

impl Problem {
    /// What a timetable costs, in points.
    #[must_use]
    pub fn cost(&self, spots: &[Option<Spot>]) -> i64 {
        measure(self, &held_at(self, spots)).total(&self.weights)
    }

    /// Everything that the search reads, in plain numbers.
    #[must_use]
    pub fn as_json(&self) -> Value {
        let items = self.items.iter().enumerate().map(|(index, item)| {
            let home = self.homes[index].map(|home| json!({ "room": home.room, "start": home.start, "day": home.day }));
            let options = self.options[index].iter().map(|option| {
                json!({ "room": option.room, "fit": option.fit, "positions": bits::each(&option.legal).collect::<Vec<_>>() })
            });
            json!({
                "movable": item.movable, "length": item.length, "before": item.before, "after": item.after,
                "forum": item.forum, "demand": item.demand, "home": home, "options": options.collect::<Vec<_>>(),
                "wishes": self.wishes[index],
            })
        });
        let related = self.related.iter().enumerate().flat_map(|(index, relations)| {
            relations
                .iter()
                .filter(move |relation| relation.other > index)
                .map(move |relation| json!([index, relation.other, relation.person, relation.forum]))
        });
        let audience = self.audience.iter().enumerate().flat_map(|(index, pairs)| {
            pairs
                .iter()
                .filter(move |(other, _)| *other > index)
                .map(move |(other, people)| json!([index, other, people]))
        });
        let rooms = 0..u16::try_from(self.rooms.len()).unwrap_or(0);
        let walks =
            rooms.clone().map(|one| rooms.clone().map(|other| self.walk(Some(one), Some(other))).collect::<Vec<_>>());
        json!({
            "weights": self.weights, "longest_gap": LONGEST_GAP, "starts": self.starts, "day_of": self.day_of,
            "days": self.days.len(), "rooms": self.rooms.iter().map(|room| room.capacity).collect::<Vec<_>>(),
            "forums": self.forums, "day_share": self.day_share, "room_share": self.room_share,
            "items": items.collect::<Vec<_>>(), "related": related.collect::<Vec<_>>(),
            "audience": audience.collect::<Vec<_>>(), "walks": walks.collect::<Vec<_>>(),
        })
    }
}
