//! The command line: names and results that scripts rely on.
//!
//! Exit status 0: done. 1: refused or failed, with one clear line on standard error. 2: wrong usage.
//! `mail receive` is run by mail servers: 75 where it failed, so that they come again.
//! Results go to standard output, log lines to standard error.

mod arguments;
mod check;
mod commands;
mod receiving;
mod signing;

use arguments::{Arguments, Command};
use clap::Parser;
use std::process::ExitCode;

use crate::config::{LogFormat, LogSettings, Settings};

/// `EX_TEMPFAIL` of sysexits.h: a mail server keeps the mail and tries again. Settings that can be mended must not
/// cost a mail either.
const TEMPORARY_FAILURE: u8 = 75;

/// Runs the program with the arguments of the process.
#[must_use]
pub fn main() -> ExitCode {
    // clap itself ends the process with status 2 and its usage text on wrong usage.
    let arguments = Arguments::parse();
    let is_pipe = arguments.command.as_ref().is_some_and(Command::is_pipe);
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        // What is wrong stands in the result already.
        Err(error) if error.is::<check::Wrong>() => ExitCode::FAILURE,
        Err(error) => {
            #[expect(clippy::print_stderr, reason = "the one clear line that the contract promises")]
            {
                eprintln!("plenary: {error:#}");
            }
            if is_pipe { ExitCode::from(TEMPORARY_FAILURE) } else { ExitCode::FAILURE }
        }
    }
}

fn run(arguments: Arguments) -> anyhow::Result<()> {
    let command = arguments.command.unwrap_or(Command::Serve);
    let mut settings = match (Settings::load(arguments.config.as_deref(), std::env::vars()), &command) {
        (Ok(settings), _) => settings,
        (Err(error), Command::Check(wanted)) => {
            check::unusable(wanted, &error)?;
            return Err(check::Wrong.into());
        }
        (Err(error), _) => return Err(error.into()),
    };
    command.adjust(&mut settings);
    start_log(&settings.log);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(commands::run(command, settings))
}

fn start_log(settings: &LogSettings) {
    use tracing_subscriber::{EnvFilter, fmt};
    let filter = EnvFilter::try_new(&settings.level).unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    // A second start in one process, as in tests, keeps the first log.
    let _ = match settings.format {
        LogFormat::Text => lines.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    };
}
