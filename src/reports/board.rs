//! The report as it is drawn: lines, bars, breakdowns, each number with the address of its records.

use super::actions::Ground;
use super::pages::Asked;
use super::{Cut, NONE, Step, Sum, Sums};
use crate::tiers::{EngagementPolicy, Tier};
use crate::values::*;
use crate::web::{Ui, words};

/// The steps that breakdowns and comparisons show, in the order of their columns.
const MAIN: [Step; 9] = [
    Step::Dials,
    Step::Conversations,
    Step::Qualified,
    Step::Held,
    Step::Accepted1,
    Step::Won,
    Step::Contracts,
    Step::Paid,
    Step::Kept,
];
/// The steps of the funnel's picture.
const FUNNEL: [Step; 9] = [
    Step::Dials,
    Step::Connects,
    Step::Conversations,
    Step::Qualified,
    Step::Offered1,
    Step::Accepted1,
    Step::Opportunities,
    Step::Won,
    Step::Clients,
];
/// How wide the longest bar of the picture is, in its own units.
const BAR_MAX: i64 = 380;
/// How high a row of the picture is.
const ROW: i64 = 22;

/// A number, how it is read, and where its records are.
pub struct Cell {
    /// Of what; the label where the table is stacked.
    pub label: String,
    /// The number.
    pub count: i64,
    /// As it is read.
    pub shown: String,
    /// The money it moved.
    pub money: Option<String>,
    /// Where its records are.
    pub href: String,
}

/// A step with its number, its share and its meaning.
pub struct Line {
    /// The number.
    pub cell: Cell,
    /// What is counted.
    pub what: String,
    /// Its share of the step before.
    pub share: Option<String>,
    /// The width of its bar, of a hundred.
    pub width: i64,
}

/// A tier of the funnel.
pub struct Rung {
    /// Its rank.
    pub tier: i64,
    /// Its name.
    pub title: String,
    /// Its steps.
    pub lines: Vec<Line>,
}

/// A bar of the picture.
pub struct Bar {
    /// The step.
    pub label: String,
    /// Its number.
    pub shown: String,
    /// Where the bar begins.
    pub x: i64,
    /// Where its row begins.
    pub y: i64,
    /// Where its text stands.
    pub text_y: i64,
    /// How wide it is.
    pub width: i64,
}

/// Reasons of a step, the most frequent first.
pub struct Reasons {
    /// Of which step.
    pub title: String,
    /// The reasons.
    pub lines: Vec<Line>,
}

/// The main numbers by campaign, person or source.
pub struct Breakdown {
    /// By what.
    pub title: String,
    /// Rows by name.
    pub rows: Vec<(String, Vec<Cell>)>,
}

/// A row of the comparison of policies.
pub struct Compared {
    /// What is compared.
    pub label: String,
    /// A number or a share for each policy.
    pub cells: Vec<Cell>,
}

/// The whole report.
pub struct Board {
    /// The picture of the funnel.
    pub bars: Vec<Bar>,
    /// How high the picture is.
    pub height: i64,
    /// The tiers that are told.
    pub rungs: Vec<Rung>,
    /// True where there are steps that the viewer is not told.
    pub is_part: bool,
    /// Why not.
    pub reasons: Vec<Reasons>,
    /// Heads of the columns of a breakdown.
    pub heads: Vec<String>,
    /// By campaign, person, source.
    pub breakdowns: Vec<Breakdown>,
    /// Names of the policies compared.
    pub policies: Vec<String>,
    /// The comparison.
    pub compared: Vec<Compared>,
}

/// Draws the report.
pub fn draw(ui: &Ui, ground: &Ground, asked: &Asked, cut: &Cut) -> Board {
    let told: Vec<Step> = ground.steps(&cut.steps).collect();
    let (policies, compared) = compare(ui, asked, cut, &told);
    let bars = bars(ui, &cut.steps, &told);
    let rungs = Tier::ALL.iter().map(|tier| rung(ui, asked, *tier, (&cut.steps, &told)));
    Board {
        height: bars.len() as i64 * ROW,
        bars,
        rungs: rungs.filter(|rung| !rung.lines.is_empty()).collect(),
        is_part: told.len() < Step::ALL.len(),
        reasons: reasons(ui, ground, asked, cut),
        heads: among(&MAIN, &told).map(|step| ui.tc("step-", step.code())).collect(),
        breakdowns: breakdowns(ui, ground, (asked, &told), cut),
        policies,
        compared,
    }
}

/// Those of some steps that the viewer is told.
fn among<'a>(steps: &'a [Step], told: &'a [Step]) -> impl Iterator<Item = Step> + 'a {
    steps.iter().copied().filter(|step| told.contains(step))
}

fn sum_of(sums: &Sums, step: Step) -> Sum {
    sums.get(&step).copied().unwrap_or_default()
}

fn cell(ui: &Ui, asked: &Asked, step: Step, sum: Sum) -> Cell {
    let money = Money::new(sum.amount, ui.currency);
    Cell {
        label: ui.tc("step-", step.code()),
        count: sum.count,
        shown: ui.number(&sum.count),
        money: (step.has_money() && sum.count > 0).then(|| ui.money(&money)),
        href: asked.records(step).href("/reports/records"),
    }
}

fn bars(ui: &Ui, sums: &Sums, told: &[Step]) -> Vec<Bar> {
    let most = FUNNEL.iter().map(|step| sum_of(sums, *step).count).max().unwrap_or(0).max(1);
    let rows = (0_i64..).zip(among(&FUNNEL, told));
    rows.map(|(at, step)| {
        let count = sum_of(sums, step).count;
        let width = if count == 0 { 0 } else { (count * BAR_MAX / most).max(2) };
        Bar {
            label: ui.tc("step-", step.code()),
            shown: ui.number(&count),
            x: 170 + (BAR_MAX - width) / 2,
            y: at * ROW + 3,
            text_y: at * ROW + 16,
            width,
        }
    })
    .collect()
}

fn rung(ui: &Ui, asked: &Asked, tier: Tier, (sums, told): (&Sums, &[Step])) -> Rung {
    let steps = told.iter().copied().filter(|step| step.tier() == tier.rank());
    let most = steps.clone().map(|step| sum_of(sums, step).count).max().unwrap_or(0).max(1);
    let lines = steps
        .map(|step| {
            let sum = sum_of(sums, step);
            let share = step.out_of().map(|of| share_of(ui, sum.count, sum_of(sums, of).count));
            Line {
                cell: cell(ui, asked, step, sum),
                what: ui.tc("step-what-", step.code()),
                share,
                width: sum.count * 100 / most,
            }
        })
        .collect();
    Rung { tier: tier.rank(), title: ui.t(tier.key()), lines }
}

/// A step as a share of the one before it. Where more came through than the step before counts in
/// these days – what was booked last month is held in this one – it is a share of nothing shown.
fn share_of(ui: &Ui, count: i64, of: i64) -> String {
    if count > of { "—".to_owned() } else { ui.percent(&count, &of) }
}

fn reasons(ui: &Ui, ground: &Ground, asked: &Asked, cut: &Cut) -> Vec<Reasons> {
    let steps = Step::ALL.iter().copied().filter(|step| step.has_reasons());
    steps
        .filter_map(|step| {
            let mut found: Vec<(&String, Sum)> = cut
                .reasons
                .iter()
                .filter(|((of, _), _)| *of == step)
                .map(|((_, reason), sum)| (reason, *sum))
                .collect();
            found.sort_by_key(|(reason, sum)| (-sum.count, (*reason).clone()));
            let whole: i64 = found.iter().map(|(_, sum)| sum.count).sum();
            let lines: Vec<Line> = found
                .into_iter()
                .map(|(reason, sum)| {
                    let asked = Asked { reason: reason.clone(), ..asked.clone() };
                    let mut cell = cell(ui, &asked, step, sum);
                    cell.label = reason_word(ui, ground, (step, reason));
                    let share = Some(ui.percent(&sum.count, &whole));
                    let width = sum.count * 100 / whole.max(1);
                    Line { cell, what: String::new(), share, width }
                })
                .collect();
            let title = ui.tc("step-", step.code());
            (!lines.is_empty()).then_some(Reasons { title, lines })
        })
        .collect()
}

fn breakdowns(
    ui: &Ui,
    ground: &Ground,
    (asked, told): (&Asked, &[Step]),
    cut: &Cut,
) -> Vec<Breakdown> {
    let row = |name: String, asked: Asked, sums: &Sums| {
        let cells = among(&MAIN, told).map(|step| cell(ui, &asked, step, sum_of(sums, step)));
        (name, cells.collect::<Vec<_>>())
    };
    // Work of no campaign or person has nothing to be asked for by, so it has no row of its own.
    let campaigns = cut.campaigns.iter().filter_map(|(id, sums)| {
        let id = (*id)?;
        let asked = Asked { campaign: id.to_string(), ..asked.clone() };
        Some(row(campaign_word(ui, ground, Some(id)), asked, sums))
    });
    let people = cut.people.iter().filter_map(|(id, sums)| {
        let id = (*id)?;
        let is_known = ground.people.iter().any(|user| user.id == id);
        let asked = Asked { person: id.to_string(), ..asked.clone() };
        is_known.then(|| row(person_word(ui, ground, Some(id)), asked, sums))
    });
    let is_inside = !ground.people.is_empty();
    let sources = cut.sources.iter().filter(|_| is_inside).map(|(source, sums)| {
        let asked = Asked { source: source.clone(), ..asked.clone() };
        row(source_word(ui, source), asked, sums)
    });
    let all: [(&str, Vec<_>); 3] = [
        ("report-by-campaign", campaigns.collect()),
        ("report-by-person", people.collect()),
        ("report-by-source", sources.collect()),
    ];
    all.into_iter()
        .filter(|(_, rows)| !rows.is_empty())
        .map(|(key, rows)| Breakdown { title: ui.t(key), rows })
        .collect()
}

/// The policies that campaigns of the period work under, side by side.
fn compare(ui: &Ui, asked: &Asked, cut: &Cut, told: &[Step]) -> (Vec<String>, Vec<Compared>) {
    let present: Vec<(EngagementPolicy, &Sums)> = EngagementPolicy::ALL
        .into_iter()
        .filter_map(|policy| cut.policies.get(policy.code()).map(|sums| (policy, sums)))
        .collect();
    let names = present.iter().map(|(policy, _)| ui.tc("policy-", policy.code())).collect();
    let asked_of =
        |policy: EngagementPolicy| Asked { policy: policy.code().to_owned(), ..asked.clone() };
    let mut rows: Vec<Compared> = Vec::new();
    let more = [Step::Accepted2, Step::Clients];
    for step in among(&MAIN, told).chain(among(&more, told)) {
        let numbers = present
            .iter()
            .map(|(policy, sums)| cell(ui, &asked_of(*policy), step, sum_of(sums, step)));
        rows.push(Compared { label: ui.tc("step-", step.code()), cells: numbers.collect() });
        if let Some(of) = step.out_of() {
            let shares = present.iter().map(|(policy, sums)| {
                let mut share = cell(ui, &asked_of(*policy), step, sum_of(sums, step));
                share.shown = share_of(ui, share.count, sum_of(sums, of).count);
                share.money = None;
                share
            });
            let label = ui.ta("report-share-of", "step", ui.tc("step-", of.code()));
            rows.push(Compared { label, cells: shares.collect() });
        }
    }
    (names, rows)
}

/// A source, or the word for none.
pub fn source_word(ui: &Ui, source: &str) -> String {
    if source == NONE { ui.t("report-no-source") } else { source.to_owned() }
}

/// The name of a campaign.
pub fn campaign_word(ui: &Ui, ground: &Ground, id: Option<CampaignId>) -> String {
    let found = ground.campaigns.iter().find(|campaign| Some(campaign.id) == id);
    found.map_or_else(|| ui.t("report-no-campaign"), |campaign| campaign.name.clone())
}

/// The name of a person.
pub fn person_word(ui: &Ui, ground: &Ground, id: Option<UserId>) -> String {
    let found = ground.people.iter().find(|user| Some(user.id) == id);
    found.map_or_else(|| ui.t("report-nobody"), |user| user.name.clone())
}

/// The name of a side of a hand-off, as the page of the hand-off shows it.
pub fn side_word(ui: &Ui, ground: &Ground, id: UserId) -> String {
    ground.sides.get(&id).cloned().unwrap_or_else(|| ui.t("report-nobody"))
}

/// The words of a coded reason: the firm's own for refusals, those of the screens for the rest.
pub fn reason_word(ui: &Ui, ground: &Ground, (step, code): (Step, &str)) -> String {
    if code == NONE {
        return ui.t("report-no-reason");
    }
    if step == Step::Refused
        && let Some((ru, en)) = ground.refusals.get(code)
    {
        return if ui.lang == Lang::Ru { ru.clone() } else { en.clone() };
    }
    let prefix = match step {
        Step::Missed => "missed-by-",
        Step::Lost => "sales-loss-",
        Step::Rejected1 | Step::Rejected2 | Step::Rejected3 => "rejection-",
        Step::Dials | Step::Connects | Step::Conversations => "meaning-",
        _ => return code.to_owned(),
    };
    let key = format!("{prefix}{}", code.replace(['.', '_'], "-"));
    if words::has(ui.lang, &key) { ui.t(&key) } else { code.to_owned() }
}
