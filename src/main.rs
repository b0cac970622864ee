//! The `troika` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    troika::commands::run()
}
