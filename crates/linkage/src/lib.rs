//! Record linkage: turning what people typed into comparable parts, and finding the records that
//! stand for the same organisation.
//!
//! The stages are separate modules, so that each can grow, be measured or be moved into a database
//! on its own:
//!
//! 1. [`cells`] takes one spreadsheet cell apart and recognises what a spreadsheet has ruined.
//! 2. [`normalise`] makes comparable values of names, identifiers, mail addresses and domains.
//! 3. [`similar`] measures how near two strings are.
//! 4. [`duplicates`] blocks, compares, weighs, explains and clusters.
//!
//! Invariants: no input or output, no clock, no random source, no shared state. The same input
//! gives the same answer, whatever the order in which records arrived. Telephone numbers come in
//! as finished E.164 strings and are opaque here.

#![warn(missing_docs)]

pub mod cells;
pub mod duplicates;
pub mod link;
pub mod normalise;
pub mod similar;
pub mod trial;
