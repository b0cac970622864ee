//! What stands around every page, as templates of their own: a view extends the layout, and what
//! the layout says itself would otherwise be compiled anew into each of them.

use askama::Template;
use askama::filters::HtmlSafe;

use super::Ui;

/// How a page begins, up to its title.
#[derive(Template)]
#[template(path = "web/views/_opening.html")]
pub struct Opening<'a> {
    ui: &'a Ui,
}

/// The rest of the head, the top bar, and what has just happened.
#[derive(Template)]
#[template(path = "web/views/_frame.html")]
pub struct Frame<'a> {
    ui: &'a Ui,
}

/// The words that scripts show, and how a page ends.
#[derive(Template)]
#[template(path = "web/views/_words.html")]
pub struct Words<'a> {
    ui: &'a Ui,
}

// A view is escaped where its own values stand; escaped again it would be text.
impl HtmlSafe for Opening<'_> {}
impl HtmlSafe for Frame<'_> {}
impl HtmlSafe for Words<'_> {}

impl Ui {
    /// How a page begins, up to its title.
    pub fn opening(&self) -> Opening<'_> {
        Opening { ui: self }
    }
    /// The rest of the head, the top bar, and what has just happened.
    pub fn frame(&self) -> Frame<'_> {
        Frame { ui: self }
    }
    /// The words that scripts show, and how a page ends.
    pub fn words(&self) -> Words<'_> {
        Words { ui: self }
    }
}
