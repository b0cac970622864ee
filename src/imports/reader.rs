//! Files are read by a program of their own: the product itself, started as [`COMMAND`], which
//! bounds its memory and its time before it looks at the first byte. What a file does to its reader
//! it does to nobody else.
//!
//! Where the product was not started as a program of its own – in tests of the library – the same
//! reading is done on a thread.

use std::fs::File;
use std::io::{BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use intake::blocks::Packer;
use intake::frames::{self, Frame};
use intake::{How, Limits, Said};
use tokio::process::{Child, Command};
use tokio::sync::Semaphore;

use super::ImportRefusal;
use super::spool::{Content, Spool, Winding};
use crate::values::{Error, Outcome};

/// The command of the product that reads a file; no person types it.
pub const COMMAND: &str = "read-list";
/// How long a file may take, and how much memory its reader.
pub const SECONDS_MAX: u64 = 60;
/// Bytes of memory its reader may take.
pub const MEMORY_MAX: u64 = 256 << 20;
/// Readers at once; the others wait for their turn.
const READERS_MAX: usize = 2;
/// The signals by which a reader ends that went over a bound.
const OUT_OF_MEMORY: [i32; 2] = [6, 9];
const OUT_OF_TIME: i32 = 24;

static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
static READERS: Semaphore = Semaphore::const_new(READERS_MAX);

/// A file as records in blocks, and how it was read.
#[derive(Debug, Clone)]
pub(super) struct Taken {
    pub how: How,
    pub spool: Spool,
}

/// Says that this program knows [`COMMAND`].
pub fn read_in(program: PathBuf) {
    // A second start in one process keeps the first program.
    let _ = PROGRAM.set(program);
}

/// Reads a file into blocks.
pub(super) async fn read(content: &Content, said: Said) -> Outcome<Taken> {
    let Some(program) = PROGRAM.get() else { return read_here(content.clone(), said).await };
    let reader = reader_of(program, &said)?;
    read_by(reader, content, Duration::from_secs(SECONDS_MAX)).await
}

/// Has a program read a file, which may take so long.
async fn read_by(reader: Command, content: &Content, most: Duration) -> Outcome<Taken> {
    let _turn = READERS.acquire().await.map_err(Error::failure)?;
    let mut child = start(reader, content)?;
    let out = child.stdout.take().ok_or_else(|| Error::failure("the reader says nothing"))?;
    let out = File::from(out.into_owned_fd().map_err(Error::failure)?);
    let byte_count = content.byte_count();
    let listening = tokio::task::spawn_blocking(move || listen(out, byte_count));
    let Ok(told) = tokio::time::timeout(most, listening).await else {
        // It is killed with its handle, and with it ends the listening.
        return Err(ImportRefusal::TooSlow.into());
    };
    let (last, winding) = told.map_err(Error::failure)??;
    match last {
        Some(Frame::How(how)) => Ok(Taken { how: *how, spool: winding.finish() }),
        Some(Frame::Refused(refused)) => Err(ImportRefusal::File(refused).into()),
        _ => Err(ended(child.wait().await.map_err(Error::failure)?).into()),
    }
}

#[expect(clippy::disallowed_methods, reason = "the product starts itself, with nothing typed")]
fn reader_of(program: &Path, said: &Said) -> Outcome<Command> {
    let said = serde_json::to_string(said).map_err(Error::failure)?;
    let mut reader = Command::new(program);
    reader.args([COMMAND, &said]);
    Ok(reader)
}

fn start(mut reader: Command, content: &Content) -> Outcome<Child> {
    reader
        .env_clear()
        .stdin(content.file().map_err(Error::failure)?)
        .stdout(Stdio::piped())
        // What it complains of may quote the file, and a log holds no names.
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(Error::failure)
}

/// Takes the blocks as they come; answers the last frame, where there was one that ends. It waits
/// for the reader and for the disk, so it has a thread of its own.
fn listen(out: File, byte_count: u64) -> Outcome<(Option<Frame>, Winding)> {
    let mut out = BufReader::with_capacity(64 << 10, out);
    let mut winding = Winding::of_file(byte_count)?;
    let mut head = [0; frames::HEAD_BYTES];
    let mut content = Vec::new();
    loop {
        if out.read_exact(&mut head).is_err() {
            return Ok((None, winding));
        }
        let Some((letter, length)) = frames::head(head) else { return Ok((None, winding)) };
        content.resize(length, 0);
        if out.read_exact(&mut content).is_err() {
            return Ok((None, winding));
        }
        match Frame::of(letter, &content) {
            Some(Frame::Block(block)) => winding.take(&block)?,
            last => return Ok((last, winding)),
        }
    }
}

/// Why a reader ended that did not say so itself.
fn ended(status: ExitStatus) -> ImportRefusal {
    use std::os::unix::process::ExitStatusExt as _;
    tracing::warn!(%status, "the reader of a file ended before its time");
    match status.signal() {
        Some(OUT_OF_TIME) => ImportRefusal::TooSlow,
        Some(signal) if OUT_OF_MEMORY.contains(&signal) => ImportRefusal::TooHeavy,
        _ => ImportRefusal::ReaderBroke,
    }
}

/// Reads a file on a thread of this program.
async fn read_here(content: Content, said: Said) -> Outcome<Taken> {
    let work = move || {
        let mut winding = Winding::of_file(content.byte_count())?;
        let mut packer = Packer::default();
        let mut kept = Ok(());
        let mut keep = |record| {
            if let Some(block) = packer.take(record) {
                kept = winding.take(&block);
            }
            kept.is_ok()
        };
        let how = intake::read(&mut content.begin(), &said, &Limits::default(), &mut keep);
        let how = how.map_err(ImportRefusal::File)?;
        kept?;
        packer.finish().map_or(Ok(()), |block| winding.take(&block))?;
        Ok(Taken { how, spool: winding.finish() })
    };
    tokio::task::spawn_blocking(work).await.map_err(Error::failure)?
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt as _;

    use super::*;
    use crate::values::Refusal as _;

    #[expect(clippy::disallowed_methods, reason = "a reader that tells nothing and does not end")]
    fn sleeper() -> Command {
        let mut sleeper = Command::new("/bin/sleep");
        sleeper.arg("300");
        sleeper
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_reader_that_overruns_its_time_is_ended_and_its_file_refused() {
        let content = Content::of("Название\nЛён\n".as_bytes()).expect("kept");
        let most = Duration::from_millis(200);
        // Each has its turn: the one before gave it back.
        for _ in 0..=READERS_MAX {
            let reading = read_by(sleeper(), &content, most);
            let waited = tokio::time::timeout(Duration::from_secs(60), reading).await;
            match waited.expect("nobody waits for it longer than it may take") {
                Err(Error::Refused(refusal)) => {
                    assert_eq!(refusal.code(), ImportRefusal::TooSlow.code());
                }
                told => panic!("{told:?}"),
            }
        }
    }

    #[test]
    fn a_reader_that_a_bound_has_ended_is_told_by_that_bound() {
        for (status, expected) in [
            (OUT_OF_TIME, ImportRefusal::TooSlow),
            (OUT_OF_MEMORY[0], ImportRefusal::TooHeavy),
            (OUT_OF_MEMORY[1], ImportRefusal::TooHeavy),
            (1 << 8, ImportRefusal::ReaderBroke),
        ] {
            assert_eq!(ended(ExitStatus::from_raw(status)), expected, "{status}");
        }
    }
}
