//! A timetable in the making: who is where, and what a change would cost.

use super::bits;
use super::cost::{Link, Move};
use super::dice::Dice;
use super::problem::{Problem, Spot};
use super::rules::{clear_of, person_busy, room_taken};

/// Where an item is, in minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// The day on which it begins, by number.
    pub day: usize,
    /// The room, where one is set.
    pub room: Option<u16>,
    /// The minute in which it begins.
    pub start: i32,
    /// The minute in which it has ended.
    pub end: i32,
}

/// A timetable in the making. Every place in it obeys every hard rule at any time.
#[derive(Clone)]
pub(super) struct Timetable<'a> {
    pub(super) problem: &'a Problem,
    /// The spots of movable items.
    pub(super) spots: Vec<Option<Spot>>,
    /// Where every item is.
    held: Vec<Option<Held>>,
    /// The movable items in each room.
    in_room: Vec<Vec<usize>>,
    /// The items of each forum, by their start.
    of_forum: Vec<Vec<usize>>,
    day_load: Vec<i64>,
    room_load: Vec<i64>,
    /// What it costs, with a price for each item without a place.
    pub(super) cost: i64,
    mask: Vec<u64>,
    base: Vec<i64>,
}

/// How a place for an item is chosen.
#[derive(Clone, Copy, Debug)]
pub(super) struct Taste {
    /// Points of luck added to each place.
    pub(super) luck: usize,
    /// Points for leaving no unusable gap; used while sessions are still without a place.
    pub(super) snug: i64,
}

impl<'a> Timetable<'a> {
    /// The draft as far as it obeys the rules. Items that clash wait to be placed, the later of two.
    pub(super) fn of_draft(problem: &'a Problem) -> Self {
        let mut all = Self {
            problem,
            spots: vec![None; problem.items.len()],
            held: vec![None; problem.items.len()],
            in_room: vec![Vec::new(); problem.rooms.len()],
            of_forum: vec![Vec::new(); problem.forums],
            day_load: vec![0; problem.days.len()],
            room_load: vec![0; problem.rooms.len()],
            cost: 0,
            mask: vec![0; bits::words_for(problem.starts.len())],
            base: vec![0; problem.starts.len()],
        };
        for (index, item) in problem.items.iter().enumerate() {
            if item.movable {
                continue;
            }
            if let Some(held) = problem.homes[index] {
                all.hold(index, held);
            }
        }
        all.cost = all.measured();
        for index in 0..problem.items.len() {
            if let Some(spot) = all.home_spot(index)
                && all.is_free(index, spot)
            {
                all.insert(index, spot);
            }
        }
        all
    }

    /// The cost from scratch.
    pub(super) fn measured(&self) -> i64 {
        super::cost::measure(self.problem, &self.held).total(&self.problem.weights)
    }

    /// Movable items without a place.
    pub(super) fn without_place(&self) -> Vec<usize> {
        let items = self.problem.items.iter().enumerate();
        items.filter(|(index, item)| item.movable && self.spots[*index].is_none()).map(|(index, _)| index).collect()
    }

    fn home_spot(&self, index: usize) -> Option<Spot> {
        let home = self.problem.items[index].home?;
        let position = self.problem.starts.binary_search(&home.start).ok()?;
        let options = &self.problem.options[index];
        let option = options.iter().position(|option| home.room == Some(option.room))?;
        bits::has(&options[option].legal, position)
            .then(|| Some(Spot { option: u16::try_from(option).ok()?, position: u16::try_from(position).ok()? }))
            .flatten()
    }

    /// Leaves in the mask the starts at which an item may begin in one of its rooms as things stand.
    fn mask_free(&mut self, index: usize, option: usize) {
        let (problem, item) = (self.problem, &self.problem.items[index]);
        let option = &problem.options[index][option];
        self.mask.copy_from_slice(&option.legal);
        for other in &self.in_room[usize::from(option.room)] {
            if let Some(held) = self.held[*other] {
                let forbidden = room_taken(item, &problem.items[*other], (held.start, held.end));
                let (from, to) = problem.range(forbidden);
                bits::clear(&mut self.mask, from, to);
            }
        }
        for relation in &problem.related[index] {
            if let (true, Some(held)) = (problem.items[relation.other].movable, self.held[relation.other]) {
                let stretch = (held.start, held.end);
                if relation.person {
                    let walk = problem.walk(Some(option.room), held.room);
                    let (from, to) = problem.range(person_busy(item, stretch, walk));
                    bits::clear(&mut self.mask, from, to);
                }
                if relation.forum {
                    let (from, to) = problem.range(clear_of(stretch, item.length));
                    bits::clear(&mut self.mask, from, to);
                }
            }
        }
    }

    fn is_free(&mut self, index: usize, spot: Spot) -> bool {
        self.mask_free(index, spot.option.into());
        bits::has(&self.mask, spot.position.into())
    }

    /// How many places an item has as things stand.
    pub(super) fn freedom(&mut self, index: usize) -> usize {
        (0..self.problem.options[index].len())
            .map(|option| {
                self.mask_free(index, option);
                bits::count(&self.mask)
            })
            .sum()
    }

    /// What every start costs an item, whatever the room.
    fn price_starts(&mut self, index: usize) {
        let problem = self.problem;
        let item = &problem.items[index];
        self.base.fill(0);
        // Differences first: each overlap raises the price where it begins and lowers it where it ends.
        for (other, people) in &problem.audience[index] {
            if let Some(held) = self.held[*other] {
                let (from, to) = problem.range(clear_of((held.start, held.end), item.length));
                let points = people * problem.weights.torn_person;
                if from < to {
                    self.base[from] += points;
                    if let Some(after) = self.base.get_mut(to) {
                        *after -= points;
                    }
                }
            }
        }
        let by_day: Vec<i64> = self.day_load.iter().map(|load| self.excess_points(*load, item.length, true)).collect();
        let mut running = 0;
        for (position, price) in self.base.iter_mut().enumerate() {
            running += *price;
            let wish = problem.wishes[index].get(position).copied().unwrap_or(0);
            *price = running + by_day[problem.day_of[position]] + wish;
        }
    }

    /// What it costs that a day or room with so much gets so much more.
    fn excess_points(&self, load: i64, length: i32, is_day: bool) -> i64 {
        let (share, weight) = if is_day {
            (self.problem.day_share, self.problem.weights.day_excess)
        } else {
            (self.problem.room_share, self.problem.weights.room_excess)
        };
        ((load + i64::from(length) - share).max(0) - (load - share).max(0)) * weight
    }

    /// What an item costs in its forum when it is held like this, besides the others there.
    fn forum_points(&self, index: usize, held: Held) -> i64 {
        let Some(forum) = self.problem.items[index].forum else { return 0 };
        let of_forum = &self.of_forum[forum];
        let place = of_forum.partition_point(|other| self.is_before(*other, index, held));
        let at = |place: usize| of_forum.get(place).and_then(|other| self.held[*other]);
        let weights = &self.problem.weights;
        let (before, after) = (place.checked_sub(1).and_then(at), at(place));
        let mut points = 0;
        if let Some(before) = before {
            points += Link::between(before, held).points(weights);
        }
        if let Some(after) = after {
            points += Link::between(held, after).points(weights);
        }
        if let (Some(before), Some(after)) = (before, after) {
            points -= Link::between(before, after).points(weights);
        }
        points
    }

    fn is_before(&self, other: usize, index: usize, held: Held) -> bool {
        self.held[other].is_some_and(|place| (place.start, other) < (held.start, index))
    }

    /// What it costs that an item has no place.
    pub(super) fn price_of_none(&self, index: usize) -> i64 {
        let weights = &self.problem.weights;
        if self.problem.items[index].home.is_some() { weights.displaced } else { weights.unplaced }
    }

    /// What an item costs at this spot besides everything else, its price without a place taken off.
    fn points(&self, index: usize, spot: Spot) -> i64 {
        let (problem, item) = (self.problem, &self.problem.items[index]);
        let held = problem.held(index, spot);
        let option = &problem.options[index][usize::from(spot.option)];
        let torn = problem.audience[index].iter().filter_map(|(other, people)| {
            let other = self.held[*other]?;
            (held.start < other.end && other.start < held.end).then_some(people * problem.weights.torn_person)
        });
        let wish = problem.wishes[index].get(usize::from(spot.position)).copied().unwrap_or(0);
        torn.sum::<i64>()
            + wish
            + option.fit
            + Move::of(item, option.room, held.start).points(&problem.weights)
            + self.excess_points(self.day_load[held.day], item.length, true)
            + self.excess_points(self.room_load[usize::from(option.room)], item.length, false)
            + self.forum_points(index, held)
            - self.price_of_none(index)
    }

    /// The cheapest free place of an item, if it has any.
    pub(super) fn best(&mut self, index: usize, taste: Taste, dice: &mut Dice) -> Option<Spot> {
        let problem = self.problem;
        let item = &problem.items[index];
        self.price_starts(index);
        let mut best: Option<(i64, Spot)> = None;
        for (number, option) in problem.options[index].iter().enumerate() {
            self.mask_free(index, number);
            let load = self.room_load[usize::from(option.room)];
            let fixed = option.fit + self.excess_points(load, item.length, false);
            for position in bits::each(&self.mask) {
                let start = problem.starts[position];
                let held =
                    Held { day: problem.day_of[position], room: Some(option.room), start, end: start + item.length };
                let mut points = fixed + self.base[position];
                points += Move::of(item, option.room, start).points(&problem.weights);
                if best.is_some_and(|(least, _)| points - 4 * problem.weights.forum_overlap > least) {
                    continue;
                }
                points += self.forum_points(index, held);
                if taste.snug > 0 && position > 0 {
                    let (left, right) = (bits::has(&self.mask, position - 1), bits::has(&self.mask, position + 1));
                    points += taste.snug * i64::from(left && right);
                }
                if taste.luck > 0 {
                    points += i64::try_from(dice.below(taste.luck)).unwrap_or(0);
                }
                if best.is_none_or(|(least, _)| points < least)
                    && let (Ok(option), Ok(position)) = (u16::try_from(number), u16::try_from(position))
                {
                    best = Some((points, Spot { option, position }));
                }
            }
        }
        best.map(|(_, spot)| spot)
    }

    /// The place whose present holders weigh least: what would have to go for an item to come.
    pub(super) fn least_resistance(&mut self, index: usize, weight: &[i64], dice: &mut Dice) -> Option<Spot> {
        let problem = self.problem;
        let item = &problem.items[index];
        let mut best: Option<(i64, Spot)> = None;
        let mut ties = 0;
        for (number, option) in problem.options[index].iter().enumerate() {
            self.base.fill(0);
            for other in &self.in_room[usize::from(option.room)] {
                if let Some(held) = self.held[*other] {
                    let forbidden = room_taken(item, &problem.items[*other], (held.start, held.end));
                    raise(&mut self.base, problem.range(forbidden), weight[*other]);
                }
            }
            for relation in &problem.related[index] {
                let other = relation.other;
                let Some(held) = self.held[other].filter(|_| problem.items[other].movable) else { continue };
                if held.room == Some(option.room) {
                    continue;
                }
                let walk = if relation.person { problem.walk(Some(option.room), held.room) } else { 0 };
                let forbidden = person_busy(item, (held.start, held.end), walk);
                raise(&mut self.base, problem.range(forbidden), weight[other]);
            }
            let mut running = 0;
            for position in 0..self.base.len() {
                running += self.base[position];
                if !bits::has(&option.legal, position) {
                    continue;
                }
                let better = best.is_none_or(|(least, _)| running < least);
                let equal = best.is_some_and(|(least, _)| running == least);
                ties = if better { 1 } else { ties + usize::from(equal) };
                if (better || (equal && dice.below(ties) == 0))
                    && let (Ok(option), Ok(position)) = (u16::try_from(number), u16::try_from(position))
                {
                    best = Some((running, Spot { option, position }));
                }
            }
        }
        best.map(|(_, spot)| spot)
    }

    /// The movable items that stand in the way of an item at this spot.
    pub(super) fn in_the_way(&self, index: usize, spot: Spot) -> Vec<usize> {
        let (problem, held) = (self.problem, self.problem.held(index, spot));
        let at = (held.room, held.start);
        let room = usize::from(problem.room_of(index, spot));
        let related = problem.related[index].iter().map(|relation| relation.other);
        let mut others: Vec<usize> = self.in_room[room].iter().copied().chain(related).collect();
        others.sort_unstable();
        others.dedup();
        others.retain(|other| {
            let there = self.held[*other].filter(|_| problem.items[*other].movable && *other != index);
            there.is_some_and(|there| {
                super::rules::clash(problem, (index, at), (*other, (there.room, there.start))).is_some()
            })
        });
        others
    }

    /// Puts an item at a free spot.
    pub(super) fn insert(&mut self, index: usize, spot: Spot) {
        self.cost += self.points(index, spot);
        self.spots[index] = Some(spot);
        self.in_room[usize::from(self.problem.room_of(index, spot))].push(index);
        self.hold(index, self.problem.held(index, spot));
    }

    /// Takes an item out.
    pub(super) fn remove(&mut self, index: usize) {
        let Some(spot) = self.spots[index].take() else { return };
        let held = self.problem.held(index, spot);
        self.in_room[usize::from(self.problem.room_of(index, spot))].retain(|other| *other != index);
        if let Some(forum) = self.problem.items[index].forum {
            self.of_forum[forum].retain(|other| *other != index);
        }
        let length = i64::from(self.problem.items[index].length);
        self.day_load[held.day] -= length;
        if let Some(room) = held.room {
            self.room_load[usize::from(room)] -= length;
        }
        self.held[index] = None;
        self.cost -= self.points(index, spot);
    }

    fn hold(&mut self, index: usize, held: Held) {
        if let Some(forum) = self.problem.items[index].forum {
            let place = self.of_forum[forum].partition_point(|other| self.is_before(*other, index, held));
            self.of_forum[forum].insert(place, index);
        }
        let length = i64::from(self.problem.items[index].length);
        self.day_load[held.day] += length;
        if let Some(room) = held.room {
            self.room_load[usize::from(room)] += length;
        }
        self.held[index] = Some(held);
    }

    /// Movable items near an item: in its room on its day.
    pub(super) fn neighbours(&self, index: usize) -> Vec<usize> {
        let Some(held) = self.held[index] else { return Vec::new() };
        let Some(room) = held.room else { return Vec::new() };
        let same_day = |other: &&usize| self.held[**other].is_some_and(|place| place.day == held.day);
        let mut near: Vec<usize> = self.in_room[usize::from(room)].iter().filter(same_day).copied().collect();
        near.sort_by_key(|other| self.held[*other].map_or(0, |place| (place.start - held.start).abs()));
        near
    }

    /// Movable items that take place while an item does.
    pub(super) fn at_the_same_time(&self, index: usize) -> Vec<usize> {
        let Some(held) = self.held[index] else { return Vec::new() };
        let overlaps = |other: &usize| {
            self.spots[*other].is_some()
                && self.held[*other].is_some_and(|place| place.start < held.end && held.start < place.end)
        };
        (0..self.held.len()).filter(overlaps).collect()
    }

    /// Movable items of an item's forum that have a place.
    pub(super) fn of_its_forum(&self, index: usize) -> Vec<usize> {
        let forum = self.problem.items[index].forum;
        let members = forum.map_or(&[][..], |forum| &self.of_forum[forum]);
        members.iter().copied().filter(|other| self.spots[*other].is_some()).collect()
    }

    /// What an item costs where it is, besides everything else.
    pub(super) fn share_of(&mut self, index: usize) -> i64 {
        let Some(spot) = self.spots[index] else { return 0 };
        let before = self.cost;
        self.remove(index);
        let share = before - self.cost + self.price_of_none(index);
        self.insert(index, spot);
        share
    }
}

/// Raises a run of prices that are kept as differences.
fn raise(prices: &mut [i64], (from, to): (usize, usize), by: i64) {
    if from < to && from < prices.len() {
        prices[from] += by;
        if let Some(after) = prices.get_mut(to) {
            *after -= by;
        }
    }
}
