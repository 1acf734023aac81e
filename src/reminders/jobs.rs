//! Letting reminders leave when their time has come.

use super::model::{Due, Occasion, ReminderKey, ReminderKind, Rules};
use super::operations::{self, Link, Ready, Still};
use crate::app::App;
use crate::db::{DbConnection, EventId, SpeakerId, UtcTime};
use crate::events::model::Event;
use crate::events::operations as events;
use crate::i18n::Localized;
use crate::mail::address::EmailAddress;
use crate::mail::operations::marks;
use crate::speakers::care::operations as care;
use crate::speakers::inviting::letters::{self, Invited};
use crate::speakers::inviting::model::Invitation;
use crate::speakers::inviting::operations as inviting;
use crate::speakers::model::Speaker;
use crate::speakers::operations as speakers;
use crate::speakers::own::mails::SpeakerLetter;
use crate::speakers::own::model::Assistant;
use crate::web::Failure;
use std::collections::{HashMap, HashSet};

/// Reminders that one transaction lets leave: others wait behind it.
const BATCH: usize = 50;

/// Lets every reminder leave that is due; how many did. May run twice, on any number of nodes.
///
/// # Errors
/// When the database does not answer.
pub async fn send_due(app: &App) -> Result<usize, Failure> {
    let now = app.clock.now();
    let all = app.read(move |db| Ok::<_, Failure>(events::list(db)?)).await?;
    let mut left = 0;
    // Whatever a rule says: of what is over nobody is reminded.
    for event in all.into_iter().filter(|event| now.in_zone(event.zone()).date_naive() <= event.ends_on) {
        let id = event.id;
        let rules = app.read(move |db| Ok::<_, Failure>(operations::rules(db, id)?)).await?;
        left += send(app, invitations(app, now, &event, &rules).await?).await?;
        left += send(app, super::owing::ready(app, now, &event, &rules).await?).await?;
        left += super::attending::send_due(app, now, &event, &rules).await?;
    }
    Ok(left)
}

/// Lets reminders leave in small pieces.
pub(super) async fn send(app: &App, ready: Vec<Ready>) -> Result<usize, Failure> {
    let mut left = 0;
    for some in ready.chunks(BATCH) {
        let some = some.to_vec();
        left += app.write(move |db, now| Ok::<_, Failure>(operations::send(db, now, &some)?)).await?;
    }
    Ok(left)
}

/// The key of a due reminder with the earlier steps that pass with it; nothing where it has left. `about` tells
/// occasions apart whose steps are the same; it may be empty.
pub(super) fn key(
    event: &Event,
    (kind, subject): (ReminderKind, &str),
    about: &str,
    due: &Due,
    past: &HashSet<(String, String)>,
) -> Option<(ReminderKey, Vec<String>)> {
    let word = |step: u16| if about.is_empty() { step.to_string() } else { format!("{about}:{step}") };
    let step = word(due.step);
    if past.contains(&(subject.to_owned(), step.clone())) {
        return None;
    }
    let passed = due.all.iter().filter(|one| **one != due.step).map(|one| word(*one)).collect();
    Some((ReminderKey { event: event.id, kind, subject: subject.to_owned(), step }, passed))
}

/// What is known of speakers who may be reminded, in a fixed number of queries.
struct Known {
    open: Vec<(Invitation, Option<Localized>)>,
    past: HashSet<(String, String)>,
    speakers: HashMap<SpeakerId, Speaker>,
    reach: Reach,
}

/// How speakers can be reached.
pub(super) struct Reach {
    assistants: HashMap<SpeakerId, Vec<Assistant>>,
    /// Addresses that mail came back from.
    marked: HashSet<String>,
}

fn known(db: &mut DbConnection, event: &Event) -> Result<Option<Known>, Failure> {
    let open = inviting::open(db, event.id)?;
    if open.is_empty() {
        return Ok(None);
    }
    let wanted: Vec<SpeakerId> = open.iter().map(|(one, _)| one.speaker_id).collect();
    Ok(Some(Known {
        open,
        past: operations::past(db, event.id, ReminderKind::Invitation)?,
        speakers: speakers::some(db, event.id, &wanted)?.into_iter().map(|one| (one.id, one)).collect(),
        reach: Reach::of(db, event.id)?,
    }))
}

impl Reach {
    /// What is known of an event's addresses.
    pub(super) fn of(db: &mut DbConnection, event: EventId) -> Result<Self, Failure> {
        Ok(Self {
            assistants: care::assistants(db, event)?,
            marked: marks::marks_of_event(db, event)?.into_iter().map(|mark| mark.address_key).collect(),
        })
    }

    /// Whether an address is worth writing to.
    fn works(&self, address: &str) -> bool {
        address.parse::<EmailAddress>().is_ok_and(|address| !self.marked.contains(&address.key()))
    }

    /// A speaker and who helps them, without the addresses that mail came back from.
    pub(super) fn reachable(&self, speaker: &Speaker) -> Option<(Speaker, Vec<Assistant>)> {
        let mut speaker = speaker.clone();
        speaker.email = speaker.email.filter(|email| self.works(email));
        let mut assistants = self.assistants.get(&speaker.id).cloned().unwrap_or_default();
        assistants.retain(|assistant| self.works(&assistant.email));
        (speaker.email.is_some() || !assistants.is_empty()).then_some((speaker, assistants))
    }
}

/// Reminders of invitations that nobody has answered.
async fn invitations(app: &App, now: UtcTime, event: &Event, rules: &Rules) -> Result<Vec<Ready>, Failure> {
    let kind = ReminderKind::Invitation;
    let rule = rules.of(kind);
    if !rule.is_on {
        return Ok(Vec::new());
    }
    let of = event.clone();
    let Some(known) = app.read(move |db| known(db, &of)).await? else { return Ok(Vec::new()) };
    let mut ready = Vec::new();
    for (invitation, title) in &known.open {
        let occasion = Occasion { at: invitation.sent_at, since: invitation.sent_at };
        let Some(due) = rule.due(kind.counting(), occasion, now, event.zone()) else { continue };
        let subject = (kind, invitation.id.as_str());
        let Some((key, passed)) = key(event, subject, "", &due, &known.past) else { continue };
        let Some(speaker) = known.speakers.get(&invitation.speaker_id) else { continue };
        let Some((speaker, assistants)) = known.reach.reachable(speaker) else { continue };
        let letter = SpeakerLetter { app, event, speaker: &speaker };
        let invited = Invited { invitation, session: title.as_ref(), is_reminder: true };
        let mails = letters::deliveries(&letter, &assistants, invited)?;
        let mails = mails.into_iter().map(|(link, message)| (Link::Speaker(Box::new(link)), message)).collect();
        ready.push(Ready { key, passed, still: Still::Open(invitation.id), mails });
    }
    Ok(ready)
}
