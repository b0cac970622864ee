//! A pair as it is shown: value beside value, with what differs marked, and what merging would do.

use super::actions::{self, Outlook, Sides};
use super::fields::{self, Half};
use super::forms::PairForm;
use super::marks::{Piece, mark};
use super::*;
use crate::companies::{self, sight};
use crate::people::{self, Viewer};
use crate::web::errors::sentence;
use crate::web::{App, Ui};

/// The keys of a field: the left value by the upper row, the right one by the row below it.
const KEYS: [(&str, &str, &str, &str); 10] = [
    ("KeyQ", "Q", "KeyA", "A"),
    ("KeyW", "W", "KeyS", "S"),
    ("KeyE", "E", "KeyD", "D"),
    ("KeyR", "R", "KeyF", "F"),
    ("KeyT", "T", "KeyG", "G"),
    ("KeyY", "Y", "KeyH", "H"),
    ("KeyU", "U", "KeyJ", "J"),
    ("KeyI", "I", "KeyK", "K"),
    ("KeyO", "O", "KeyL", "L"),
    ("KeyP", "P", "Semicolon", ";"),
];

/// One value of one side.
pub struct Cell {
    /// Of which company.
    pub side: Side,
    /// The value in pieces; empty where there is none.
    pub pieces: Vec<Piece>,
    /// True when it survives.
    pub is_chosen: bool,
    /// The key that chooses it.
    pub key: &'static str,
    /// As it stands on the keyboard.
    pub cap: &'static str,
    /// When it was last found right.
    pub checked_at: Option<Instant>,
}

/// A fact of both.
pub struct Line {
    /// Which.
    pub field: Field,
    /// True where the two differ, so that one must be chosen.
    pub differs: bool,
    /// The left value and the right one.
    pub cells: [Cell; 2],
}

/// What only one of them has, or both: numbers, mail addresses, people.
pub struct United {
    /// `phones`, `emails`, `contacts`.
    pub what: &'static str,
    /// Of the left company; what both have is marked.
    pub left: Vec<(String, bool)>,
    /// Of the right company.
    pub right: Vec<(String, bool)>,
}

/// Who stands at both and will stand once.
pub struct Person {
    /// Their record at the left company.
    pub id: ContactId,
    /// Their name, and their other one where it is spelled otherwise there.
    pub name: String,
    /// True when both records are to stay.
    pub is_apart: bool,
}

impl From<Namesake> for Person {
    fn from(pair: Namesake) -> Self {
        let (left, right) = (pair.left.name, pair.right.name);
        let is_spelled_alike = left.to_lowercase() == right.to_lowercase();
        let name = if is_spelled_alike { left } else { format!("{left} / {right}") };
        Self { id: pair.left.id, name, is_apart: false }
    }
}

/// A company as a side of the pair.
pub struct Head {
    /// Which side.
    pub side: Side,
    /// The record and what is known of it.
    pub half: Half,
    /// Who leads it.
    pub lead: String,
}

impl Head {
    /// True for the left side.
    pub fn is_left(&self) -> bool {
        self.side == Side::Left
    }
}

/// A pair on screen.
pub struct Shown {
    /// The pair.
    pub pair: Pair,
    /// Left and right.
    pub heads: [Head; 2],
    /// Facts.
    pub lines: Vec<Line>,
    /// What is united.
    pub united: Vec<United>,
    /// Who will stand once.
    pub people: Vec<Person>,
    /// Whose record stands for both.
    pub survivor: Side,
    /// What speaks for it and against it, as sentences.
    pub reasons: Vec<(bool, String)>,
    /// What merging does beside what one sees.
    pub told: Vec<String>,
    /// Why it cannot be merged now.
    pub hindrance: Option<String>,
}

impl Shown {
    /// What was typed stays as it was typed.
    pub(super) fn keep_typed(&mut self, form: &PairForm) {
        if let Ok(side) = form.survivor.parse() {
            self.survivor = side;
        }
        for person in &mut self.people {
            person.is_apart = form.apart.contains(&person.id);
        }
        let choices = form.choices();
        for line in &mut self.lines {
            if let Some(side) = choices.get(&line.field) {
                for cell in &mut line.cells {
                    cell.is_chosen = cell.side == *side;
                }
            }
        }
    }
    /// True while it waits for a decision.
    pub fn is_open(&self) -> bool {
        self.pair.state == PairState::Open
            && self.heads.iter().all(|head| head.half.company.is_in_base())
    }
    /// True where one answer may be offered before the others. Of a doubtful pair none is, and
    /// Enter alone answers nothing.
    pub fn is_sure(&self) -> bool {
        self.pair.band == Band::Sure
    }
    /// The number of the left company.
    pub fn left_number(&self) -> i64 {
        self.heads[0].half.company.number
    }
    /// The number of the right company.
    pub fn right_number(&self) -> i64 {
        self.heads[1].half.company.number
    }
    /// The probability in whole percent; nothing that is compared is certain.
    pub fn percent(&self) -> i64 {
        ((self.pair.probability + 50) / 100).min(99)
    }
}

/// Puts a pair together for one person; numbers that are read are noted.
pub(super) async fn show_pair(app: &App, viewer: &Viewer, ui: &Ui, pair: Pair) -> Outcome<Shown> {
    let mut tx = app.db.read().await?;
    let sides = actions::find_sides(&mut tx, viewer.org, &pair).await?;
    let (survivor, choices) = actions::propose(&sides);
    let (kept, lost) = (sides.half(survivor), sides.half(survivor.other()));
    let both = (&lost.company, &kept.company);
    let outlook = actions::foresee(&mut tx, viewer.org, both, app.now()).await?;
    let users = people::actions::list_users(&mut tx, viewer.org).await?;
    let lead = |half: &Half| {
        let found = users.iter().find(|user| Some(user.id) == half.company.lead);
        found.map(|user| user.name.clone()).unwrap_or_default()
    };
    let leads = [lead(&sides.left), lead(&sides.right)];
    let found = actions::list_namesakes(&mut tx, viewer.org, (pair.left, pair.right)).await?;
    drop(tx);
    let united = unite(app, viewer, &sides, &found).await?;
    let lines = lines(&sides, &choices);
    let [left_lead, right_lead] = leads;
    let Sides { left, right } = sides;
    let (told, hindrance) = say(ui, outlook);
    Ok(Shown {
        reasons: pair.reasons.iter().map(|reason| (reason.is_for(), said(ui, reason))).collect(),
        pair,
        heads: [
            Head { side: Side::Left, half: left, lead: left_lead },
            Head { side: Side::Right, half: right, lead: right_lead },
        ],
        lines,
        united,
        people: found.into_iter().map(Person::from).collect(),
        survivor,
        told,
        hindrance,
    })
}

fn say(ui: &Ui, outlook: Outlook) -> (Vec<String>, Option<String>) {
    use crate::web::words::{self, Word};
    let told = outlook.told.into_iter().map(|told| {
        let args: Vec<(&str, Word)> =
            told.args.into_iter().map(|(name, value)| (name, Word::Text(value))).collect();
        words::say(ui.lang, &format!("merge-told-{}", told.code), &args)
    });
    let hindrance = outlook.refusal.map(|refusal| sentence(ui.lang, &refusal.into()));
    (told.collect(), hindrance)
}

/// A reason in words.
pub(super) fn said(ui: &Ui, reason: &Reason) -> String {
    let field = ui.tc("pair-field-", &reason.field);
    let says = ui.tc("pair-says-", &reason.code);
    // Others are compared in a form of their own that nobody writes; they stand side by side below.
    let is_as_written = matches!(reason.field.as_str(), "tax_id" | "email" | "website");
    let value = if is_as_written { reason.value.as_str() } else { "" };
    let value = if value.is_empty() { String::new() } else { format!(" ({value})") };
    let carriers = match reason.carriers {
        3.. => format!(", {}", ui.n("pair-carriers", reason.carriers)),
        _ => String::new(),
    };
    format!("{field}: {says}{value}{carriers}")
}

fn lines(sides: &Sides, choices: &Choices) -> Vec<Line> {
    let text = |half: &Half, field| {
        fields::value(&half.company, field).map(str::to_owned).unwrap_or_default()
    };
    Field::ALL
        .iter()
        .zip(KEYS)
        .filter_map(|(field, (left_key, left_cap, right_key, right_cap))| {
            let (left, right) = (text(&sides.left, *field), text(&sides.right, *field));
            if left.is_empty() && right.is_empty() {
                return None;
            }
            let differs = left != right;
            let (left_pieces, right_pieces) = match left.is_empty() || right.is_empty() {
                true => (whole(left), whole(right)),
                false => mark(&left, &right),
            };
            let chosen = choices.get(field).copied().unwrap_or(Side::Left);
            let cell = |side, pieces, key, cap| Cell {
                side,
                pieces,
                is_chosen: chosen == side,
                key,
                cap,
                checked_at: sides.half(side).checked_at(*field),
            };
            Some(Line {
                field: *field,
                differs,
                cells: [
                    cell(Side::Left, left_pieces, left_key, left_cap),
                    cell(Side::Right, right_pieces, right_key, right_cap),
                ],
            })
        })
        .collect()
}

fn whole(text: String) -> Vec<Piece> {
    if text.is_empty() { Vec::new() } else { vec![Piece { text, differs: false }] }
}

async fn unite(
    app: &App,
    viewer: &Viewer,
    sides: &Sides,
    people: &[Namesake],
) -> Outcome<Vec<United>> {
    let fold = |text: &str| text.to_lowercase();
    let (mut texts, mut persons) = (Vec::new(), Vec::new());
    for half in [&sides.left, &sides.right] {
        let company = &half.company;
        let phones = sight::open(&viewer.act(app, None), viewer, company).await?;
        let mut tx = app.db.read().await?;
        let emails = companies::actions::list_emails(&mut tx, viewer.org, company.id).await?;
        let contacts = companies::actions::list_contacts(&mut tx, viewer.org, company.id).await?;
        let phones = phones.into_iter().map(|phone| match phone.extension {
            Some(extension) => format!("{} #{extension}", phone.shown),
            None => phone.shown,
        });
        let emails = emails.into_iter().map(|email| email.address);
        texts.push([phones.collect::<Vec<_>>(), emails.collect()]);
        let is_in_both = |id| people.iter().any(|pair| [pair.left.id, pair.right.id].contains(&id));
        let told = contacts.into_iter().map(|one| match one.role {
            Some(role) => (format!("{} · {role}", one.name), is_in_both(one.id)),
            None => (one.name, is_in_both(one.id)),
        });
        persons.push(told.collect::<Vec<_>>());
    }
    let (Some(right), Some(left)) = (texts.pop(), texts.pop()) else { return Ok(Vec::new()) };
    let (Some(last), Some(first)) = (persons.pop(), persons.pop()) else { return Ok(Vec::new()) };
    let marked = |own: &[String], others: &[String]| -> Vec<(String, bool)> {
        let is_in_both = |text: &str| others.iter().any(|other| fold(other) == fold(text));
        own.iter().map(|text| (text.clone(), is_in_both(text))).collect()
    };
    let rows = ["phones", "emails"].into_iter().zip(left.iter().zip(&right));
    let mut all: Vec<United> = rows
        .map(|(what, (left, right))| United {
            what,
            left: marked(left, right),
            right: marked(right, left),
        })
        .collect();
    all.push(United { what: "contacts", left: first, right: last });
    all.retain(|one| !one.left.is_empty() || !one.right.is_empty());
    Ok(all)
}
