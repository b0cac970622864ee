//! `troika read-list`: reads the file on its standard input and tells its records on its standard
//! output, in frames. The product starts it for itself; see docs/decisions.
//!
//! It bounds itself before it looks at the first byte: memory, time, files, and nothing can be
//! written but the answer.

use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::os::fd::AsFd as _;
use std::process::ExitCode;

use clap::Args;
use intake::blocks::Packer;
use intake::frames::Frame;
use intake::{Limits, Record, Said};
use rustix::process::{Resource, Rlimit, setrlimit};

use crate::imports::reader::{MEMORY_MAX, SECONDS_MAX};

/// Files it may hold open: its three, the copy of the first, and what a library looks up.
const FILES_MAX: u64 = 16;

/// What `read-list` takes.
#[derive(Debug, Args)]
pub struct ReadList {
    /// What a person said about the file, as JSON
    said: String,
}

impl ReadList {
    /// Runs it, in a process that does nothing else.
    pub fn run(&self) -> ExitCode {
        match bound().and_then(|()| self.read()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        }
    }

    fn read(&self) -> std::io::Result<()> {
        let said: Said = serde_json::from_str(&self.said)?;
        let file = File::from(std::io::stdin().as_fd().try_clone_to_owned()?);
        let mut source = BufReader::with_capacity(64 << 10, file);
        let mut out = BufWriter::with_capacity(64 << 10, std::io::stdout().lock());
        let mut packer = Packer::default();
        let mut written = Ok(());
        let mut tell = |record: Record| {
            if let Some(block) = packer.take(record) {
                written = Frame::Block(block).write(&mut out);
            }
            written.is_ok()
        };
        let read = intake::read(&mut source, &said, &Limits::default(), &mut tell);
        written?;
        let last = match read {
            Err(refused) => Frame::Refused(refused),
            Ok(how) => {
                if let Some(block) = packer.finish() {
                    Frame::Block(block).write(&mut out)?;
                }
                Frame::How(Box::new(how))
            }
        };
        last.write(&mut out)?;
        out.flush()
    }
}

/// Bounds what this process may take.
fn bound() -> std::io::Result<()> {
    let at_most = |most: u64| Rlimit { current: Some(most), maximum: Some(most) };
    // Told at the first bound that its time is over, ended at the second.
    let seconds = Rlimit { current: Some(SECONDS_MAX), maximum: Some(SECONDS_MAX + 5) };
    setrlimit(Resource::Cpu, seconds)?;
    setrlimit(Resource::As, at_most(MEMORY_MAX))?;
    setrlimit(Resource::Core, at_most(0))?;
    setrlimit(Resource::Fsize, at_most(0))?;
    setrlimit(Resource::Nofile, at_most(FILES_MAX))?;
    Ok(())
}
