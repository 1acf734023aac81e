//! The call for proposals of the demo: open, with a dozen proposals and reviews of three people.

use crate::accounts::model::{TeamRole, User};
use crate::accounts::operations as accounts;
use crate::app::App;
use crate::audit::Actor;
use crate::calls::mails::ProposalLetter;
use crate::calls::model::proposal::{Content, Person, Proposal};
use crate::calls::model::review::{CriterionFacts, ReviewStanding, Scores};
use crate::calls::model::{Asked, Call};
use crate::calls::operations::drafting::{self, Begun};
use crate::calls::operations::reviewing::{self, NewReview};
use crate::calls::operations::sending::{self, Sending};
use crate::calls::operations::{self as calls, CallError, setting};
use crate::db::{EventId, SessionProposalId};
use crate::events::operations as events;
use crate::i18n::{Lang, Localized};
use crate::mail::address::EmailAddress;
use crate::web::{Failure, Token};
use actix_web::web::Data;
use chrono::TimeDelta;
use serde::Deserialize;

/// What is handed in.
const PROPOSALS: &str = include_str!("data/proposals.json");

#[derive(Debug, Deserialize)]
struct Document {
    introduction: Localized,
    criteria: Vec<DemoCriterion>,
    proposals: Vec<DemoProposal>,
}

#[derive(Debug, Deserialize)]
struct DemoCriterion {
    name: Localized,
    help: Localized,
    weight: i32,
}

#[derive(Debug, Deserialize)]
struct DemoProposal {
    title: String,
    language: Lang,
    format: String,
    forum: String,
    #[serde(rename = "abstract")]
    abstract_text: String,
    description: String,
    people: Vec<Person>,
    /// The scores of each reviewer in turn, one for each criterion; none for who has not reviewed it.
    reviews: Vec<Vec<i32>>,
    comment: String,
}

/// Opens the call, hands in what is made up, and lets the accounts of these addresses review it.
///
/// # Errors
/// When the data or the database does not allow it.
pub(super) async fn fill(app: &Data<App>, event: EventId, reviewers: &[&str]) -> anyhow::Result<()> {
    let document: Document = serde_json::from_str(PROPOSALS)?;
    let asked = open(app, event, &document).await.map_err(|error| anyhow::anyhow!("the demo's call: {error:?}"))?;
    let mut ids = Vec::new();
    for proposal in &document.proposals {
        let id = hand_in(app, &asked, proposal).await;
        ids.push(id.map_err(|error| anyhow::anyhow!("the demo's proposal {}: {error:?}", proposal.title))?);
    }
    let team = app.read(move |db| Ok::<_, CallError>(accounts::team(db, event)?)).await?;
    let reviews = |role: &TeamRole| role.allows(crate::accounts::model::Permission::ReviewProposals);
    let users = reviewers.iter().filter_map(|address| {
        let own = team.iter().find(|member| member.user.email_key == *address)?;
        own.roles.iter().any(reviews).then(|| own.user.clone())
    });
    for (number, user) in users.enumerate() {
        review(app, event, (number, user), document.proposals.iter().zip(&ids)).await?;
    }
    Ok(())
}

async fn open(app: &Data<App>, event: EventId, document: &Document) -> Result<Asked, Failure> {
    let now = app.clock.now();
    let call = Call {
        opens_at: Some(now - TimeDelta::days(20)),
        closes_at: Some(now + TimeDelta::days(40)),
        introduction: document.introduction.clone(),
        most_per_person: Some(3),
        sends_comments: true,
        ..Call::new(event, now)
    };
    let criteria: Vec<CriterionFacts> = document
        .criteria
        .iter()
        .map(|one| CriterionFacts {
            name: one.name.clone(),
            help: one.help.clone(),
            weight: one.weight,
            lowest: 1,
            highest: 5,
        })
        .collect();
    app.write(move |db, now| {
        setting::save(db, now, Actor::System, &call, &[])?;
        for facts in &criteria {
            reviewing::add_criterion(db, now, Actor::System, event, facts)?;
        }
        let event = events::by_id(db, event)?.ok_or(Failure::NotFound)?;
        Ok::<_, Failure>(calls::asked(db, now, event)?)
    })
    .await
}

async fn hand_in(app: &Data<App>, asked: &Asked, wanted: &DemoProposal) -> Result<SessionProposalId, Failure> {
    let proposal = proposal(app, asked, wanted)?;
    let letter = ProposalLetter { app, event: &asked.event, proposal: &proposal };
    let (first, second) = (Token::new(), Token::new());
    let (message, received) = (letter.draft(&first, None)?, letter.received(&second, None)?);
    let id = proposal.id;
    let sending = Sending { content: proposal.content(), link: second.hash(), message: received };
    let begun = Begun { link: first.hash(), message, key: id.to_string(), proposal };
    let event = asked.event.id;
    app.write(move |db, now| {
        drafting::begin(db, now, &begun)?;
        sending::send_in(db, now, (event, id, 1), &sending)
    })
    .await?;
    Ok(id)
}

fn proposal(app: &App, asked: &Asked, wanted: &DemoProposal) -> Result<Proposal, Failure> {
    let now = app.clock.now();
    let author = wanted.people.first().cloned().unwrap_or_default();
    let email: EmailAddress = author.email.parse().map_err(Failure::unexpected)?;
    let people: Vec<Person> =
        wanted.people.iter().map(|one| Person { key: uuid::Uuid::new_v4().to_string(), ..one.clone() }).collect();
    let content = Content {
        name: author.name,
        title: wanted.title.clone(),
        abstract_text: wanted.abstract_text.clone(),
        description: wanted.description.clone(),
        written_in: wanted.language,
        spoken: Some(wanted.language),
        format: asked.formats.iter().find(|one| one.code.eq_ignore_ascii_case(&wanted.format)).map(|one| one.id),
        forum: asked.forums.iter().find(|one| one.code.eq_ignore_ascii_case(&wanted.forum)).map(|one| one.id),
        notes: String::new(),
        people,
        answers: "{}".to_owned(),
    };
    Proposal::begin(now, asked.event.id, (&email, wanted.language), content).map_err(Failure::unexpected)
}

async fn review<'a>(
    app: &Data<App>,
    event: EventId,
    (number, user): (usize, User),
    proposals: impl Iterator<Item = (&'a DemoProposal, &'a SessionProposalId)>,
) -> anyhow::Result<()> {
    let criteria = app.read(move |db| Ok::<_, CallError>(reviewing::criteria(db, event)?)).await?;
    for (proposal, id) in proposals {
        let Some(given) = proposal.reviews.get(number).filter(|given| given.len() == criteria.len()) else { continue };
        let scores = criteria.iter().zip(given).map(|(criterion, score)| (criterion.id.to_string(), *score)).collect();
        let review = NewReview {
            standing: ReviewStanding::Scored,
            scores: Scores(scores),
            to_team: String::new(),
            to_author: if number == 0 { proposal.comment.clone() } else { String::new() },
        };
        let (user, key) = (user.clone(), (event, *id, 0));
        app.write(move |db, now| reviewing::keep(db, now, &user, key, &review)).await?;
    }
    Ok(())
}
