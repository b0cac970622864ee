//! How much room is left on the disk where the embedded database lies.

use std::path::PathBuf;
#[cfg(test)]
use std::sync::atomic::{AtomicU64, Ordering};

/// The disk of an embedded database.
pub(super) struct Disk {
    /// A file that lies on it.
    file: PathBuf,
    /// What a test says is free, rather than the disk.
    #[cfg(test)]
    pub(super) said: AtomicU64,
}

/// What stands where a test says nothing.
#[cfg(test)]
pub(super) const NOTHING_SAID: u64 = u64::MAX;

impl Disk {
    /// The disk on which a file lies.
    pub fn of(file: &str) -> Self {
        Self {
            file: PathBuf::from(file),
            #[cfg(test)]
            said: AtomicU64::new(NOTHING_SAID),
        }
    }

    /// Bytes that this program may still take there; `None` where the system does not say.
    pub fn free(&self) -> Option<u64> {
        #[cfg(test)]
        if self.said.load(Ordering::SeqCst) != NOTHING_SAID {
            return Some(self.said.load(Ordering::SeqCst));
        }
        match rustix::fs::statvfs(self.file.as_path()) {
            Ok(disk) => Some(disk.f_bavail.saturating_mul(disk.f_frsize)),
            Err(error) => {
                tracing::warn!(%error, "the disk does not say how much room it has");
                None
            }
        }
    }
}
