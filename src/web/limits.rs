//! Counters against guessing and flooding, per node, in memory.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;

use crate::values::{Error, Instant, Outcome};

/// Windows by name and subject.
#[derive(Debug, Default)]
pub struct Limits(Mutex<HashMap<(&'static str, String), Window>>);

#[derive(Debug, Clone, Copy)]
struct Window {
    began: Instant,
    ends: Instant,
    count: i64,
}

impl Window {
    fn is_over(&self, now: Instant) -> bool {
        now >= self.ends || now < self.began
    }
}

/// Whence somebody asks, as it is counted. A network of IPv6 gives its guests as many addresses as
/// they like, so it counts as one.
pub fn whence(from: Option<IpAddr>) -> String {
    match from.map(|from| from.to_canonical()) {
        None => String::new(),
        Some(IpAddr::V4(address)) => address.to_string(),
        Some(IpAddr::V6(address)) => format!("{:x}", address.to_bits() >> 64),
    }
}

/// How many windows are kept before the old ones are swept.
const WINDOWS_MAX: usize = 10_000;

impl Limits {
    /// Counts one try; an error once there were more than `most` within `window_ms`.
    pub fn count(
        &self,
        name: &'static str,
        subject: &str,
        most: i64,
        window_ms: i64,
        now: Instant,
    ) -> Outcome<()> {
        let mut windows = self.0.lock().map_err(|_| Error::failure("limits are poisoned"))?;
        if windows.len() > WINDOWS_MAX {
            // Each by its own length: a flood of short ones must not forget a long one.
            windows.retain(|_, window| !window.is_over(now));
        }
        let fresh = Window { began: now, ends: now.plus_ms(window_ms), count: 0 };
        let window = windows.entry((name, subject.to_owned())).or_insert(fresh);
        if window.is_over(now) {
            *window = fresh;
        }
        window.count += 1;
        if window.count > most {
            let wait_ms = window.ends.ms() - now.ms();
            return Err(Error::TooMany(wait_ms.div_euclid(1_000) + 1));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sixth_try_in_a_minute_waits() {
        let limits = Limits::default();
        let now = Instant(0);
        for _ in 0..5 {
            assert!(limits.count("sign-in", "anna", 5, 60_000, now).is_ok());
        }
        let refused = limits.count("sign-in", "anna", 5, 60_000, now.plus_ms(20_000));
        assert!(matches!(refused, Err(Error::TooMany(41))), "{refused:?}");
        assert!(limits.count("sign-in", "boris", 5, 60_000, now).is_ok());
        assert!(limits.count("sign-in", "anna", 5, 60_000, now.plus_ms(60_000)).is_ok());
    }

    #[test]
    fn a_flood_of_strangers_does_not_shorten_the_wait_of_a_guesser() {
        let limits = Limits::default();
        let now = Instant(0);
        assert!(limits.count("sign-in", "anna", 1, 300_000, now).is_ok());
        let later = now.plus_ms(120_000);
        for stranger in 0..=WINDOWS_MAX {
            let subject = stranger.to_string();
            assert!(limits.count("stranger", &subject, 1, 60_000, later).is_ok());
        }
        assert!(limits.count("sign-in", "anna", 1, 300_000, later).is_err(), "her window stands");
    }
}
