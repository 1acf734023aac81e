//! The program `plenary`.

use std::process::ExitCode;

fn main() -> ExitCode {
    plenary::cli::main()
}
