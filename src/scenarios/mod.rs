//! The whole path of a client, told once: from a line of a file to a client who is kept, and to
//! the pay of everybody who had a part in it. A head of sales can read [`path`] aloud.
//!
//! `people` has the firm and its clock, `screens` reads pages and fills in forms; the verbs of each
//! tier stand in `calling`, `selling`, `serving` and `paying`; in `doors` everybody follows every
//! link they are shown. In [`office`] the firm's own exchange tells of its calls.

mod calling;
mod doors;
mod office;
mod path;
mod paying;
mod people;
mod screens;
mod selling;
mod serving;
