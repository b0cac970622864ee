//! What is to be told of a file: on its page and over the API the same.

use super::columns::{self, Meaning};
use super::{Import, ImportState, PhoneColumn, doubts};
use crate::companies::alike::Remark;
use crate::companies::words;
use crate::jobs::Trouble;
use crate::values::{Error, NO_ROOM};
use crate::web::{Ui, errors};

/// Something to tell of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Notice {
    /// What it is, for programs.
    pub code: String,
    /// The tone of it on screen.
    pub tone: &'static str,
    /// The same as a sentence.
    pub text: String,
}

impl Notice {
    /// One by the key of its sentence, which tells what it is.
    fn new(key: &str, tone: &'static str, text: String) -> Self {
        let code = key.trim_start_matches("refusal-").trim_start_matches("import-");
        Self { code: code.to_owned(), tone, text }
    }
}

/// Where a notice is read: what to do about it is said in the words of that place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Page,
    Terminal,
}

impl Place {
    /// How another ground is chosen here.
    fn of_basis(self, ui: &Ui) -> String {
        match self {
            Self::Page => ui.t("import-no-basis-page"),
            Self::Terminal => ui.t("import-no-basis-terminal"),
        }
    }

    /// How another meaning of a column is chosen here.
    fn of_column(self, ui: &Ui) -> String {
        match self {
            Self::Page => ui.t("import-column-page"),
            Self::Terminal => ui.t("import-column-terminal"),
        }
    }
}

/// What is known of an import besides itself.
#[derive(Debug, Clone, Default)]
pub(super) struct Around {
    /// The number of another import of the same file, and where that stands.
    pub same_file: Option<(i64, ImportState)>,
    /// What holds it up.
    pub trouble: Option<Trouble>,
    /// How far its writing got, where that is held up.
    pub held: Option<Held>,
}

/// A writing that is held up: what of it is in the base.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Held {
    /// Rows that are written.
    pub done: i64,
    /// Rows there are.
    pub total: i64,
    /// Companies that came into the base with them.
    pub companies: i64,
    /// Up to which row search finds those companies.
    pub found: i64,
}

/// Everything that is to be told of it, in the order of its page.
pub(super) fn all(ui: &Ui, import: &Import, around: &Around) -> Vec<Notice> {
    let mut all = of_file(ui, around);
    all.extend(of_reading(ui, import));
    all.extend(of_forecast(ui, import));
    all.extend(of_rows(ui, import));
    all.extend(of_records(ui, import));
    all
}

/// What holds it up, and whether somebody brought it, too.
pub(super) fn of_file(ui: &Ui, around: &Around) -> Vec<Notice> {
    let trouble = around.trouble.as_ref();
    let trouble = trouble.map(|trouble| troubled(ui, trouble, around.held.as_ref()));
    let same = around.same_file.map(|(number, state)| {
        let key = key_of_same_file(state);
        Notice::new(key, "warn", ui.ta(key, "number", number.to_string()))
    });
    same.into_iter().chain(trouble).collect()
}

/// What is told of another import of the same file that stands so.
fn key_of_same_file(state: ImportState) -> &'static str {
    match state {
        ImportState::Committed => "import-same-file",
        _ if state.is_forecast() => "import-same-file-brought",
        _ => "import-same-file-part",
    }
}

/// What holds an import up, what of it is in the base, and how it goes on. A full disk is told as
/// such: whoever reads it can do something.
fn troubled(ui: &Ui, trouble: &Trouble, held: Option<&Held>) -> Notice {
    let key = key_of_trouble(&trouble.problem);
    let mut said = vec![ui.t(key)];
    said.extend(held.into_iter().flat_map(|held| of_held(ui, held)));
    said.push(match &trouble.again_at {
        Some(at) if is_for_room(&trouble.problem) => {
            ui.ta("import-trouble-room", "at", ui.day_time(at))
        }
        Some(at) => ui.ta("import-trouble-again", "at", ui.day_time(at)),
        None => ui.t("import-trouble-given-up"),
    });
    said.extend(held.map(|_| ui.t("import-held-next")));
    Notice::new(key, "neg", said.join(" "))
}

/// What is in the base of a writing that is held up.
fn of_held(ui: &Ui, held: &Held) -> Vec<String> {
    let mut said = vec![ui.taa("import-held-rows", "done", held.done, "total", held.total)];
    if held.companies > 0 {
        said.push(ui.n("import-held-companies", held.companies));
        said.push(match held.found {
            0 => ui.t("import-held-found-none"),
            found if found >= held.done => ui.t("import-held-found"),
            found => ui.ta("import-held-found-part", "found", found),
        });
    }
    said
}

fn key_of_trouble(problem: &str) -> &'static str {
    if is_for_room(problem) { "import-trouble-disk" } else { "import-trouble" }
}

/// True where it waits for room on the disk.
fn is_for_room(problem: &str) -> bool {
    problem.starts_with(NO_ROOM)
}

/// What holds an import up, as a sentence for a terminal.
pub fn told_of_trouble(ui: &Ui, problem: &str) -> String {
    ui.t(key_of_trouble(problem))
}

/// What was stopped, after what it is read, and what looks wrong with that while it can still be
/// changed.
pub(super) fn of_reading(ui: &Ui, import: &Import) -> Vec<Notice> {
    if import.state.is_under_way() {
        return Vec::new();
    }
    let mut all: Vec<Notice> = stopped(ui, import).into_iter().collect();
    if let Some(number) = import.read_like.filter(|_| import.state.is_forecast()) {
        let text = ui.ta("import-read-like", "number", number.to_string());
        all.push(Notice::new("import-read-like", "", text));
    }
    if import.can_be_read_anew() {
        let doubts = doubts::doubts(import);
        let told = doubts.iter().map(|doubt| (doubt.code.as_str(), words::said(ui, doubt)));
        all.extend(told.map(|(code, text)| Notice::new(code, "warn", text)));
    }
    all
}

fn stopped(ui: &Ui, import: &Import) -> Option<Notice> {
    if let Some(refusal) = import.repeats() {
        let text = errors::sentence(ui.lang, &Error::from(refusal));
        return Some(Notice::new("import-too-many-repeats", "neg", text));
    }
    let key = match import.state {
        ImportState::Unchecked => "import-check-stopped",
        ImportState::Stopped => "import-commit-stopped",
        ImportState::UndoStopped => "import-undo-stopped",
        _ => return None,
    };
    let (done, total) = (import.done_count, import.row_count);
    let text = ui.taa(key, "done", done, "total", total);
    Some(Notice::new(key, "warn", text))
}

/// What is to be known before the rows of a file are written, as sentences for a terminal.
pub fn told_of_forecast(ui: &Ui, import: &Import) -> Vec<String> {
    let doubts = doubts::doubts(import);
    let mut all: Vec<String> = doubts.iter().map(|doubt| words::said(ui, doubt)).collect();
    let forecast = of_forecast_at(ui, import, Place::Terminal).into_iter();
    all.extend(forecast.map(|notice| notice.text));
    all
}

/// What is to be known before the rows are written: names that are one, telephones that were not
/// read, and that nobody may be called.
pub(super) fn of_forecast(ui: &Ui, import: &Import) -> Vec<Notice> {
    of_forecast_at(ui, import, Place::Page)
}

fn of_forecast_at(ui: &Ui, import: &Import, place: Place) -> Vec<Notice> {
    if import.state != ImportState::Checked {
        return Vec::new();
    }
    let mut all: Vec<Notice> = same_name(ui, import, place).into_iter().collect();
    all.extend(import.forecast.phones.iter().map(|column| unread(ui, import, column, place)));
    let counts = &import.forecast.counts;
    if import.origin.basis_kind.is_none() && counts.new + counts.update > 0 {
        let text = format!("{} {}", ui.t("import-no-basis"), place.of_basis(ui));
        all.push(Notice::new("import-no-basis", "warn", text));
    }
    all
}

/// Most rows have one name.
fn same_name(ui: &Ui, import: &Import, place: Place) -> Option<Notice> {
    let same = import.forecast.same_name?;
    let meanings = &import.reading.meanings;
    let means = |wanted| meanings.iter().position(|meaning| *meaning == wanted);
    let column = means(Meaning::Name).or_else(|| means(Meaning::FullName))?;
    let said = ui.taa("import-names-alike", "alike", same.alike, "named", same.named);
    let (called, next) = (called(ui, import, column), place.of_column(ui));
    Some(Notice::new("import-names-alike", "warn", format!("{called}: {said} {next}")))
}

fn called(ui: &Ui, import: &Import, column: usize) -> String {
    let number = (column + 1).to_string();
    match import.header.get(column).map_or("", |heading| heading.trim()) {
        "" => ui.ta("import-column-number", "number", number),
        heading => ui.taa("import-column-called", "number", number, "heading", heading),
    }
}

/// A column of telephones of which something was not read, or which is left out.
fn unread(ui: &Ui, import: &Import, column: &PhoneColumn, place: Place) -> Notice {
    let called = called(ui, import, column.column);
    if column.is_left_out {
        let (said, next) = (ui.n("import-phones-left-out", column.filled), place.of_column(ui));
        return Notice::new("import-phones-left-out", "warn", format!("{called}: {said} {next}"));
    }
    let why = words::said(ui, &Remark::about(column.why.clone(), column.example.clone()));
    let said = ui.n("import-phones-unread", column.unread);
    let (home, key) = (import.found.country(), "import-phones-country");
    let country = ui.taa(key, "country", home.code(), "code", home.dialling_code());
    Notice::new("import-phones-unread", "warn", format!("{called}: {said} {why}. {country}"))
}

/// Why there is nothing to commit, where there is not.
pub(super) fn of_rows(ui: &Ui, import: &Import) -> Option<Notice> {
    let counts = &import.forecast.counts;
    if import.state != ImportState::Checked || counts.new + counts.update > 0 {
        return None;
    }
    let key = if import.row_count == 0 {
        "import-no-rows"
    } else if !columns::has_names(&import.reading.meanings) {
        "refusal-import-no-names"
    } else {
        "import-nothing-new"
    };
    Some(Notice::new(key, "", ui.t(key)))
}

/// What of the file makes no row.
pub(super) fn of_records(ui: &Ui, import: &Import) -> Vec<Notice> {
    let how = &import.found.how;
    let above = (import.reading.header_row - 1).max(0);
    let counts = [
        ("import-above-header", above),
        ("import-blank-lines", i64::try_from(how.blank_lines).unwrap_or(i64::MAX)),
        ("import-damaged", i64::try_from(how.damaged).unwrap_or(i64::MAX)),
    ];
    let told = counts.into_iter().filter(|(_, count)| *count > 0);
    told.map(|(key, count)| Notice::new(key, "", ui.n(key, count))).collect()
}
