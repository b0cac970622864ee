//! A recording: two legs on one line of time, written to a file as they speak.
//!
//! Invariants: left is the agent and right the far end, aligned by when they were heard to 20 ms;
//! a pause is silence of its length, and nothing said in it reaches the file, however late it
//! comes; the file is new, readable by its owner alone, and its digest is of what lies on disk.

use std::collections::VecDeque;
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc;

use super::wav;
use crate::events::Leg;

/// How long a late packet is waited for, in milliseconds.
const LATE_MS: u64 = 400;
/// How far a stream may run away from the clock before it is set anew, in samples.
const DRIFT_MAX: i64 = 8 * 300;
/// Pieces that may wait for a slow disk: 5 s of them.
const PIECES_MAX: usize = 50;

/// Puts the samples of two streams into one line of frames. Pure; times in milliseconds.
#[derive(Debug)]
pub struct Mixer {
    begun: u64,
    written: u64,
    frames: VecDeque<[i16; 2]>,
    anchors: [Option<(u32, i64)>; 2],
    is_paused: bool,
}

impl Mixer {
    /// A line that begins at `now`.
    pub fn new(now: u64) -> Self {
        let (frames, anchors) = (VecDeque::new(), [None; 2]);
        Self { begun: now, written: 0, frames, anchors, is_paused: false }
    }

    fn place(&self, now: u64) -> u64 {
        now.saturating_sub(self.begun) * 8
    }

    /// Puts samples that came at `now` with a timestamp of RTP to their place.
    pub fn put(&mut self, now: u64, leg: Leg, timestamp: u32, samples: impl Iterator<Item = i16>) {
        if self.is_paused {
            return;
        }
        let channel = usize::from(leg == Leg::Far);
        let heard = i64::try_from(self.place(now)).unwrap_or(i64::MAX);
        let meant = self.anchors[channel].map(|(first, place)| {
            // Timestamps wrap around; the difference has a sign.
            place + i64::from(timestamp.wrapping_sub(first).cast_signed())
        });
        let near = meant.filter(|place| (place - heard).abs() <= DRIFT_MAX);
        let place = near.unwrap_or(heard);
        if near.is_none() {
            self.anchors[channel] = Some((timestamp, heard));
        }
        for (n, sample) in (place..).zip(samples) {
            let Some(at) = u64::try_from(n).ok().and_then(|n| n.checked_sub(self.written)) else {
                continue;
            };
            let at = usize::try_from(at).unwrap_or(usize::MAX);
            while self.frames.len() <= at {
                self.frames.push_back([0; 2]);
            }
            self.frames[at][channel] = sample;
        }
    }

    /// The frames that no packet can change any more, as bytes.
    pub fn settled(&mut self, now: u64) -> Vec<u8> {
        self.up_to(self.place(now.saturating_sub(LATE_MS)))
    }

    /// Stops or goes on at `now`, and gives all frames before it as bytes.
    pub fn pause(&mut self, now: u64, is_paused: bool) -> Vec<u8> {
        let bytes = self.up_to(self.place(now));
        self.frames.clear();
        self.is_paused = is_paused;
        bytes
    }

    fn up_to(&mut self, end: u64) -> Vec<u8> {
        let count = end.saturating_sub(self.written);
        let mut bytes = Vec::with_capacity(usize::try_from(count * wav::FRAME).unwrap_or(0));
        for _ in 0..count {
            let [left, right] = self.frames.pop_front().unwrap_or_default();
            bytes.extend_from_slice(&left.to_le_bytes());
            bytes.extend_from_slice(&right.to_le_bytes());
        }
        self.written += count;
        bytes
    }
}

/// A file that is whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    /// Where it is.
    pub path: PathBuf,
    /// How long it plays, in milliseconds.
    pub ms: u64,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of it, in hexadecimal.
    pub sha256: String,
}

/// A recording that goes on. Dropping it closes the file; only [`Recording::stop`] tells of it.
#[derive(Debug)]
pub struct Recording {
    mixer: Mixer,
    pieces: mpsc::Sender<Vec<u8>>,
    writer: tokio::task::JoinHandle<io::Result<Closed>>,
    is_behind: bool,
}

impl Recording {
    /// Begins a recording in a new file. Must be called within a runtime of tokio.
    ///
    /// # Errors
    /// The file exists or cannot be made.
    pub fn start(now: u64, path: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create_new(true).mode(0o600).open(path)?;
        let (pieces, taken) = mpsc::channel(PIECES_MAX);
        let path = path.to_owned();
        let writer = tokio::task::spawn_blocking(move || write(file, path, taken));
        Ok(Self { mixer: Mixer::new(now), pieces, writer, is_behind: false })
    }

    /// Puts samples of a leg to their place; see [`Mixer::put`].
    pub fn put(&mut self, now: u64, leg: Leg, timestamp: u32, samples: impl Iterator<Item = i16>) {
        self.mixer.put(now, leg, timestamp, samples);
    }

    /// Hands what is settled to the writer. To be called a few times a second.
    pub fn flush(&mut self, now: u64) {
        let piece = self.mixer.settled(now);
        self.hand(piece);
    }

    /// Writes silence from here on, or sound again.
    pub fn pause(&mut self, now: u64, is_paused: bool) {
        let piece = self.mixer.pause(now, is_paused);
        self.hand(piece);
    }

    fn hand(&mut self, piece: Vec<u8>) {
        // A disk that stands still must not hold up the sound: the recording fails instead.
        self.is_behind |= !piece.is_empty() && self.pieces.try_send(piece).is_err();
    }

    /// Ends the recording at `now` and waits for its file.
    ///
    /// # Errors
    /// The file could not be written, or the disk did not keep up; what there is of it stays.
    pub async fn stop(mut self, now: u64) -> io::Result<Closed> {
        let piece = self.mixer.pause(now, true);
        self.hand(piece);
        let Self { pieces, writer, is_behind, .. } = self;
        drop(pieces);
        let closed = writer.await.map_err(io::Error::other)??;
        if is_behind {
            return Err(io::Error::other("the disk did not keep up"));
        }
        Ok(closed)
    }
}

/// Writes pieces until there are no more, then the head, and reads the file for its digest.
fn write(file: File, path: PathBuf, mut pieces: mpsc::Receiver<Vec<u8>>) -> io::Result<Closed> {
    let mut out = BufWriter::new(file);
    out.write_all(&wav::head(0))?;
    let mut sound = 0_u64;
    while let Some(piece) = pieces.blocking_recv() {
        out.write_all(&piece)?;
        sound += u64::try_from(piece.len()).unwrap_or(0);
    }
    let mut file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.seek(SeekFrom::Start(0))?;
    file.write_all(&wav::head(sound))?;
    file.sync_all()?;
    file.seek(SeekFrom::Start(0))?;
    let (mut hash, mut bytes, mut part) = (Sha256::new(), 0_u64, vec![0; 64 * 1_024]);
    loop {
        let count = file.read(&mut part)?;
        if count == 0 {
            break;
        }
        hash.update(&part[..count]);
        bytes += u64::try_from(count).unwrap_or(0);
    }
    let ms = sound / wav::FRAME / 8;
    Ok(Closed { path, ms, bytes, sha256: hex::encode(hash.finalize()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(bytes: &[u8]) -> Vec<[i16; 2]> {
        let sample = |pair: &[u8]| i16::from_le_bytes([pair[0], pair[1]]);
        bytes.chunks(4).map(|four| [sample(&four[..2]), sample(&four[2..])]).collect()
    }

    #[test]
    fn two_streams_lie_where_they_were_heard() {
        let mut mixer = Mixer::new(1_000);
        mixer.put(1_000, Leg::Agent, 7, [1; 8].into_iter());
        mixer.put(1_001, Leg::Far, u32::MAX - 7, [2; 8].into_iter());
        // Comes 3 ms late and wraps around, and still lies next to its own.
        mixer.put(1_005, Leg::Far, 0, [3; 8].into_iter());
        let all = frames(&mixer.pause(1_004, true));
        assert_eq!(all.len(), 32);
        assert_eq!((all[0], all[8], all[16], all[24]), ([1, 0], [0, 2], [0, 3], [0, 0]));
    }

    #[test]
    fn what_is_said_in_a_pause_is_silence_of_its_length() {
        let mut mixer = Mixer::new(0);
        mixer.put(0, Leg::Agent, 0, [1; 80].into_iter());
        let mut all = frames(&mixer.pause(10, true));
        mixer.put(10, Leg::Agent, 80, [9; 80].into_iter());
        all.extend(frames(&mixer.pause(20, false)));
        // Said in the pause, comes after it.
        mixer.put(21, Leg::Agent, 80, [9; 80].into_iter());
        mixer.put(22, Leg::Agent, 160, [1; 80].into_iter());
        all.extend(frames(&mixer.pause(30, true)));
        let expected = [[[1, 0]; 80], [[0, 0]; 80], [[1, 0]; 80]].concat();
        assert_eq!(all, expected);
    }

    #[test]
    fn a_stream_that_leaps_is_set_anew() {
        let mut mixer = Mixer::new(0);
        mixer.put(0, Leg::Agent, 0, [1; 8].into_iter());
        mixer.put(20, Leg::Agent, 1_000_000, [2; 8].into_iter());
        let all = frames(&mixer.pause(21, true));
        assert_eq!((all.len(), all[160]), (168, [2, 0]));
    }

    #[tokio::test]
    async fn a_file_says_its_length_and_digest_and_is_never_written_over() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.wav");
        let mut recording = Recording::start(0, &path).expect("it begins");
        assert!(Recording::start(0, &path).is_err(), "it exists");
        recording.put(0, Leg::Far, 0, [5; 8_000].into_iter());
        recording.flush(700);
        let closed = recording.stop(1_000).await.expect("it ends");
        let file = std::fs::read(&path).expect("it is there");
        assert_eq!((closed.ms, closed.bytes), (1_000, 44 + 32_000));
        assert_eq!(closed.sha256, hex::encode(Sha256::digest(&file)));
        assert_eq!(u32::from_le_bytes([file[40], file[41], file[42], file[43]]), 32_000);
        assert_eq!(frames(&file[44..]), [[0, 5]; 8_000]);
    }
}
