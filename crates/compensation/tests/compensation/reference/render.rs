//! A made-up firm as the engine wants it: through the JSON of its types, as the product has it.

use compensation::{Assignment, Credit, Day, Event, Headship, Limits, Of, Plan, Rules, credits};
use serde_json::{Value, json};

use super::{
    Amounts, Ask, CapOver, Counts, Fact, Figure, Firm, From, Height, Line, Once, Pay, Pays, Read,
    Rounds, Span, TableBy, Told, Version, Whom, Word, label, month_of,
};

const HOUR: i64 = 3_600_000;

fn moment(hour: i64) -> Value {
    let day = 20_454 + hour.div_euclid(24);
    let text = Day::new(i32::try_from(day).unwrap()).unwrap().to_string();
    json!({ "at": 20_454 * 24 * HOUR + hour * HOUR, "day": text })
}

/// The instant of an hour.
pub fn instant(hour: i64) -> i64 {
    20_454 * 24 * HOUR + hour * HOUR
}

fn day(day: i64) -> String {
    Day::new(i32::try_from(20_454 + day).unwrap()).unwrap().to_string()
}

fn money(minor: i64) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    format!("{sign}{}.{:02} RUB", minor.abs() / 100, minor.abs() % 100)
}

fn tenths(tenths: i64) -> String {
    let sign = if tenths < 0 { "-" } else { "" };
    format!("{sign}{}.{} %", tenths.abs() / 10, tenths.abs() % 10)
}

fn text(question: &Ask) -> String {
    match question {
        Ask::UnitsAtLeast(least) => format!("units >= {least}"),
        Ask::AmountAbove(minor) => format!("amount > {}", money(*minor)),
        Ask::ProductIn(list) => {
            let list: Vec<String> = list.iter().map(|product| format!("\"{product}\"")).collect();
            format!("product in ({})", list.join(", "))
        }
        Ask::Has(fact) => format!("has({fact})"),
        Ask::HeldWithin(days) => format!("held_on - booked_on <= {days}"),
        Ask::QualityBelow(percent) => format!("quality < {percent} %"),
        Ask::Not(part) => format!("not ({})", text(part)),
        Ask::Both(one, other) => format!("({}) and ({})", text(one), text(other)),
        Ask::Either(one, other) => format!("({}) or ({})", text(one), text(other)),
    }
}

fn pay(pay: Pay) -> String {
    match pay {
        Pay::Money(minor) => money(minor),
        Pay::Share(share) => tenths(share),
    }
}

fn height(height: Height) -> Value {
    match height {
        Height::Count(count) => json!(count),
        Height::Money(minor) => json!(money(minor)),
        Height::Percent(percent) => json!(format!("{percent} %")),
    }
}

fn who(who: &Whom) -> Value {
    if who.1 { json!({ "head_of": who.0 }) } else { json!({ "role": who.0 }) }
}

fn rows(ends: impl Iterator<Item = (Option<i64>, String)>, at: impl Fn(i64) -> Value) -> Value {
    let mut over = 0;
    let rows: Vec<Value> = ends
        .map(|(end, pays)| {
            let mut row = json!({ "over": at(over), "pays": pays });
            if let Some(end) = end {
                row["up_to"] = at(end);
                over = end;
            }
            row
        })
        .collect();
    json!(rows)
}

fn rate(line: &Line) -> Value {
    match &line.rate {
        Pays::Each(minor) => json!({ "each": money(*minor) }),
        Pays::Share(share) => json!({ "share": tenths(*share) }),
        Pays::Milestone(reach, minor) => {
            json!({ "milestone": { "reach": height(*reach), "pays": money(*minor) } })
        }
        Pays::OneTime(minor) => json!({ "one_time": money(*minor) }),
        Pays::Salary => json!("salary"),
        Pays::Table(by, read, table) => {
            let at = |end: i64| match by {
                TableBy::Attainment => json!(format!("{end} %")),
                TableBy::Measure if line.measure.is_money() => json!(money(end)),
                TableBy::Measure | TableBy::Count => json!(end),
            };
            let by = match by {
                TableBy::Measure => "measure",
                TableBy::Count => "count",
                TableBy::Attainment => "attainment",
            };
            let reading = match read {
                Read::Marginal => "marginal",
                Read::Retroactive => "retroactive",
                Read::Lump => "lump",
            };
            let rows = rows(table.iter().map(|row| (row.0, pay(row.1))), at);
            json!({ "table": { "by": by, "reading": reading, "rows": rows } })
        }
    }
}

fn span(span: Span) -> &'static str {
    match span {
        Span::Single => "event",
        Span::Month => "month",
        Span::Quarter => "quarter",
        Span::Year => "year",
        Span::Term => "term",
    }
}

fn component(line: &Line) -> Value {
    let mut made = json!({
        "code": line.code,
        "on": match &line.from {
            From::Events(kinds) => json!({ "events": kinds }),
            From::Result(code) => json!({ "component": code }),
            From::Calendar => json!("calendar"),
        },
        "measure": match line.measure {
            Counts::One => json!("count"),
            Counts::Amount => json!({ "of": "amount" }),
            Counts::PartOfAmount(percent) => json!({ "of": format!("amount * {percent} %") }),
            Counts::AmountLess(most) => {
                json!({ "of": format!("amount - min(margin, {})", money(most)) })
            }
            Counts::Units => json!({ "of": "units" }),
            Counts::UnitsAtLeast(least) => json!({ "of": format!("max(units, {least})") }),
            Counts::Result => json!("result"),
            Counts::Days => json!("days"),
        },
        "period": span(line.span),
        "once": match line.once {
            Once::Event => "event",
            Once::Subject => "subject",
            Once::SubjectInMonth => "subject_in_month",
        },
        "rate": rate(line),
        "clawback": line.clawback,
    });
    if let Some(filter) = &line.filter {
        made["filter"] = json!(text(filter));
    }
    if line.has_quota {
        made["quota"] = json!("q");
    }
    if let Some(cliff) = line.cliff {
        made["cliff"] = height(cliff);
    }
    if let Some(last) = line.last_day {
        made["last_day"] = json!(day(last));
    }
    let over = |over: CapOver| match over {
        CapOver::Amount => "amount",
        CapOver::Deal => "deal",
        CapOver::Month => "month",
        CapOver::Quarter => "quarter",
        CapOver::Year => "year",
        CapOver::Component => "component",
    };
    let caps = line.caps.iter().map(|cap| json!({ "per": over(cap.0), "most": money(cap.1) }));
    made["caps"] = caps.collect();
    if matches!(line.from, From::Events(_)) {
        let part = |part: &(Whom, i64, i64)| {
            let share = format!("{} / {}", part.1, part.2);
            json!({ "who": who(&part.0), "share": share })
        };
        made["payees"] = json!({
            "by": who(&line.by),
            "split": line.split.iter().map(part).collect::<Vec<_>>(),
            "overlay": line.overlay.iter().map(part).collect::<Vec<_>>(),
            "absent": if line.others { "others" } else { "nobody" },
        });
    }
    gate(line, &mut made);
    factors(line, &mut made);
    made
}

fn factors(line: &Line, made: &mut Value) {
    made["multipliers"] = line
        .factors
        .iter()
        .map(|times| {
            let figure = match &times.by {
                Figure::Attainment(code) => json!({ "attainment": code }),
                Figure::Score => {
                    json!({ "score": { "on": "scored", "role": "seller", "value": "quality" } })
                }
            };
            let ends = times.rows.iter().map(|row| (row.0, format!("{} %", row.1)));
            let rows = rows(ends, |end| json!(format!("{end} %")));
            json!({ "figure": figure, "rows": rows, "unknown": format!("{} %", times.unknown) })
        })
        .collect();
}

fn gate(line: &Line, made: &mut Value) {
    let Some(door) = &line.gate else { return };
    let verdict = |passes: bool| if passes { "passes" } else { "fails" };
    let stages: Vec<Value> = door
        .stages
        .iter()
        .enumerate()
        .map(|(place, stage)| {
            let words: Vec<Value> = stage
                .words
                .iter()
                .map(|(kind, question, passes, late)| {
                    let mut word = json!({ "on": kind, "verdict": verdict(*passes), "late": late });
                    if let Some(question) = question {
                        word["filter"] = json!(text(question));
                    }
                    word
                })
                .collect();
            let releases = format!("{} %", stage.releases);
            let mut made = json!({
                "code": format!("stage-{place}"), "releases": releases, "words": words
            });
            if let Some((hours, passes)) = stage.limit {
                made["limit"] = json!({ "hours": hours, "silence": verdict(passes) });
            }
            made
        })
        .collect();
    made["gate"] = json!({ "at_once": format!("{} %", door.at_once), "stages": stages });
}

fn version(version: &Version) -> Value {
    let rounding = match version.rounding {
        Rounds::Up => "half_up",
        Rounds::Even => "half_even",
        Rounds::Down => "floor",
    };
    let mut made = json!({
        "plan": version.plan,
        "version": version.number,
        "from": moment(version.from),
        "currency": "RUB",
        "rounding": rounding,
        "components": version.components.iter().map(component).collect::<Vec<_>>(),
    });
    if let Some(cap) = version.cap {
        made["cap"] = json!(money(cap));
    }
    made
}

fn event(told: &Told) -> Value {
    let month = month_of(told.hour / 24);
    let facts = told.facts.iter().map(|(name, fact)| {
        let value = match fact {
            Fact::Money(minor, currency) => money(*minor).replace("RUB", currency),
            Fact::Whole(whole) => whole.to_string(),
            Fact::Text(text) => format!("\"{text}\""),
            Fact::Percent(percent) => format!("{percent} %"),
            Fact::Day(at) => day(*at),
        };
        (name.clone(), json!(value))
    });
    let mut made = json!({
        "id": told.id,
        "kind": told.kind,
        "subject": told.subject,
        "when": moment(told.hour),
        "labels": {
            "month": label(Span::Month, month),
            "quarter": label(Span::Quarter, month),
            "year": label(Span::Year, month),
        },
        "people": told.people,
        "facts": facts.collect::<serde_json::Map<_, _>>(),
    });
    if let Some(deal) = &told.deal {
        made["deal"] = json!(deal);
    }
    match &told.word {
        Word::News => {}
        Word::Cancels(event) => made["word"] = json!({ "cancels": { "event": event } }),
        Word::Corrects(event) => made["word"] = json!({ "corrects": { "event": event } }),
        Word::Reverses(event, by) => {
            let by = money(*by);
            made["word"] = json!({ "reverses": { "event": event, "fact": "amount", "by": by } });
        }
    }
    made
}

/// Events and rules of a made-up firm.
pub fn engine(firm: &Firm) -> (Vec<Event>, Rules) {
    let plans = firm.versions.iter().map(|one| {
        let plan: Plan = serde_json::from_value(version(one)).unwrap();
        let text = serde_json::to_string(&plan).unwrap();
        assert_eq!(serde_json::from_str::<Plan>(&text).unwrap(), plan, "the JSON is stable");
        let published = plan.publish(&crate::cast::schema(), &Limits::default());
        published.unwrap_or_else(|faults| panic!("{faults:?}"))
    });
    let assignments = firm.assignments.iter().map(|one| {
        let mut made = json!({
            "id": one.id, "person": one.person, "plan": one.plan, "from": moment(one.from * 24),
            "rates": one.rates.iter().map(|(code, own)| (code.clone(), json!(pay(*own))))
                .collect::<serde_json::Map<_, _>>(),
        });
        if let Some(until) = one.until {
            made["until"] = moment(until * 24);
        }
        if let Some(salary) = one.salary {
            made["salary"] = json!(money(salary));
        }
        if let Some((target, is_money, ramp, prorated)) = &one.quota {
            let target = if *is_money { json!(money(*target)) } else { json!(target) };
            let ramp: Vec<String> = ramp.iter().map(|share| format!("{share} %")).collect();
            made["quotas"] =
                json!({ "q": { "target": target, "ramp": ramp, "prorated": prorated } });
        }
        serde_json::from_value::<Assignment>(made).unwrap()
    });
    let heads = firm.heads.iter().map(|(person, head, from, until)| Headship {
        person: person.as_str().into(),
        head: head.as_str().into(),
        from: instant(*from),
        until: Some(instant(*until)),
    });
    let rules =
        Rules::new(plans.collect(), assignments.collect(), heads.collect(), crate::cast::months());
    let events = firm.events.iter().map(|told| serde_json::from_value(event(told)).unwrap());
    (events.collect(), rules.unwrap_or_else(|faults| panic!("{faults:?}")))
}

/// What a credit is called in both.
pub fn called(credit: &Credit) -> String {
    let key = &credit.key;
    let of = match &key.of {
        Of::Event(id) => format!("event {id}"),
        Of::Subject(subject) => format!("subject {subject}"),
        Of::SubjectInMonth(subject, month) => format!("subject {subject} {month}"),
        Of::Period(label) => label.to_string(),
        Of::Term => "term".into(),
    };
    format!(
        "{}|{}|{}|{}|{}|{}|{of}",
        key.person, key.earner, key.assignment, key.plan, key.version, key.component
    )
}

/// Every amount that is not nought, and how many credits there were.
pub fn amounts(firm: &Firm) -> (Amounts, usize) {
    let (events, rules) = engine(firm);
    let found = credits(&events, &rules, instant(firm.as_of));
    let mut amounts = Amounts::new();
    for credit in &found {
        let name = called(credit);
        assert!(
            amounts.insert(name.clone(), (credit.posted, credit.pending)).is_none(),
            "the engine names {name} twice"
        );
        let is_nothing = credit.posted == 0 && credit.pending == 0;
        assert!(!is_nothing || credit.why.unpaid.is_some(), "{name} says not why it is nothing");
    }
    amounts.retain(|_, amount| *amount != (0, 0));
    (amounts, found.len())
}
