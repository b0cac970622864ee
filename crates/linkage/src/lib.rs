//! Record linkage: turning what people typed into comparable parts, and finding the records that
//! stand for the same organisation.
//!
//! The stages are separate modules, so that each can grow, be measured or be moved into a database
//! on its own:
//!
//! 1. [`cells`] takes one spreadsheet cell apart and recognises what a spreadsheet has ruined.
//! 2. [`normalise`] makes comparable values of names, identifiers, mail addresses and domains.
//! 3. [`similar`] measures how near two strings are.
//! 4. [`duplicates`] blocks, compares, weighs, explains and clusters organisations by fixed
//!    weights, one record against an index: what a base asks while somebody types or imports.
//! 5. [`link`] does so for the rows of any table, by weights it learns from them.
//! 6. [`trial`] makes up lists whose truth is known, and judges an answer by it.
//!
//! Invariants: no input or output, no clock, no shared state, and no chance but by a seed that is
//! given. The same input gives the same answer, whatever the order in which records arrived. To
//! [`duplicates`] telephone numbers are finished E.164 strings and opaque; [`link`] reads them as
//! they were typed.

#![warn(missing_docs)]

pub mod cells;
pub mod duplicates;
mod hash;
pub mod link;
pub mod normalise;
pub mod similar;
pub mod trial;
