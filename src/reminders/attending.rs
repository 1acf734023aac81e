//! Reminders for attendees: the event or a session begins, an application or an offer waits for them.

use super::letters::Attendee;
use super::model::{Due, Occasion, ReminderKey, ReminderKind, Rule, Rules, nine};
use super::operations::{self, Candidate, Link, Ready, Still};
use crate::app::App;
use crate::bookings::letters::SeatLetter;
use crate::bookings::operations as bookings;
use crate::db::{CategoryId, DbConnection, EventId, SessionId, UtcTime};
use crate::events::model::Event;
use crate::mail::model::MessageKind;
use crate::registration::category::Category;
use crate::registration::operations::{all_categories, give_or_find_ticket_key};
use crate::schedule::model::{Programme, ProgrammeSession, ProgrammeSlot};
use crate::web::Failure;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Attendees looked at in one query.
const PAGE: i64 = 500;

/// What the mails to attendees of one event are written from.
struct Desk<'a> {
    app: &'a App,
    event: &'a Event,
    now: UtcTime,
    categories: HashMap<CategoryId, Category>,
}

/// Reminds everybody of an event who is due by one of the rules; how many reminders left.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn send_due(app: &App, now: UtcTime, event: &Event, rules: &Rules) -> Result<usize, Failure> {
    use ReminderKind as K;
    let wanted = [K::Event, K::Session, K::Answer, K::Offer, K::Seat];
    if !wanted.iter().any(|kind| rules.of(*kind).is_on) {
        return Ok(0);
    }
    let id = event.id;
    let categories = app.read(move |db| Ok::<_, Failure>(all_categories(db, id)?)).await?;
    let categories = categories.into_iter().map(|category| (category.id, category)).collect();
    let desk = Desk { app, event, now, categories };
    let mut left = desk.event_begins(&rules.of(K::Event)).await?;
    left += desk.sessions_begin(&rules.of(K::Session)).await?;
    left += desk.somebody_waits(K::Answer, &rules.of(K::Answer)).await?;
    left += desk.somebody_waits(K::Offer, &rules.of(K::Offer)).await?;
    left += desk.seats_run_out(&rules.of(K::Seat)).await?;
    Ok(left)
}

/// The step of a rule in the words of one occasion, with the others that pass with it.
fn steps(prefix: &str, due: &Due) -> (String, Vec<String>) {
    let word = |step: u16| format!("{prefix}:{step}");
    (word(due.step), due.all.iter().filter(|step| **step != due.step).map(|step| word(*step)).collect())
}

impl Desk<'_> {
    fn key(&self, kind: ReminderKind, candidate: &Candidate, step: &str) -> ReminderKey {
        let subject = candidate.registration.id.to_string();
        ReminderKey { event: self.event.id, kind, subject, step: step.to_owned() }
    }

    fn attendee<'a>(&'a self, candidate: &'a Candidate) -> Option<Attendee<'a>> {
        let category = self.categories.get(&candidate.registration.category_id)?;
        Some(Attendee {
            app: self.app,
            event: self.event,
            registration: &candidate.registration,
            category,
            now: self.now,
        })
    }

    /// The event begins: to everybody who is confirmed, with the ticket.
    async fn event_begins(&self, rule: &Rule) -> Result<usize, Failure> {
        let (kind, zone) = (ReminderKind::Event, self.event.zone());
        let occasion = Occasion { at: nine(self.event.starts_on, zone), since: self.event.created_at };
        let Some(due) = rule.due(kind.counting(), occasion, self.now, zone) else { return Ok(0) };
        let (step, passed) = steps(&self.event.starts_on.to_string(), &due);
        let tickets = give_or_find_ticket_key(self.app, self.event.id).await?;
        let mut left = 0;
        loop {
            let (event, wanted, before) = (self.event.id, step.clone(), due.at);
            let read = move |db: &mut DbConnection| {
                Ok::<_, Failure>(operations::confirmed(db, (event, before), (kind, &wanted), PAGE)?)
            };
            let found = self.app.read(read).await?;
            let mut ready = Vec::new();
            for one in &found {
                let Some(attendee) = self.attendee(one) else { continue };
                let mail = attendee.event_begins(&tickets)?;
                let still = Still::InState(one.registration.id, one.registration.state);
                ready.push(Ready { key: self.key(kind, one, &step), passed: passed.clone(), still, mails: vec![mail] });
            }
            let sent = super::jobs::send(self.app, ready).await?;
            left += sent;
            // Whoever could not be written to must not be looked at for ever.
            if sent == 0 || found.len() < usize::try_from(PAGE).unwrap_or(usize::MAX) {
                return Ok(left);
            }
        }
    }

    /// A session begins in which somebody has a seat.
    async fn sessions_begin(&self, rule: &Rule) -> Result<usize, Failure> {
        let Some(programme) = self.released() else { return Ok(0) };
        let mut left = 0;
        for (session, slot) in programme.sessions.iter().filter_map(|one| Some((one, one.slots.first()?))) {
            let (kind, zone) = (ReminderKind::Session, self.event.zone());
            let occasion = Occasion { at: slot.start, since: self.event.created_at };
            let Some(due) = rule.due(kind.counting(), occasion, self.now, zone) else { continue };
            left += self.session_begins((&*programme, session, slot), &due).await?;
        }
        Ok(left)
    }

    async fn session_begins(
        &self,
        (programme, session, slot): (&Programme, &ProgrammeSession, &ProgrammeSlot),
        due: &Due,
    ) -> Result<usize, Failure> {
        if session.state == crate::programme::model::SessionState::Cancelled {
            return Ok(0);
        }
        let kind = ReminderKind::Session;
        let (step, passed) = steps(session.id.as_str(), due);
        let (event, of, wanted, before): (EventId, SessionId, _, _) = (self.event.id, session.id, step.clone(), due.at);
        let read = move |db: &mut DbConnection| {
            Ok::<_, Failure>(operations::booked(db, (event, of), before, (kind, &wanted))?)
        };
        let found = self.app.read(read).await?;
        let mut ready = Vec::new();
        for one in &found {
            let Some(attendee) = self.attendee(one) else { continue };
            let mail = attendee.session_begins(programme, session, slot)?;
            let still = Still::Booked(one.registration.id, session.id);
            ready.push(Ready { key: self.key(kind, one, &step), passed: passed.clone(), still, mails: vec![mail] });
        }
        super::jobs::send(self.app, ready).await
    }

    /// A seat in a session is kept for somebody and goes on to the next before long.
    async fn seats_run_out(&self, rule: &Rule) -> Result<usize, Failure> {
        if !rule.is_on {
            return Ok(0);
        }
        let (kind, event) = (ReminderKind::Seat, self.event.id);
        let read = move |db: &mut DbConnection| {
            Ok::<_, Failure>((bookings::offered(db, event)?, operations::past(db, event, kind)?))
        };
        let (found, past) = self.app.read(read).await?;
        let site = self.app.site.snapshot();
        let released = site.event(&self.event.slug).and_then(|event| event.released.as_ref());
        let mut ready = Vec::new();
        for (booking, registration) in &found {
            let Some(until) = booking.offered_until else { continue };
            let occasion = Occasion { at: until, since: booking.updated_at };
            let Some(due) = rule.due(kind.counting(), occasion, self.now, self.event.zone()) else { continue };
            let (step, passed) = steps(&until.timestamp().to_string(), &due);
            let subject = booking.id.to_string();
            if past.contains(&(subject.clone(), step.clone())) {
                continue;
            }
            let (app, event, session, now) = (self.app, self.event, booking.session_id, self.now);
            let letter = SeatLetter { app, event, registration, released, session, now };
            let (message, private) = letter.write(MessageKind::SeatReminder, Some(until))?;
            let key = ReminderKey { event: self.event.id, kind, subject, step };
            let still = Still::Kept(booking.id, until);
            ready.push(Ready { key, passed, still, mails: vec![(link(private), message)] });
        }
        super::jobs::send(self.app, ready).await
    }

    fn released(&self) -> Option<Arc<Programme>> {
        let site = self.app.site.snapshot();
        site.event(&self.event.slug)?.released.as_ref().map(|released| Arc::clone(&released.programme))
    }

    /// An application waits for an answer, or an offer of a place runs out.
    async fn somebody_waits(&self, kind: ReminderKind, rule: &Rule) -> Result<usize, Failure> {
        if !rule.is_on {
            return Ok(0);
        }
        let event = self.event.id;
        let read = move |db: &mut DbConnection| {
            let found = match kind {
                ReminderKind::Answer => operations::asked(db, event)?,
                _ => operations::offered(db, event)?,
            };
            Ok::<_, Failure>((found, operations::past(db, event, kind)?))
        };
        let (found, past): (Vec<Candidate>, HashSet<(String, String)>) = self.app.read(read).await?;
        let mut ready = Vec::new();
        for one in &found {
            let occasion = Occasion { at: one.at, since: one.since };
            let Some(due) = rule.due(kind.counting(), occasion, self.now, self.event.zone()) else { continue };
            let (step, passed) = steps(&one.at.timestamp().to_string(), &due);
            if past.contains(&(one.registration.id.to_string(), step.clone())) {
                continue;
            }
            let Some(attendee) = self.attendee(one) else { continue };
            let mail = match kind {
                ReminderKind::Answer => attendee.answer_awaited()?,
                _ => attendee.offer_ends(one.at)?,
            };
            let still = Still::InState(one.registration.id, one.registration.state);
            ready.push(Ready { key: self.key(kind, one, &step), passed, still, mails: vec![mail] });
        }
        super::jobs::send(self.app, ready).await
    }
}

/// A link as reminders carry it.
pub(super) fn link(link: crate::registration::model::PrivateLink) -> Link {
    Link::Registration(Box::new(link))
}
