//! What each command does.

use super::arguments::{
    Check, Command, CreateEvent, CreateUser, EventCommand, Export, Import, KeyCommand, MailCommand, MailReply, NewKey,
    Release, UserCommand,
};
use super::{check, receiving, signing};
use crate::app::{App, Clock};
use crate::audit::Actor;
use crate::config::Settings;
use crate::notices::reply::Proof;
use crate::registration::forms::sealed::rotating::rotate;
use crate::schedule::concerns::count;
use crate::sealing::SealingKeys;
use crate::serve::{self, Background};
use crate::{accounts, demo, events, interchange, notices, schedule};
use actix_web::web::Data;
use anyhow::{Context, bail};
use std::io::{Read, Write};

pub(super) async fn run(command: Command, settings: Settings) -> anyhow::Result<()> {
    // A key is made before there is any database, and looking must not make one.
    match command {
        Command::Key(KeyCommand::New(arguments)) => return new_key(arguments),
        Command::Key(KeyCommand::Dkim(arguments)) => return signing::make_key(&arguments, &settings),
        Command::Check(arguments) => return check_all(&arguments, settings).await,
        _ => {}
    }
    let mut app = App::open(settings, Clock::Machine)?;
    app.demo = matches!(command, Command::Demo);
    let applied = app.db.migrate().await?;
    let app = Data::new(app);
    let done = match command {
        Command::Migrate => say(&migrated(&applied)),
        Command::Serve => serve_until_told(app.clone()).await,
        Command::Demo => serve_demo(app.clone()).await,
        Command::Event(EventCommand::Create(arguments)) => create_event(&app, arguments).await,
        Command::User(UserCommand::Create(arguments)) => create_user(&app, arguments).await,
        Command::Import(arguments) => import(&app, arguments).await,
        Command::Release(arguments) => release(&app, arguments).await,
        Command::Export(arguments) => export(&app, arguments).await,
        Command::Mail(MailCommand::Reply(arguments)) => record_reply(&app, arguments).await,
        Command::Key(KeyCommand::Rotate) => rotate_keys(&app).await,
        Command::Key(KeyCommand::New(_) | KeyCommand::Dkim(_)) | Command::Check(_) => Ok(()),
        Command::Mail(MailCommand::Receive(arguments)) => receiving::receive(&app, arguments).await,
    };
    // Idempotent: serving has drained it already.
    app.db.shutdown().await;
    done
}

/// Writes a result line; a reader that has gone away, as `head` does, is no failure.
pub(super) fn say(line: &str) -> anyhow::Result<()> {
    match writeln!(std::io::stdout().lock(), "{line}") {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        result => Ok(result?),
    }
}

fn migrated(applied: &[String]) -> String {
    if applied.is_empty() {
        "The database is up to date.".to_owned()
    } else {
        format!("Applied {}: {}", applied.len(), applied.join(", "))
    }
}

async fn serve_until_told(app: Data<App>) -> anyhow::Result<()> {
    if let Some(link) = accounts::operations::setup_link(&app).await? {
        say(&format!("Nobody can sign in yet. Open this link once to make the first administrator:\n  {link}"))?;
    }
    listen(app).await
}

async fn serve_demo(app: Data<App>) -> anyhow::Result<()> {
    let made = demo::operations::prepare(&app).await.context("the demo could not be made")?;
    say(&made.welcome(&app.settings.http.public_url))?;
    listen(app).await
}

async fn listen(app: Data<App>) -> anyhow::Result<()> {
    let bind = app.settings.http.bind;
    let listener = std::net::TcpListener::bind(bind).with_context(|| format!("can't listen on http.bind = {bind}"))?;
    let running = serve::start(app.clone(), listener, Background::Running)?;
    say(&format!("Plenary serves {} (stop with Ctrl-C)", app.settings.http.public_url))?;
    serve::told_to_stop().await?;
    running.stop().await;
    Ok(())
}

async fn create_event(app: &Data<App>, arguments: CreateEvent) -> anyhow::Result<()> {
    let new = events::model::NewEvent::from_command_line(
        &arguments.slug,
        &arguments.name,
        arguments.start,
        arguments.end,
        &arguments.timezone,
        &arguments.locales,
    )?;
    let event = app.write(move |db, now| events::operations::create(db, now, Actor::CommandLine, &new)).await?;
    say(&format!("Created the event {} ({})", event.slug, event.name_in(event.main_language())))
}

async fn create_user(app: &Data<App>, arguments: CreateUser) -> anyhow::Result<()> {
    let password = if arguments.password_stdin {
        let mut line = String::new();
        std::io::stdin().read_line(&mut line)?;
        Some(line.trim_end_matches(['\r', '\n']).to_owned())
    } else {
        None
    };
    let link =
        accounts::operations::create_user(app, &arguments.email, &arguments.name, arguments.admin, password).await?;
    match link {
        None => say(&format!("Created the account {}", arguments.email)),
        Some(link) => {
            say(&format!("Created the account {}. Open this link to set its password:\n  {link}", arguments.email))
        }
    }
}

async fn import(app: &Data<App>, arguments: Import) -> anyhow::Result<()> {
    let limit = app.settings.limits.import_bytes;
    let bytes = read_input(&arguments.file, limit, "limits.import_bytes")?;
    let request = interchange::operations::ImportRequest {
        bytes: bytes.into(),
        format: arguments.format.parse()?,
        timezone: arguments.timezone.as_deref().map(str::parse).transpose()?,
        target: match (arguments.event, arguments.create_event) {
            (Some(slug), _) => interchange::operations::Target::Event(slug),
            (None, Some(slug)) => interchange::operations::Target::NewEvent(slug),
            (None, None) => bail!("name the event with --event or --create-event"),
        },
        dry_run: arguments.dry_run,
    };
    let report = interchange::operations::import_with(app, Actor::CommandLine, request, arguments.new_rooms).await?;
    if arguments.json { say(&serde_json::to_string(&report)?) } else { say(report.to_string().trim_end()) }
}

/// Reads a file or standard input, stopping early where it is larger than allowed.
fn read_input(path: &std::path::Path, limit: usize, limit_name: &str) -> anyhow::Result<Vec<u8>> {
    let limit = if limit == 0 { u64::MAX } else { limit as u64 };
    let mut bytes = Vec::new();
    let problem = || format!("can't read {}", path.display());
    let read = if path.as_os_str() == "-" {
        std::io::stdin().lock().take(limit.saturating_add(1)).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).with_context(problem)?.take(limit.saturating_add(1)).read_to_end(&mut bytes)
    };
    if read.with_context(problem)? as u64 > limit {
        bail!("{} is larger than {limit_name} = {limit}", path.display());
    }
    Ok(bytes)
}

async fn release(app: &Data<App>, arguments: Release) -> anyhow::Result<()> {
    let Release { slug, name, note } = arguments;
    let event = find_event(app, &slug).await?;
    let (info, blocking) = app
        .write(move |db, now| {
            let blocking = count(&schedule::operations::blocking(db, &event)?);
            // Who types a command has decided: it is told and done.
            let actor = Actor::CommandLine;
            let info = schedule::operations::release(db, now, actor, &event, name.as_deref(), &note, true)?;
            Ok::<_, schedule::operations::ScheduleError>((info, blocking))
        })
        .await?;
    if blocking > 0 {
        writeln!(std::io::stderr(), "warning: {blocking} concerns speak against this release; see its draft")?;
    }
    say(&format!("Released {} of {slug} as number {}", info.name, info.number))
}

async fn export(app: &Data<App>, arguments: Export) -> anyhow::Result<()> {
    let event = find_event(app, &arguments.slug).await?;
    let format: interchange::model::FileFormat = arguments.format.parse()?;
    let programme = app
        .read(move |db| Ok::<_, crate::db::DbError>(schedule::operations::latest_release(db, event.id)?))
        .await?
        .with_context(|| {
            format!("{} has no release yet; publish its draft with: plenary release {}", arguments.slug, arguments.slug)
        })?;
    let content = interchange::export(&programme, format, &app.settings.http.public_url).with_context(|| {
        format!("{format} can be read but not written; write schedule-xml, schedule-json, ics, xcal or csv")
    })?;
    match arguments.output {
        None => match std::io::stdout().lock().write_all(&content) {
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            result => Ok(result?),
        },
        Some(path) => std::fs::write(&path, content).with_context(|| format!("can't write {}", path.display())),
    }
}

/// Records every answer of a reply; fails when none was recorded.
async fn record_reply(app: &Data<App>, arguments: MailReply) -> anyhow::Result<()> {
    let bytes = read_input(&arguments.file, notices::reply::LARGEST, "what is read as a reply")?;
    let mut refused = None;
    let mut recorded = 0;
    let signer = crate::mail::arrival::operations::signer(app).await?;
    let (_, traces) = crate::mail::arrival::reading::read(&bytes, &[]);
    let sender = notices::reply::sender_of(&bytes);
    let proof = match &app.settings.mail.return_path {
        _ if notices::reply::is_calendar(&bytes) => Proof::Vouched,
        Some(_) => Proof::Signed { signer: &signer, recipients: &traces.return_paths },
        None => Proof::Sender(sender.as_deref()),
    };
    for reply in notices::reply::read(&bytes)? {
        if !proof.holds(&reply) {
            refused = Some(notices::reply::ReplyError::Unproven);
            continue;
        }
        match app.write(move |db, now| notices::reply::record_reply(db, now, &reply)).await {
            Ok(done) => {
                recorded += 1;
                say(&format!("{}: {}", done.name, done.answer))?;
            }
            Err(error) => refused = Some(error),
        }
    }
    match refused {
        Some(error) if recorded == 0 => Err(error.into()),
        _ => Ok(()),
    }
}

async fn check_all(arguments: &Check, settings: Settings) -> anyhow::Result<()> {
    if check::run(arguments, settings).await? { Ok(()) } else { Err(check::Wrong.into()) }
}

/// Prints a key and nothing else, so that a script can keep it.
fn new_key(arguments: NewKey) -> anyhow::Result<()> {
    let today = || format!("k{}", Clock::Machine.now().to_chrono().format("%Y%m%d"));
    let key = SealingKeys::fresh(&arguments.name.unwrap_or_else(today));
    SealingKeys::read(&[key.clone().into()])?;
    say(&key)
}

async fn rotate_keys(app: &Data<App>) -> anyhow::Result<()> {
    if app.sealing.is_empty() {
        bail!("there is no key; make one with: plenary key new, and put it first in sealing.keys");
    }
    let done = rotate(app).await?;
    let by_key: Vec<String> = done.sealed.iter().map(|(key, count)| format!("{count} of {key}")).collect();
    let detail = if by_key.is_empty() { String::new() } else { format!(" ({})", by_key.join(", ")) };
    say(&format!("Sealed {} answers anew with the key {}{detail}.", done.sealed.values().sum::<usize>(), done.key))?;
    if done.hints > 0 {
        say(&format!("Renewed by what {} people are known again.", done.hints))?;
    }
    for answer in &done.unopened {
        say(&format!(
            "Not opened: {} of registration {}, sealed by {}: {}",
            answer.question, answer.code, answer.key, answer.why
        ))?;
    }
    if done.unopened.is_empty() {
        return Ok(());
    }
    bail!("{} answers could not be opened and stay as they are; put their keys into sealing.keys", done.unopened.len())
}

async fn find_event(app: &Data<App>, slug: &str) -> anyhow::Result<events::model::Event> {
    let wanted = slug.to_owned();
    app.read(move |db| Ok::<_, crate::db::DbError>(events::operations::by_slug(db, &wanted)?))
        .await?
        .with_context(|| format!("there is no event {slug}"))
}
