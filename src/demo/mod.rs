//! The demo: a fictional firm with ninety days of history, made by the product's own actions
//! under a simulated clock. A seed gives the same firm on every machine.
//!
//! Nothing here writes a row: people, companies, calls, hand-offs, contracts, orders and pay come
//! from the same actions that pages call, so the demo is also a test of the whole path.

pub mod firm;
pub mod names;
