//! Named vectors: numbers that somebody published or that a user once missed.

use compensation::{
    Credit, Day, DrawTerms, Event, Headship, Idle, Plan, Rules, Standing, State, Unpaid, compare,
    credits, draws, evaluate, floor as floor_of,
};

use crate::cast::*;

const AMOUNT: &str = r#"{"of":"amount"}"#;
const SELLER: &[(&str, &str)] = &[("seller", "anna")];

fn paid(id: &str, day: i64, amount: &str) -> Event {
    news(id, "paid", id, day, SELLER).with("amount", amount)
}

fn run(events: &[Event], rules: &Rules) -> Vec<Credit> {
    credits(events, rules, LATE)
}

fn table(reading: &str) -> String {
    format!(
        r#"{{"table":{{"by":"measure","reading":"{reading}","rows":[
        {{"over":"0 RUB","up_to":"10000 RUB","pays":"5 %"}},
        {{"over":"10000 RUB","up_to":"25000 RUB","pays":"7 %"}},
        {{"over":"25000 RUB","pays":"10 %"}}]}}}}"#
    )
}

#[test]
fn marginal_is_2050_and_retroactive_3000() {
    for (reading, wanted) in [("marginal", 2_050_00), ("retroactive", 3_000_00)] {
        let by_event = anna(&component("c", "paid", AMOUNT, &table(reading), ""));
        assert_eq!(posted(&run(&[paid("e", 1, "30000.00 RUB")], &by_event)), wanted);
        let month = r#","period":"month""#;
        let by_month = anna(&component("c", "paid", AMOUNT, &table(reading), month));
        let three = ["a", "b", "c"].map(|id| paid(id, 1, "10000.00 RUB"));
        let found = run(&three, &by_month);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].posted, wanted);
        assert_eq!(found[0].why.inputs.len(), 3);
        assert_eq!(found[0].why.slices.len(), if reading == "marginal" { 3 } else { 1 });
    }
}

#[test]
fn oracles_draw_is_advanced_and_due() {
    let mut person = assigned("a", "anna", "p");
    person.draw = Some(DrawTerms {
        floor: "1000.00 RUB".parse().unwrap(),
        recoverable: true,
        from: None,
        until: None,
        recover_from: None,
        recover_until: None,
        prorated: false,
    });
    let share = component("c", "paid", AMOUNT, r#"{"share":"100 %"}"#, "");
    let rules = rules(vec![plan(&share)], vec![person], vec![]);
    let events = [paid("a", 3, "500 RUB"), paid("b", 33, "700 RUB"), paid("c", 62, "400 RUB")];
    let march = rules.months()[2].ends_at;
    let found = draws(&run(&events, &rules), &rules, march).unwrap();
    let disbursed: Vec<i64> = found.iter().map(|month| month.drawn.disbursed.minor).collect();
    let due: Vec<i64> = found.iter().map(|month| month.drawn.due.minor).collect();
    assert_eq!(disbursed, [1_000_00; 3]);
    assert_eq!(due, [500_00, 800_00, 1_400_00]);
}

#[test]
fn a_guarantee_is_never_due_and_a_part_of_a_month_has_a_part_of_it() {
    let mut version = plan(&component("c", "paid", AMOUNT, r#"{"share":"100 %"}"#, ""));
    version.guarantee = Some("3100.00 RUB".parse().unwrap());
    let mut person = assigned("a", "anna", "p");
    person.until = Some(moment(40 * DAY));
    let events = [paid("a", 3, "100 RUB"), paid("b", 33, "5000 RUB")];
    let rules = rules(vec![version], vec![person], vec![]);
    let found = draws(&run(&events, &rules), &rules, LATE).unwrap();
    let disbursed: Vec<i64> = found.iter().map(|month| month.drawn.disbursed.minor).collect();
    assert_eq!(disbursed, [3_100_00, 5_000_00]);
    assert!(found.iter().all(|month| month.drawn.due.minor == 0));
}

#[test]
fn a_floor_by_days_that_is_agreed_anew_in_mid_month_has_the_days_of_both() {
    let share = component("c", "paid", AMOUNT, r#"{"share":"100 %"}"#, "");
    let other = Plan { plan: "q".into(), ..plan(&share) };
    // Ten days of January at 3,100, then the rest of it as is said.
    for (plan_of_next, floor, prorated, wanted) in [
        ("p", "6200.00 RUB", true, [1_000_00 + 4_200_00, 6_200_00]),
        ("p", "3100.01 RUB", true, [3_100_01, 3_100_01]),
        ("p", "500.00 RUB", false, [1_000_00, 500_00]),
        ("p", "6200.00 RUB", false, [6_200_00, 6_200_00]),
        ("q", "6200.00 RUB", true, [1_000_00, 6_200_00]),
    ] {
        let draw = |floor: &str, prorated| DrawTerms {
            floor: floor.parse().unwrap(),
            recoverable: true,
            from: None,
            until: None,
            recover_from: None,
            recover_until: None,
            prorated,
        };
        let (mut first, mut next) = (assigned("a", "anna", "p"), assigned("b", "anna", "p"));
        first.until = Some(moment(10 * DAY));
        first.draw = Some(draw("3100.00 RUB", true));
        next.plan = plan_of_next.into();
        next.from = moment(10 * DAY);
        next.draw = Some(draw(floor, prorated));
        let rules = rules(vec![plan(&share), other.clone()], vec![next, first], vec![]);
        let found = draws(&[], &rules, rules.months()[1].ends_at).unwrap();
        let floors: Vec<i64> = found.iter().map(|month| month.draw.floor.minor).collect();
        assert_eq!(floors, wanted, "{plan_of_next} {floor} {prorated}");
        let told = found.iter().map(|month| month.assignment.as_str());
        assert_eq!(told.collect::<Vec<_>>(), ["a", "b"]);
        let alone = floor_of(&rules, &"anna".into(), &found[0].month).unwrap();
        assert_eq!(alone.draw, found[0].draw, "a month by itself");
    }
}

#[test]
fn a_draw_ends_is_recovered_later_and_only_while_it_may_be() {
    let mut person = assigned("a", "anna", "p");
    person.from = moment(15 * DAY);
    person.draw = Some(DrawTerms {
        floor: "3100.00 RUB".parse().unwrap(),
        recoverable: true,
        from: None,
        until: Day::of(2026, 3, 20).ok(),
        recover_from: Day::of(2026, 3, 1).ok(),
        recover_until: Day::of(2026, 5, 1).ok(),
        prorated: true,
    });
    let share = component("c", "paid", AMOUNT, r#"{"share":"100 %"}"#, "");
    let rules = rules(vec![plan(&share)], vec![person], vec![]);
    let events = [
        paid("feb", 33, "5100 RUB"),
        paid("mar", 62, "400 RUB"),
        paid("apr", 92, "500 RUB"),
        paid("may", 122, "500 RUB"),
    ];
    let found = draws(&run(&events, &rules), &rules, rules.months()[4].ends_at).unwrap();
    let told: Vec<[i64; 4]> = found
        .iter()
        .map(|month| {
            let drawn = month.drawn;
            let parts = [drawn.advanced, drawn.recovered, drawn.disbursed, drawn.due];
            parts.map(|amount| amount.minor / 100)
        })
        .collect();
    // Sixteen of thirty-one days in January; February earns enough and nothing may be
    // recovered yet; the draw ends with February, and by May nothing is recovered any more.
    assert_eq!(
        told,
        [
            [1_600, 0, 1_600, 1_600],
            [0, 0, 5_100, 1_600],
            [0, 400, 0, 1_200],
            [0, 500, 0, 700],
            [0, 0, 500, 700],
        ]
    );
    // As one who left before: no month is told, but what is due goes on.
    assert_eq!(draws(&run(&events, &rules), &rules, moment(0).at), Ok(vec![]));
}

/// One component of every rate and period.
fn every_rate() -> Vec<(&'static str, String)> {
    let month = r#","period":"month""#;
    let quota = r#","period":"quarter","quota":"q""#;
    let attained = r#"{"table":{"by":"attainment","reading":"marginal","rows":[
        {"over":"0 %","up_to":"100 %","pays":"5 %"},{"over":"100 %","pays":"8 %"}]}}"#;
    let lump = r#"{"table":{"by":"count","reading":"lump","rows":[
        {"over":0,"up_to":1,"pays":"0 RUB"},{"over":1,"pays":"700 RUB"}]}}"#;
    let gate = r#","gate":{"at_once":"70 %","stages":[{"code":"survives","releases":"30 %",
        "words":[{"on":"left","verdict":"fails"}],
        "limit":{"hours":720,"silence":"passes"}}]}"#;
    vec![
        ("each", component("c", "paid", r#""count""#, r#"{"each":"300 RUB"}"#, "")),
        ("each of a month", component("c", "paid", r#""count""#, r#"{"each":"300 RUB"}"#, month)),
        ("share", component("c", "paid", AMOUNT, r#"{"share":"5 %"}"#, "")),
        ("share of a month", component("c", "paid", AMOUNT, r#"{"share":"5 %"}"#, month)),
        ("marginal", component("c", "paid", AMOUNT, &table("marginal"), month)),
        ("retroactive", component("c", "paid", AMOUNT, &table("retroactive"), month)),
        ("attainment", component("c", "paid", AMOUNT, attained, quota)),
        ("lump", component("c", "paid", r#""count""#, lump, month)),
        (
            "milestone",
            component(
                "c",
                "paid",
                AMOUNT,
                r#"{"milestone":{"reach":"100 RUB","pays":"900 RUB"}}"#,
                month,
            ),
        ),
        ("one time", {
            let term = r#","period":"term","last_day":"2026-06-30""#;
            component("c", "paid", r#""count""#, r#"{"one_time":"5000 RUB"}"#, term)
        }),
        ("gate", component("c", "paid", AMOUNT, r#"{"share":"5 %"}"#, gate)),
        ("cap", {
            let cap = r#","caps":[{"per":"deal","most":"10 RUB"},{"per":"month","most":"8 RUB"}]"#;
            component("c", "paid", AMOUNT, r#"{"share":"5 %"}"#, cap)
        }),
    ]
}

fn firm(components: &str) -> Rules {
    let mut person = assigned("a", "anna", "p");
    let quota = r#"{"target":"10000.00 RUB"}"#;
    person.quotas.insert("q".into(), serde_json::from_str(quota).unwrap());
    rules(vec![plan(components)], vec![person], vec![])
}

#[test]
fn a_refund_nets_to_zero_under_every_rule_type() {
    for (name, component) in every_rate() {
        let rules = firm(&component);
        let sale = paid("sale", 3, "30000.00 RUB");
        // In two parts, the second in another month, and delivered before the sale.
        let first = paid("r1", 10, "0 RUB").says(reverses("sale", "10000.00 RUB"));
        let second = paid("r2", 40, "0 RUB").says(reverses("sale", "20000.00 RUB"));
        let whole = [second, sale.clone(), first];
        let found = run(&whole, &rules);
        assert_eq!((posted(&found), pending(&found)), (0, 0), "{name}");
        assert!(found.iter().all(|one| one.standing() == Standing::Nothing), "{name}");
        assert!(found.iter().all(|one| one.why.unpaid.is_some()), "{name}: {found:?}");
        // A cancellation does the same; and the sale alone is worth something, but the lump.
        let gone = [sale.clone(), news("x", "paid", "z", 4, &[]).says(cancels("sale"))];
        assert_eq!(posted(&run(&gone, &rules)), 0, "{name}");
        assert_eq!(posted(&run(&[sale], &rules)) > 0, name != "lump", "{name}");
    }
}

#[test]
fn half_paid_is_half_the_commission() {
    let rules = anna(&component("c", "paid", AMOUNT, r#"{"share":"5 %"}"#, ""));
    let whole = run(&[paid("e", 1, "80000.00 RUB")], &rules);
    let half = run(&[paid("e", 1, "40000.00 RUB")], &rules);
    assert_eq!((posted(&whole), posted(&half)), (4_000_00, 2_000_00));
    let back = paid("r", 20, "0 RUB").says(reverses("e", "40000.00 RUB"));
    assert_eq!(posted(&run(&[paid("e", 1, "80000.00 RUB"), back], &rules)), 2_000_00);
}

#[test]
fn a_changed_amount_changes_the_line_and_no_other() {
    let rules = anna(&component("c", "paid", AMOUNT, r#"{"share":"5 %"}"#, ""));
    let corrected = news("k", "paid", "e", 9, &[]).with("amount", "200 RUB").says(corrects("e"));
    let events = [paid("e", 1, "100 RUB"), paid("f", 1, "100 RUB"), corrected];
    let found = run(&events, &rules);
    let amounts: Vec<i64> = found.iter().map(|credit| credit.posted).collect();
    assert_eq!(amounts, [10_00, 5_00]);
    assert_eq!(found[0].why.inputs[0].words, ["k".into()]);
    // It stays in the month of the sale.
    assert_eq!(found[0].month().unwrap().as_str(), "2026-01");
}

#[test]
fn a_split_across_teams_sums_and_rolls_up_to_each_head() {
    let payees = r#","payees":{"by":{"role":"seller"},
        "split":[{"who":{"role":"finder"},"share":"1 / 3"},
            {"who":{"role":"seller"},"share":"2 / 3"}],
        "overlay":[{"who":{"head_of":"finder"},"share":"10 %"},
            {"who":{"head_of":"seller"},"share":"10 %"}]}"#;
    let share = component("c", "paid", AMOUNT, r#"{"share":"5 %"}"#, payees);
    let led = |person: &str, head: &str, from, until| Headship {
        person: person.into(),
        head: head.into(),
        from,
        until,
    };
    // Fedor changed teams on the tenth day.
    let turn = moment(10 * DAY).at;
    let heads = vec![
        led("anna", "head-2", 0, None),
        led("fedor", "head-1", 0, Some(turn)),
        led("fedor", "head-3", turn, None),
    ];
    let rules = rules(vec![plan(&share)], vec![assigned("a", "anna", "p")], heads);
    let people = &[("seller", "anna"), ("finder", "fedor")][..];
    let sale = |id, day| news(id, "paid", id, day, people).with("amount", "2000.20 RUB");
    let found = run(&[sale("x", 3)], &rules);
    let amount = |person: &str| of(&found, person).iter().map(|c| c.posted).sum::<i64>();
    assert_eq!(amount("fedor") + amount("anna"), 100_01);
    assert_eq!((amount("fedor"), amount("anna")), (33_34, 66_67));
    assert_eq!((amount("head-1"), amount("head-2"), amount("head-3")), (10_00, 10_00, 0));
    assert!(of(&found, "head-1")[0].why.parts[0].is_overlay);
    let later = run(&[sale("y", 12)], &rules);
    assert_eq!(posted(&later), 100_01 + 20_00);
    assert!(of(&later, "head-1").is_empty());
    assert_eq!(of(&later, "head-3")[0].posted, 10_00);
}

#[test]
fn a_part_of_nobody_goes_where_the_rule_says() {
    for (absent, wanted) in [("nobody", 70_00), ("others", 100_00)] {
        let payees = format!(
            r#","payees":{{"by":{{"role":"seller"}},"absent":"{absent}",
            "split":[{{"who":{{"role":"finder"}},"share":"30 %"}},
            {{"who":{{"role":"seller"}},"share":"70 %"}}]}}"#
        );
        let rules = anna(&component("c", "paid", AMOUNT, r#"{"share":"10 %"}"#, &payees));
        assert_eq!(posted(&run(&[paid("x", 1, "1000 RUB")], &rules)), wanted);
    }
}

#[test]
fn a_holdback_waits_and_is_lost_and_claw_back_is_switched_on() {
    let gate = |clawback: &str| {
        format!(
            r#","gate":{{"at_once":"70 %","stages":[{{"code":"survives","releases":"30 %",
            "words":[{{"on":"left","verdict":"fails"}}],
            "limit":{{"hours":720,"silence":"passes"}}}}]}}{clawback}"#
        )
    };
    let share = r#"{"share":"10 %"}"#;
    let soft = anna(&component("c", "paid", AMOUNT, share, &gate("")));
    let hard = anna(&component("c", "paid", AMOUNT, share, &gate(r#","clawback":true"#)));
    let sale = paid("x", 0, "1000 RUB");
    let early = moment(29 * DAY).at;
    let found = credits(std::slice::from_ref(&sale), &soft, early);
    assert_eq!((posted(&found), pending(&found)), (70_00, 30_00));
    let states: Vec<State> = found[0].why.tranches.iter().map(|t| t.state).collect();
    assert_eq!(states, [State::Released, State::Open]);
    assert_eq!(posted(&credits(std::slice::from_ref(&sale), &soft, moment(30 * DAY).at)), 100_00);
    // Whoever leaves after the limit changes nothing; before it, the part held back is lost.
    let left = |day| [sale.clone(), news("l", "left", "x", day, &[])];
    assert_eq!(posted(&run(&left(31), &soft)), 100_00);
    let lost = run(&left(20), &soft);
    assert_eq!((posted(&lost), pending(&lost)), (70_00, 0));
    assert_eq!(lost[0].why.unpaid, Some(Unpaid::Failed("l".into())));
    let clawed = run(&left(20), &hard);
    assert_eq!((posted(&clawed), pending(&clawed)), (0, 0));
    assert!(clawed[0].why.clawed_back);
    assert_eq!(clawed[0].why.tranches[0].state, State::ClawedBack);
}

#[test]
fn stages_pass_in_order_and_a_later_rank_outweighs_an_earlier_clock() {
    let gate = r#","once":"subject","gate":{"at_once":"0 %","stages":[
        {"code":"held","releases":"0 %","words":[
            {"on":"missed","verdict":"fails"},{"on":"held","verdict":"passes"}]},
        {"code":"accepted","releases":"100 %","words":[
            {"on":"accepted","verdict":"passes"},
            {"on":"rejected","verdict":"fails"},
            {"on":"accepted","filter":"is_new","verdict":"passes","late":true}],
         "limit":{"hours":48,"silence":"passes"}}]}"#;
    let each = component("c", "booked", r#""count""#, r#"{"each":"350 RUB"}"#, gate);
    let rules = anna(&each);
    let said = |kind: &str, day| news(kind, kind, "m", day, &[]).with("is_new", "false");
    let booked = news("booked", "booked", "m", 0, SELLER);
    let check = |events: &[Event], as_of: i64, wanted: (i64, i64)| {
        let found = credits(events, &rules, moment(as_of * DAY).at);
        assert_eq!((posted(&found), pending(&found)), wanted, "{events:?}");
    };
    check(std::slice::from_ref(&booked), 90, (0, 350_00));
    let due = |events: &[Event]| credits(events, &rules, moment(4 * DAY).at)[0].why.due;
    assert_eq!(due(std::slice::from_ref(&booked)), None, "nobody waits for silence yet");
    assert_eq!(due(&[booked.clone(), said("held", 3)]), Some(moment(5 * DAY).at));
    assert_eq!(due(&[booked.clone(), said("held", 3), said("accepted", 4)]), None);
    check(&[booked.clone(), said("accepted", 1)], 90, (0, 350_00));
    check(&[booked.clone(), said("held", 3)], 4, (0, 350_00));
    check(&[booked.clone(), said("held", 3)], 5, (350_00, 0));
    check(&[booked.clone(), said("missed", 3)], 5, (0, 0));
    check(&[booked.clone(), said("missed", 3), said("held", 2)], 3, (0, 350_00));
    check(&[booked.clone(), said("held", 3), said("rejected", 4)], 90, (0, 0));
    // Told too late, a rejection is not heard; a head's word is.
    check(&[booked.clone(), said("held", 3), said("rejected", 6)], 90, (350_00, 0));
    let decided = said("accepted", 30).with("is_new", "true");
    check(&[booked, said("held", 3), said("rejected", 4), decided], 90, (350_00, 0));
}

#[test]
fn caps_go_over_deal_month_and_all_and_the_earliest_fills_them() {
    let caps = r#","caps":[{"per":"deal","most":"100 RUB"},{"per":"month","most":"150 RUB"},
        {"per":"component","most":"200 RUB"}]"#;
    let rules = anna(&component("c", "paid", AMOUNT, r#"{"share":"10 %"}"#, caps));
    let of_deal = |id: &str, day, deal: &str| paid(id, day, "800 RUB").of(deal);
    let events = [
        of_deal("d", 40, "three"),
        of_deal("a", 1, "one"),
        of_deal("b", 2, "one"),
        of_deal("c", 3, "two"),
    ];
    let found = run(&events, &rules);
    let amounts: Vec<i64> = found.iter().map(|credit| credit.posted).collect();
    assert_eq!(amounts, [80_00, 20_00, 50_00, 50_00]);
    assert_eq!(found[3].why.cuts.len(), 1);
    assert_eq!(found[2].why.cuts[0].cap, Some(1));
}

#[test]
fn attainment_accelerates_and_quality_multiplies() {
    let multipliers = r#","period":"month","quota":"q","multipliers":[
        {"figure":{"attainment":"c"},"unknown":"100 %","rows":[
            {"over":"0 %","up_to":"50 %","pays":"50 %"},
            {"over":"50 %","up_to":"100 %","pays":"100 %"},
            {"over":"100 %","pays":"125 %"}]},
        {"figure":{"score":{"on":"scored","role":"seller","value":"quality"}},
         "unknown":"100 %","rows":[
            {"over":"0 %","up_to":"80 %","pays":"80 %"},{"over":"80 %","pays":"100 %"}]}]"#;
    let each = component("c", "held", r#""count""#, r#"{"each":"100 RUB"}"#, multipliers);
    let mut person = assigned("a", "anna", "p");
    let quota = r#"{"target":4,"ramp":["25 %","50 %"],"prorated":true}"#;
    person.quotas.insert("q".into(), serde_json::from_str(quota).unwrap());
    let rules = rules(vec![plan(&each)], vec![person], vec![]);
    let held = |id: &str, day| news(id, "held", id, day, SELLER);
    let amount = |events: &[Event]| posted(&run(events, &rules));
    // January asks for one, February for two, March for four.
    assert_eq!(amount(&[held("a", 1)]), 100_00);
    assert_eq!(amount(&[held("a", 1), held("b", 2)]), 250_00);
    assert_eq!(amount(&[held("a", 32)]), 50_00);
    assert_eq!(amount(&[held("a", 61), held("b", 62), held("c", 63)]), 300_00);
    let score =
        |id: &str, day, value: &str| news(id, "scored", id, day, SELLER).with("quality", value);
    // The latest of the month counts, those of other months do not.
    let scored = [held("a", 1), held("b", 2), score("s", 3, "90 %"), score("t", 4, "70 %")];
    assert_eq!(amount(&scored), 200_00);
    assert_eq!(amount(&[held("a", 1), score("t", 40, "10 %")]), 100_00);
}

#[test]
fn a_ramp_of_quota_and_a_part_of_a_period_make_a_smaller_target() {
    let table = r#"{"table":{"by":"attainment","reading":"lump","rows":[
        {"over":"0 %","up_to":"99 %","pays":"0 RUB"},{"over":"99 %","pays":"1000 RUB"}]}}"#;
    let quarter = r#","period":"quarter","quota":"q""#;
    let lump = component("c", "held", r#""count""#, table, quarter);
    let mut person = assigned("a", "anna", "p");
    // Fifteen of thirty-one days of January, at half the target; a third of the whole each month.
    person.from = moment(16 * DAY);
    let quota = r#"{"target":93,"ramp":["50 %"],"prorated":true}"#;
    person.quotas.insert("q".into(), serde_json::from_str(quota).unwrap());
    let rules = rules(vec![plan(&lump)], vec![person], vec![]);
    let held: Vec<Event> =
        (0..70).map(|n| news(&format!("e{n}"), "held", &format!("e{n}"), 20, SELLER)).collect();
    let found = run(&held, &rules);
    let quarter = found.iter().find(|c| c.posted > 0).unwrap();
    let (target, reached) = quarter.why.quota.unwrap();
    // 31/2 of 15/31, and twice 31.
    assert_eq!((target.over, target.under), (139, 2));
    assert_eq!((reached.over, reached.under), (140, 139));
    assert_eq!(quarter.posted, 1_000_00);
    // It is owed when the quarter is over, and not before.
    let march = credits(&held, &rules, moment(80 * DAY).at);
    assert_eq!((posted(&march), pending(&march)), (0, 1_000_00));
}

#[test]
fn a_month_without_anything_can_cost_something() {
    let table = r#"{"table":{"by":"count","reading":"lump","rows":[
        {"over":0,"up_to":1,"pays":"-200 RUB"},{"over":1,"pays":"300 RUB"}]}}"#;
    let lump = component("c", "held", r#""count""#, table, r#","period":"month""#);
    let mut person = assigned("a", "anna", "p");
    person.until = Some(moment(59 * DAY));
    let rules = rules(vec![plan(&lump)], vec![person], vec![]);
    let two = ["x", "y"].map(|id| news(id, "held", id, 3, SELLER));
    let found = run(&two, &rules);
    let amounts: Vec<i64> = found.iter().map(|credit| credit.posted).collect();
    assert_eq!(amounts, [300_00, -200_00]);
}

#[test]
fn a_cliff_pays_nothing_below_and_everything_from_the_first() {
    let cliff = r#","period":"month","cliff":3"#;
    let rules = anna(&component("c", "held", r#""count""#, r#"{"each":"10 RUB"}"#, cliff));
    let held = |count: usize| -> Vec<Event> {
        (0..count).map(|n| news(&format!("{n}"), "held", &format!("{n}"), 3, SELLER)).collect()
    };
    assert_eq!(posted(&run(&held(2), &rules)), 0);
    assert_eq!(run(&held(2), &rules)[0].why.unpaid, Some(Unpaid::BelowCliff));
    assert_eq!(posted(&run(&held(3), &rules)), 30_00);
}

#[test]
fn salaries_are_paid_by_days_and_their_parts_sum() {
    let salary = r#"{"code":"s","on":"calendar","measure":"days","period":"month",
        "rate":"salary"}"#;
    let mut second = plan(salary);
    second.version = 2;
    second.from = moment(45 * DAY);
    let mut person = assigned("a", "anna", "p");
    person.from = moment(10 * DAY);
    person.salary = Some("100000.01 RUB".parse().unwrap());
    let rules = rules(vec![plan(salary), second], vec![person], vec![]);
    let found = credits(&[], &rules, moment(70 * DAY).at);
    let amounts: Vec<(i64, i64)> = found.iter().map(|c| (c.posted, c.pending)).collect();
    // 21 of 31 days; February in two stretches; March has begun and is not over.
    assert_eq!(amounts[0], (67_741_94, 0));
    assert_eq!(amounts[1].0 + amounts[2].0, 100_000_01);
    assert_eq!(amounts[3], (0, 100_000_01));
    assert_eq!(found[0].why.days, Some((10, 31, 31)));
}

#[test]
fn a_result_of_another_component_is_measured() {
    let share = component("c", "paid", AMOUNT, r#"{"share":"10 %"}"#, "");
    let bonus = r#"{"code":"b","on":{"component":"c"},"measure":"result","period":"month",
        "rate":{"share":"20 %"}}"#;
    let rules = anna(&format!("{bonus},{share}"));
    let events = [paid("a", 1, "100 RUB"), paid("b", 2, "200 RUB"), paid("c", 40, "50 RUB")];
    let found = run(&events, &rules);
    let bonus: Vec<i64> =
        found.iter().filter(|c| c.key.component.as_str() == "b").map(|c| c.posted).collect();
    assert_eq!(bonus, [6_00, 1_00]);
}

#[test]
fn what_is_told_twice_is_paid_once_and_says_so() {
    let once = r#","once":"subject_in_month""#;
    let rules = anna(&component("c", "called", r#""count""#, r#"{"each":"30 RUB"}"#, once));
    let told = |id: &str, day| news(id, "called", "firm", day, SELLER);
    let events = [told("c", 40), told("b", 5), told("a", 4), told("a", 4)];
    let found = run(&events, &rules);
    assert_eq!(posted(&found), 60_00);
    assert_eq!(found[0].why.left_out[0].why, Unpaid::ToldBefore("a".into()));
    // The first one was a mistake: the second takes its place.
    let cancelled = news("x", "called", "firm", 50, &[]).says(cancels("a"));
    let all: Vec<Event> = events.into_iter().chain([cancelled]).collect();
    let found = run(&all, &rules);
    assert_eq!(posted(&found), 60_00);
    assert_eq!(found[0].why.inputs[0].event.as_str(), "b");
}

#[test]
fn why_nothing_was_paid_is_always_told() {
    let filter = r#","filter":"amount > 10.00 RUB","last_day":"2026-03-01""#;
    let rules = anna(&component("c", "paid", AMOUNT, r#"{"share":"1 %"}"#, filter));
    let reason = |event: Event| run(&[event], &rules)[0].why.unpaid.clone().unwrap();
    assert_eq!(reason(paid("a", 1, "10 RUB")), Unpaid::Filtered);
    assert_eq!(reason(paid("a", 100, "11 RUB")), Unpaid::PastLastDay);
    assert!(matches!(reason(news("a", "paid", "a", 1, SELLER)), Unpaid::NoAnswer(_)));
    assert!(matches!(reason(paid("a", 1, "11 EUR")), Unpaid::NoAnswer(_)));
    let plain = anna(&component("c", "paid", AMOUNT, r#"{"share":"1 %"}"#, ""));
    let other = run(&[paid("a", 1, "11 EUR")], &plain);
    assert_eq!(other[0].why.unpaid, Some(Unpaid::OtherCurrency("EUR".into())));
    let small = run(&[paid("a", 1, "0.01 RUB")], &plain);
    assert_eq!(small[0].why.unpaid, Some(Unpaid::Nothing));
    let huge = paid("a", 1, "92233720368547758.07 RUB");
    let doubled = anna(&component("c", "paid", AMOUNT, r#"{"share":"200 %"}"#, ""));
    assert_eq!(run(&[huge], &doubled)[0].why.unpaid, Some(Unpaid::TooLarge));
    let stranger = evaluate(&[news("s", "paid", "s", 1, &[("seller", "boris")])], &plain, LATE);
    assert_eq!(stranger.idle.len(), 1);
    let nobody = [news("n", "paid", "n", 1, &[]), paid("w", 2, "1 RUB").says(cancels("x"))];
    let idle = evaluate(&nobody, &plain, LATE).idle;
    assert_eq!(idle, [Idle::NamesNobody("n".into()), Idle::NamesNothing("w".into())]);
}

#[test]
fn an_own_rate_goes_before_that_of_the_plan() {
    let share = component("c", "paid", AMOUNT, r#"{"share":"5 %"}"#, "");
    let mut person = assigned("a", "anna", "p");
    person.rates.insert("c".into(), serde_json::from_str("\"6 %\"").unwrap());
    let rules = rules(vec![plan(&share)], vec![person], vec![]);
    assert_eq!(posted(&run(&[paid("a", 1, "100 RUB")], &rules)), 6_00);
}

#[test]
fn the_version_of_the_day_pays_to_the_end() {
    let first = plan(&component("c", "paid", AMOUNT, r#"{"share":"5 %"}"#, ""));
    let mut second = plan(&component("c", "paid", AMOUNT, r#"{"share":"9 %"}"#, ""));
    second.version = 2;
    second.from = moment(10 * DAY);
    let rules = rules(vec![first, second], vec![assigned("a", "anna", "p")], vec![]);
    let late = news("k", "paid", "a", 50, &[]).with("amount", "200 RUB").says(corrects("a"));
    let found = run(&[paid("a", 9, "100 RUB"), paid("b", 10, "100 RUB"), late], &rules);
    let told: Vec<_> = found.iter().map(|c| (c.posted, c.key.version)).collect();
    assert_eq!(told, [(10_00, 1), (9_00, 2)]);
}

#[test]
fn the_cap_of_a_plan_goes_over_all_components_of_a_month() {
    let mut version = plan(&format!(
        "{},{}",
        component("c", "paid", AMOUNT, r#"{"share":"10 %"}"#, ""),
        component("d", "held", r#""count""#, r#"{"each":"30 RUB"}"#, ""),
    ));
    version.cap = Some("100 RUB".parse().unwrap());
    let rules = rules(vec![version], vec![assigned("a", "anna", "p")], vec![]);
    let events =
        [paid("a", 1, "900 RUB"), news("h", "held", "h", 1, SELLER), paid("b", 40, "900 RUB")];
    let found = run(&events, &rules);
    assert_eq!(posted(&found), 190_00);
    assert!(found.iter().any(|c| c.why.cuts.iter().any(|cut| cut.cap.is_none())));
}

#[test]
fn the_cap_of_a_plan_leaves_a_salary_whole() {
    let salary = r#"{"code":"s","on":"calendar","measure":"days","period":"month",
        "rate":"salary"}"#;
    let share = component("c", "paid", AMOUNT, r#"{"share":"10 %"}"#, "");
    for lines in [format!("{salary},{share}"), format!("{share},{salary}")] {
        let mut version = plan(&lines);
        version.cap = Some("100 RUB".parse().unwrap());
        let mut person = assigned("a", "anna", "p");
        person.until = Some(moment(31 * DAY));
        person.salary = Some("900 RUB".parse().unwrap());
        let rules = rules(vec![version], vec![person], vec![]);
        let found = run(&[paid("a", 1, "2000 RUB")], &rules);
        let mut amounts: Vec<i64> = found.iter().map(|c| c.posted).collect();
        amounts.sort_unstable();
        assert_eq!(amounts, [100_00, 900_00], "{lines}");
    }
}

#[test]
fn a_what_if_shows_winners_and_losers() {
    let five = anna(&component("c", "paid", AMOUNT, r#"{"share":"5 %"}"#, ""));
    let seven = anna(&component("c", "paid", AMOUNT, r#"{"share":"7 %"}"#, ""));
    let events = [paid("a", 1, "100 RUB"), paid("b", 2, "300 RUB")];
    let found = compare(&run(&events, &five), &run(&events, &seven));
    let line = found.people.values().next().unwrap();
    assert_eq!((line.before.posted, line.after.posted), (20_00, 28_00));
    assert_eq!(line.difference().posted, 8_00);
    assert_eq!(found.total.values().next().unwrap().difference().posted, 8_00);
}
