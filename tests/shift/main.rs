//! How long a caller waits for the next company: sixty calls by keyboard in a headless Chromium
//! over a base that was loaded before.
//!
//! ```sh
//! troika bench load --companies 1000000 --events 1000000 --database sqlite:size.db
//! TROIKA_SHIFT=sqlite:size.db cargo test --release --test shift
//! ```
//!
//! The time goes from the key that saves to the first picture of the next company, as the page
//! itself sees it. The calls stay in the base.

#![expect(clippy::expect_used, reason = "a rig that cannot go on should say so and end")]
#![expect(clippy::disallowed_methods, reason = "a rig starts programs, sleeps and measures")]
#![expect(dead_code, reason = "the tests of the screens use the rest")]

#[path = "../system/browser/driver.rs"]
mod driver;
#[path = "../system/browser/house.rs"]
mod house;
#[path = "../system/browser/keys.rs"]
mod keys;
#[path = "../system/server.rs"]
mod server;
#[path = "../system/browser/shift.rs"]
mod shift;
#[path = "../system/browser/sixty.rs"]
mod sixty;

use std::time::Duration;

use house::House;
use server::Home;
use shift::Shift;
use sixty::Layout;

fn main() {
    let database = std::env::var("TROIKA_SHIFT").expect("TROIKA_SHIFT names a loaded database");
    let dir = tempfile::tempdir().expect("a temporary folder");
    let house = House::over(Home { database, dir }, Duration::ZERO);
    for (login, layout) in [("caller1", Layout::Latin), ("caller2", Layout::Russian)] {
        let caller = Shift::open(&house, login);
        let mut waits = sixty::work(&caller, layout);
        waits.sort_by(f64::total_cmp);
        let at = |percent: usize| waits[(waits.len() * percent).div_ceil(100) - 1];
        let (middle, high) = (at(50), at(95));
        println!("{layout:?}: {} waits, p50 {middle:.1} ms, p95 {high:.1} ms", waits.len());
    }
}
