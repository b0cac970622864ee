//! A statement of pay as a file: pages of A4 that hold what the law asks of a payslip, or a
//! workbook with the same lines. What is said on the page is said here.

use axum::extract::{Path, State};

use super::actualisation::pages::{Taken, sent};
use super::actualisation::{Document, Medium, Sheet};
use crate::pay::actions::{self, Statement};
use crate::pay::engagement::Engagement;
use crate::pay::entry::{ADJUSTMENT, DRAW, GUARANTEE};
use crate::pay::pages::{Told, names_of, told};
use crate::people::{self, Viewer};
use crate::values::*;
use crate::web::{Answer, App, Ui, format};

/// Components that are no part of the wage itself.
const OTHER_SUMS: [&str; 3] = [ADJUSTMENT, DRAW, GUARANTEE];

/// `GET /pay/statements/{period}/{user}/statement.pdf`
pub async fn pdf(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(of): Path<(PeriodId, UserId)>,
) -> Answer {
    file(&app, &viewer, ui, (of, Medium::Pdf)).await
}

/// `GET /pay/statements/{period}/{user}/statement.xlsx`
pub async fn xlsx(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(of): Path<(PeriodId, UserId)>,
) -> Answer {
    file(&app, &viewer, ui, (of, Medium::Xlsx)).await
}

async fn file(
    app: &App,
    viewer: &Viewer,
    ui: Ui,
    ((period, user), medium): ((PeriodId, UserId), Medium),
) -> Answer {
    let mut tx = app.db.read().await?;
    let statement = actions::statement(&mut tx, viewer, period, user).await?;
    let ids = statement.lines.iter().map(|line| line.company);
    let names = names_of(&mut tx, viewer.org, ids).await?;
    let firm = people::actions::firm(&mut tx, viewer.org).await?.name;
    drop(tx);
    let parts = told(&ui, &statement, &names);
    let what = match medium {
        Medium::Pdf => "statement-pdf",
        Medium::Xlsx => "statement-xlsx",
    };
    let name = format!("statement-{}.{}", statement.period.month, medium.extension());
    let taken = Taken { subject: format!("{period}:{user}"), what, name };
    let document = document(&ui, &firm, &statement, parts);
    sent(app, viewer, (document, medium, ui.t("actualised-rest")), taken).await
}

fn document(ui: &Ui, firm: &str, statement: &Statement, parts: Vec<Told>) -> Document {
    let month = ui.month(&statement.period.starts_at);
    let who = &statement.person.name;
    let columns = [("pay-day", 14), ("pay-what", 90), ("pay-state", 14), ("pay-gross", 18)];
    let columns: Vec<(String, u16)> =
        columns.iter().map(|(key, width)| (ui.t(key), *width)).collect();
    let figures = figures(ui, firm, statement, &parts);
    let sheet = |part: Told| {
        let row = |(day, what, state, sum): (String, String, String, Money)| {
            vec![day, what, state, ui.money(&sum)]
        };
        let total =
            part.sum.map(|sum| vec![String::new(), ui.t("pay-sum"), String::new(), ui.money(&sum)]);
        Sheet {
            title: part.title,
            columns: columns.clone(),
            rows: part.lines.into_iter().map(row).chain(total).collect(),
        }
    };
    let (count, hash) = (statement.head.count.to_string(), statement.head.hash.to_string());
    // Labour law speaks of employees; what a contractor is paid is no wage.
    let legend = match statement.engagement {
        Engagement::Employee => "pay-statement-legend",
        Engagement::Contractor { .. } => "pay-statement-legend-contractor",
    };
    Document {
        title: format!("{} · {month} · {who}", ui.t("pay-statement")),
        // It is read on another day.
        made: ui.ta("pay-statement-made", "time", format::day_time(ui.lang, ui.now, &ui.zone)),
        legend: ui.taa(legend, "count", count, "hash", hash),
        summary: ui.t("pay-statement"),
        figures,
        parts: apart(parts.into_iter().map(sheet).collect()),
    }
}

/// Whose statement it is and of which days, then what article 136 asks for: the parts of the wage,
/// other sums, deductions with their grounds, and what is to be paid in all.
fn figures(ui: &Ui, firm: &str, statement: &Statement, parts: &[Told]) -> Vec<(String, String)> {
    let (person, period) = (&statement.person, &statement.period);
    let engaged = ui.tc("pay-engaged-", statement.engagement.code());
    let (engaged, main_sums) = match &statement.engagement {
        Engagement::Employee => (engaged, "pay-parts-of-wage"),
        Engagement::Contractor { name, tax_id } => {
            (format!("{engaged}: {name}, {tax_id}"), "pay-parts-of-fee")
        }
    };
    let days = (ui.day(&period.starts_at), ui.day(&period.ends_at.plus_ms(-1)));
    let mut figures = vec![
        (ui.t("pay-firm"), firm.to_owned()),
        (ui.t("pay-person"), format!("{}, {} {}", person.name, ui.t("number-sign"), person.number)),
        (ui.t("pay-engaged"), engaged),
        (ui.t("pay-period"), format!("{} – {}", days.0, days.1)),
    ];
    let mut add = |key: &str, sum: Money| figures.push((ui.t(key), ui.money(&sum)));
    if statement.is_whole {
        add("pay-opening", statement.opening);
    }
    add("pay-earned", statement.earned);
    for (key, is_main) in [(main_sums, true), ("pay-other-sums", false)] {
        let is_meant = |part: &&Told| {
            let component = part.component.as_deref();
            component.is_some_and(|one| OTHER_SUMS.contains(&one) != is_main)
        };
        let meant: Vec<&Told> = parts.iter().filter(is_meant).collect();
        let sums = meant.iter().filter_map(|part| part.sum);
        let minor = sums.map(|sum| sum.minor).sum();
        figures.push((ui.t(key), ui.money(&Money::new(minor, statement.earned.currency))));
        for part in meant {
            let sum = part.sum.map(|sum| ui.money(&sum)).unwrap_or_default();
            figures.push((format!("– {}", part.title), sum));
        }
    }
    figures.push((ui.t("pay-deductions"), ui.t("pay-deductions-says")));
    if !statement.is_whole {
        figures.push((ui.t("pay-seen-part"), ui.money(&statement.earned)));
        return figures;
    }
    let is_closed = period.closed.is_some();
    let due = if is_closed { statement.paid_out } else { statement.closing };
    let mut add = |key: &str, sum: Money| figures.push((ui.t(key), ui.money(&sum)));
    add("pay-component-payout", statement.paid_out);
    if let Some(paid) = statement.paid {
        add("pay-paid", paid);
    }
    add("pay-closing", statement.closing);
    // Nobody pays in: what an open month stands at below nought goes with its sign.
    add(if due.minor < 0 { "pay-carried-on" } else { "pay-due" }, due);
    figures
}

/// Sheets of a workbook have names of their own; two lines of a plan may be called the same.
fn apart(mut parts: Vec<Sheet>) -> Vec<Sheet> {
    for place in 1..parts.len() {
        let title = parts[place].title.clone();
        let before = parts[..place].iter().filter(|part| part.title.starts_with(&title)).count();
        if before > 0 {
            parts[place].title = format!("{title} {}", before + 1);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::both;
    use crate::cast::Cast;

    both! {
        async fn a_statement_on_paper_says_what_article_136_asks_for(t: TestDb) {
            let cast = Cast::gather(t).await;
            let records = crate::pay::tests::records(&cast).await;
            let (_, period) = records.iter().find(|(noun, _)| *noun == "period").expect("a month");
            let period: PeriodId = period.parse().expect("an id");
            let boris = cast.viewer("boris").await;
            let mut tx = cast.app.db.read().await.expect("reads");
            let statement = actions::statement(&mut tx, &boris, period, boris.id()).await;
            let statement = statement.expect("their own");
            drop(tx);
            let last = statement.lines.last().expect("a line").hash.clone();
            assert_eq!(statement.head.hash.to_string(), last, "nothing was written after it");
            for lang in [Lang::Ru, Lang::En] {
                let mut ui = Ui::anonymous(lang, cast.clock.now());
                ui.zone = boris.zone.clone();
                let parts = told(&ui, &statement, &HashMap::new());
                let document = document(&ui, "ООО «Лён»", &statement, parts);
                assert!(document.legend.contains(&last), "{}", document.legend);
                let sum = ui.money(&statement.earned);
                let said = |key: &str, value: &str| (ui.t(key), value.to_owned());
                for figure in [
                    said("pay-firm", "ООО «Лён»"),
                    said("pay-engaged", &ui.t("pay-engaged-employee")),
                    said("pay-parts-of-wage", &sum),
                    said("pay-other-sums", &ui.money(&Money::new(0, boris.currency))),
                    said("pay-deductions", &ui.t("pay-deductions-says")),
                    said("pay-paid", &ui.money(&Money::new(100, boris.currency))),
                    said("pay-due", &sum),
                ] {
                    assert!(document.figures.contains(&figure), "{figure:?}: {document:?}");
                }
                let days = document.figures.iter().find(|(what, _)| *what == ui.t("pay-period"));
                assert!(days.expect("days").1.contains("30"), "{days:?}");
                assert!(!format!("{document:?}").contains('⟦'), "{document:?}");
                for medium in [Medium::Pdf, Medium::Xlsx] {
                    assert!(!document.write(medium, "").expect("written").is_empty());
                }
            }
            for (lang, says) in [
                (Lang::Ru, "Переносится на следующий месяц"),
                (Lang::En, "Carried over to the next month"),
            ] {
                let ui = Ui::anonymous(lang, cast.clock.now());
                let mut of = statement.clone();
                of.closing = Money::new(-70_00, boris.currency);
                let parts = told(&ui, &of, &HashMap::new());
                let figures = document(&ui, "", &of, parts).figures;
                let carried = (says.to_owned(), ui.money(&of.closing));
                assert_eq!(figures.last(), Some(&carried), "{figures:?}");
                assert!(figures.iter().all(|(what, _)| *what != ui.t("pay-due")), "{figures:?}");
            }
            let (name, tax_id) = ("ИП Борис".to_owned(), "500100732259".to_owned());
            let engagement = Engagement::Contractor { name, tax_id };
            let (ui, of) =
                (Ui::anonymous(Lang::Ru, cast.clock.now()), Statement { engagement, ..statement });
            let parts = told(&ui, &of, &HashMap::new());
            let document = format!("{:?}", document(&ui, "ООО «Лён»", &of, parts));
            for wage in ["Трудового кодекса", "заработной платы", "⟦"] {
                assert!(!document.contains(wage), "a contractor has no wage: {document}");
            }
        }
    }
}
