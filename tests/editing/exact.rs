//! Taking back gives exactly what was before, and drafts that a process keeps are those of the database.

use super::Given;
use crate::on_both_databases;
use crate::support::app::instant;
use crate::support::{Role, TestApp};
use chrono::TimeDelta;
use diesel::prelude::*;
use plenary::audit::Actor;
use plenary::db::schema::draft_edits;
use plenary::db::{EventId, TabId, UserId, UtcTime};
use plenary::events::model::Event;
use plenary::schedule::concerns::ConcernBook;
use plenary::schedule::draft::BlockKind;
use plenary::schedule::editor::desk::look;
use plenary::schedule::editor::model::{BlockFacts, EditKind, Move, SlotState};
use plenary::schedule::editor::operations::{self, EditError};
use plenary::schedule::editor::undo;

on_both_databases! {
    async fn taking_back_is_exact_and_kept_drafts_stay_true(db: TestDatabase) {
        let given = Given::new(db).await;
        let event = given.app.event().await.clone();
        let user = user_of(&given.app, Role::Organizer).await;
        let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
        for _ in 0..4 {
            let mut seen = vec![snapshot(&given, event.id).await];
            for _ in 0..12 {
                if random_edit(&given, &event, user, &mut dice).await {
                    seen.push(snapshot(&given, event.id).await);
                }
            }
            for expected in seen.iter().rev().skip(1) {
                step(&given, &event, user, undo::undo).await;
                assert_eq!(snapshot(&given, event.id).await, *expected, "taking back gives what was before");
            }
            for expected in seen.iter().skip(1) {
                step(&given, &event, user, undo::redo).await;
                assert_eq!(snapshot(&given, event.id).await, *expected, "doing again gives what was after");
            }
        }
        let edits: i64 = given.app.read(|db| draft_edits::table.count().get_result(db)).await;
        assert!(edits > 60, "{edits}");
    }
}

async fn user_of(app: &TestApp, role: Role) -> UserId {
    use plenary::db::schema::users;
    app.read(move |db| users::table.filter(users::email_key.eq(role.email())).select(users::id).first(db)).await
}

type StepBack = fn(
    &mut plenary::db::DbConnection,
    UtcTime,
    UserId,
    &Event,
    Option<TabId>,
) -> Result<operations::Applied, EditError>;

async fn step(given: &Given, event: &Event, user: UserId, take: StepBack) {
    let event = event.clone();
    let done = given.app.app.write(move |db, now| take(db, now, user, &event, None)).await;
    done.expect("a step");
}

/// Chance that is the same in every run.
struct Dice(u64);

impl Dice {
    /// A number below `sides`.
    fn roll(&mut self, sides: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        u32::try_from((self.0 >> 20) % u64::from(sides)).expect("small")
    }
}

/// Places, moves, stretches, takes out, fixes or swaps something, or makes, moves or deletes a block;
/// says whether anything changed.
async fn random_edit(given: &Given, event: &Event, user: UserId, dice: &mut Dice) -> bool {
    let mut roll = |sides: u32| dice.roll(sides);
    let session = given.sessions[roll(3) as usize];
    let room = [None, Some(given.hall), Some(given.studio)][roll(3) as usize];
    let start = instant("2027-04-13T01:00:00Z") + TimeDelta::minutes(i64::from(roll(3 * 24 * 12)) * 5);
    let state = SlotState { room, start, end: start + TimeDelta::minutes(i64::from(5 + roll(24) * 5)) };
    let (what, pick) = (roll(8), roll(1000) as usize);
    let (event, actor) = (event.clone(), Actor::User(user));
    let done = given.app.app.write(move |db, now| {
        let of = operations::slots_of_session(db, event.id, session)?;
        let slot = (!of.is_empty()).then(|| of[pick % of.len()].clone());
        let known = plenary::schedule::operations::blocks(db, event.id)?;
        let block = (!known.is_empty()).then(|| known[pick % known.len()].clone());
        let facts = BlockFacts {
            room,
            kind: BlockKind::ALL[pick % BlockKind::ALL.len()],
            title: plenary::i18n::Localized::new(),
            is_public: pick % 2 == 0,
            start,
            end: state.end,
        };
        let one = |to, fixed| Move { slot: slot.as_ref().map(|slot| slot.id), session, version: None, to, fixed };
        match (what, &slot, &block) {
            (0 | 1, Some(_), _) => {
                operations::make_moves(db, now, actor, &event, (EditKind::Move, None), &[one(Some(state), None)])
            }
            (2, Some(_), _) => {
                operations::make_moves(db, now, actor, &event, (EditKind::Remove, None), &[one(None, None)])
            }
            (3, Some(slot), _) => operations::make_moves(
                db,
                now,
                actor,
                &event,
                (EditKind::Fix, None),
                &[one(None, Some(!slot.is_fixed))],
            ),
            (4, _, _) => operations::set_block(db, now, actor, &event, (None, None), Some(&facts)),
            (5, _, Some(block)) => {
                operations::set_block(db, now, actor, &event, (None, Some((block.id, None))), Some(&facts))
            }
            (6, _, Some(block)) => operations::set_block(db, now, actor, &event, (None, Some((block.id, None))), None),
            _ => {
                let new = Move { slot: None, session, version: None, to: Some(state), fixed: None };
                operations::make_moves(db, now, actor, &event, (EditKind::Place, None), &[new])
            }
        }
    });
    match done.await {
        Ok(_) => true,
        Err(EditError::Unchanged) => false,
        Err(error) => panic!("{error}"),
    }
}

/// The whole timetable as rows, after comparing it with the draft that the process keeps.
async fn snapshot(given: &Given, event: EventId) -> String {
    let fresh = given.app.read(move |db| {
        let event = plenary::events::operations::by_id(db, event)?.expect("the event");
        plenary::schedule::operations::draft(db, &event)
    });
    let (fresh, kept) = (fresh.await, look(&given.app.app, event, |desk| (desk.draft.clone(), desk.book.all())).await);
    let (kept, found) = kept.expect("the kept draft");
    let lines = |draft: &plenary::schedule::draft::Draft, versions: bool| {
        let mut lines: Vec<String> = Vec::new();
        for session in &draft.programme.sessions {
            for slot in &session.slots {
                let planning = draft.slots[&slot.id];
                let version = if versions { planning.version } else { 0 };
                lines.push(format!(
                    "{} {} {} {:?} {} {} {version} {}",
                    slot.start, slot.id, slot.guid, slot.room, slot.end, session.id, planning.is_fixed
                ));
            }
        }
        for block in &draft.blocks {
            let version = if versions { block.version } else { 0 };
            lines.push(format!("{} {:?} {} {version}", block.id, BlockFacts::from(block), block.event_id));
        }
        lines.extend(draft.programme.blocks.iter().map(|block| format!("public {block:?}")));
        lines.sort();
        lines.join("\n")
    };
    assert_eq!(lines(&kept, true), lines(&fresh, true), "the kept draft is the stored one");
    assert_eq!(kept.version, fresh.version);
    let mut keys =
        [found, ConcernBook::new(&fresh).all()].map(|found| found.iter().map(|one| one.key()).collect::<Vec<_>>());
    keys.iter_mut().for_each(|keys| keys.sort());
    assert_eq!(keys[0], keys[1], "and so is what speaks against it");
    lines(&fresh, false)
}
