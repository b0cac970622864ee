//! Long forms in groups: what is usual stands open, what is seldom used is folded until it holds
//! something or something in it is wrong.

use crate::values::*;
use crate::web::Ui;
use crate::web::errors::sentence;

/// How a control is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Shape {
    Line,
    Rows,
    Day,
    Tick,
    Choice(Vec<(String, String)>),
}

/// A control of a form with what stands in it.
#[derive(Debug, Clone)]
pub struct Control {
    pub name: &'static str,
    pub label: String,
    pub hint: Option<String>,
    pub value: String,
    pub wrong: Option<String>,
    /// The fields whose problems are told here.
    tells: Vec<&'static str>,
    shape: Shape,
    usual: &'static str,
    is_needed: bool,
}

impl Control {
    fn new(name: &'static str, label: String, value: &str, shape: Shape) -> Self {
        Self {
            name,
            label,
            hint: None,
            value: value.to_owned(),
            wrong: None,
            tells: vec![name],
            shape,
            usual: "",
            is_needed: false,
        }
    }
    /// A line of text.
    pub fn line(name: &'static str, label: String, value: &str) -> Self {
        Self::new(name, label, value, Shape::Line)
    }
    /// Several lines.
    pub fn rows(name: &'static str, label: String, value: &str) -> Self {
        Self::new(name, label, value, Shape::Rows)
    }
    /// A day.
    pub fn day(name: &'static str, label: String, value: &str) -> Self {
        Self::new(name, label, value, Shape::Day)
    }
    /// Yes or no.
    pub fn tick(name: &'static str, label: String, value: &str) -> Self {
        Self::new(name, label, value, Shape::Tick)
    }
    /// One of several; the first is the usual one.
    pub fn choice(
        name: &'static str,
        label: String,
        value: &str,
        choices: Vec<(&'static str, String)>,
    ) -> Self {
        let usual = choices.first().map_or("", |(code, _)| *code);
        let choices = choices.into_iter().map(|(code, word)| (code.to_owned(), word)).collect();
        Self { usual, ..Self::new(name, label, value, Shape::Choice(choices)) }
    }
    /// One of several records, by its id.
    pub fn record(
        name: &'static str,
        label: String,
        value: &str,
        choices: Vec<(String, String)>,
    ) -> Self {
        Self::new(name, label, value, Shape::Choice(choices))
    }
    /// With a hint under it.
    pub fn hinted(self, hint: String) -> Self {
        Self { hint: Some(hint), ..self }
    }
    /// It must not be left empty.
    pub fn needed(self) -> Self {
        Self { is_needed: true, ..self }
    }
    /// Tells problems of other fields, too.
    pub fn telling(mut self, fields: &[&'static str]) -> Self {
        self.tells.extend(fields);
        self
    }
    /// Tells no problem.
    pub fn silent(self) -> Self {
        Self { tells: Vec::new(), ..self }
    }

    pub fn is_rows(&self) -> bool {
        self.shape == Shape::Rows
    }
    pub fn is_tick(&self) -> bool {
        self.shape == Shape::Tick
    }
    pub fn is_ticked(&self) -> bool {
        self.is_tick() && !self.value.is_empty()
    }
    pub fn is_needed(&self) -> bool {
        self.is_needed
    }
    /// The type of its input.
    pub fn kind(&self) -> &'static str {
        if self.shape == Shape::Day { "date" } else { "text" }
    }
    /// What may be chosen; nothing where something is typed.
    pub fn choices(&self) -> &[(String, String)] {
        match &self.shape {
            Shape::Choice(choices) => choices,
            Shape::Line | Shape::Rows | Shape::Day | Shape::Tick => &[],
        }
    }
    pub fn is_chosen(&self, code: &str) -> bool {
        self.value == code
    }
    fn holds(&self) -> bool {
        let value = self.value.trim();
        !value.is_empty() && value != self.usual
    }
}

/// Controls that belong together.
#[derive(Debug, Clone)]
pub struct Group {
    pub title: String,
    pub hint: Option<String>,
    pub controls: Vec<Control>,
    pub wrong: Option<String>,
    /// The field whose problems are told of the group as a whole.
    of: &'static str,
    may_fold: bool,
}

impl Group {
    /// What is always open.
    pub fn open(title: String, controls: Vec<Control>) -> Self {
        Self { title, hint: None, controls, wrong: None, of: "", may_fold: false }
    }
    /// What is folded while it holds nothing; problems of the field `of` are told at its head.
    pub fn folded(title: String, of: &'static str, controls: Vec<Control>) -> Self {
        Self { of, may_fold: true, ..Self::open(title, controls) }
    }
    /// With a hint at its head.
    pub fn hinted(self, hint: String) -> Self {
        Self { hint: Some(hint), ..self }
    }
    pub fn may_fold(&self) -> bool {
        self.may_fold
    }
    /// True where there is something to see in it.
    pub fn is_open(&self) -> bool {
        let is_seen = |control: &Control| control.holds() || control.wrong.is_some();
        self.wrong.is_some() || self.controls.iter().any(is_seen)
    }
}

/// Puts problems beside what they are of. What is of no control is given back.
pub fn tell(ui: &Ui, groups: &mut [Group], fields: &Fields) -> Vec<String> {
    let mut left = fields.clone();
    for group in groups {
        group.wrong = left.0.remove(group.of).map(|problem| ui.problem(&problem));
        for control in &mut group.controls {
            let found = control.tells.iter().find_map(|field| left.0.remove(field));
            control.wrong = found.map(|problem| ui.problem(&problem));
        }
    }
    left.0.values().map(|problem| ui.problem(problem)).collect()
}

/// Why a form comes back: its fields with their problems, or one sentence. What broke is no matter
/// of a form.
pub fn refused(ui: &Ui, error: Error) -> Outcome<(Fields, Vec<String>)> {
    match error {
        Error::Invalid(fields) => Ok((fields, vec![ui.t("error-invalid")])),
        Error::Refused(_) => Ok((Fields::default(), vec![sentence(ui.lang, &error)])),
        other => Err(other),
    }
}
