//! May this company be called now? One pure function, asked when the queue fills and again in the
//! transaction that leases, so no way to a call goes round it.
//!
//! Rules that do not end by themselves come first: removed, suppressed, led by a higher tier, no
//! basis, no number, attempts used up. Of the others the one that lasts longest decides, moved to
//! the next open hour, so that a denied lead is looked at once and not once per rule. A call the
//! client asked for is not counted against how often we may call; everything else holds for it.
//!
//! How often holds for a company and for each of its numbers: a number that several companies have
//! is one number, whichever of them it was called for. A company waits when all its numbers do.

use crate::campaigns::CallingPolicy;
use crate::campaigns::hours::at_minute;
use crate::campaigns::presets::CAP_DAYS;
use crate::companies::CompanyPhone;
use crate::values::*;

/// How soon a lead is looked at again whose rule does not end by itself.
const LOOK_AGAIN_MS: i64 = DAY_MS;

codes! {
    /// Why a company may not be called now.
    Rule {
        /// It was removed from the base or merged into another.
        NotInBase = "not_in_base",
        /// It must not be contacted.
        Suppressed = "suppressed",
        /// A seller or an account manager leads it.
        Led = "led",
        /// There is no legal basis for the call.
        NoBasis = "no_basis",
        /// There is no number worth dialling.
        NoPhone = "no_phone",
        /// All attempts are used up.
        AttemptsTotal = "attempts_total",
        /// Enough attempts today.
        AttemptsDay = "attempts_day",
        /// Too soon after the attempt before.
        Gap = "gap",
        /// They refused not long ago.
        CoolDown = "cool_down",
        /// Enough contacts over all campaigns.
        Pressure = "pressure",
        /// As many in 24 hours as the country allows, over all campaigns.
        CapDay = "cap_day",
        /// As many in seven days.
        CapWeek = "cap_week",
        /// As many in thirty days.
        CapMonth = "cap_month",
        /// Enough attempts on each of its numbers in this campaign, with those for other companies.
        NumberTotal = "number_total",
        /// Enough today.
        NumberDay = "number_day",
        /// As many in seven days as the country allows, over all companies and campaigns.
        NumberWeek = "number_week",
        /// As many in thirty days.
        NumberMonth = "number_month",
        /// Enough contacts over all companies and campaigns.
        NumberPressure = "number_pressure",
        /// Too soon after the attempt before, be it for another company.
        NumberGap = "number_gap",
        /// It is being called for another company.
        NumberInHand = "number_in_hand",
        /// It is a public holiday there.
        Holiday = "holiday",
        /// It is not their working hour.
        Hours = "hours",
    }
}

/// What is known about a company when one asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Where their clock stands.
    pub zone: Zone,
    /// Neither removed nor merged away.
    pub is_in_base: bool,
    /// They must not be called.
    pub is_suppressed: bool,
    /// A seller or an account manager leads them.
    pub is_led: bool,
    /// The basis the campaign names is on record.
    pub has_basis: bool,
    /// A number worth dialling is on record.
    pub has_phone: bool,
    /// The call is one they asked for, or one owed to a lead that came back: it is not one too
    /// many of all.
    pub is_promised: bool,
    /// The lead came back from tier 2. Nobody asked for a call, so the client's rest is kept.
    pub came_back: bool,
    /// Attempts on the lead so far.
    pub attempts: i64,
    /// The latest attempt on the lead.
    pub last_at: Option<Instant>,
    /// The attempt that would be the last one allowed in a day, counted from the latest back.
    pub day_cap_at: Option<Instant>,
    /// The contact that would be the last one allowed in the window, over all campaigns.
    pub pressure_cap_at: Option<Instant>,
    /// The same for each span of the country's caps.
    pub caps_at: [Option<Instant>; 3],
    /// When they refused last, in any campaign.
    pub refused_at: Option<Instant>,
    /// Its numbers, where other companies have one of them, too. Otherwise nothing: no number then
    /// has more attempts than its company.
    pub numbers: Vec<NumberFacts>,
}

impl Facts {
    /// Leaves out the numbers that nobody may dial, whatever was done with them.
    pub fn keep_numbers(&mut self, callable: &[CompanyPhone]) {
        self.numbers.retain(|number| callable.iter().any(|phone| phone.id == number.phone));
    }
}

/// What is known of a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberFacts {
    /// The number as this company has it.
    pub phone: PhoneId,
    /// Attempts for any company in any campaign, the latest first, as far back as a rule looks.
    pub attempts: Vec<Instant>,
    /// Attempts for other companies in this campaign, however long ago.
    pub elsewhere: i64,
    /// So many companies have it that it is nobody's own: its attempts are not used up for good.
    pub is_switchboard: bool,
    /// Until when another company that has it is in somebody's hands.
    pub in_hand_until: Option<Instant>,
}

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// They may be called.
    Allow,
    /// They may not, by this rule, before that moment.
    Deny {
        /// The rule.
        rule: Rule,
        /// When to ask again.
        until: Instant,
    },
}

/// May this company be called now? Of the campaign's policy and its country's rules the stricter
/// holds.
pub fn admit(policy: &CallingPolicy, facts: &Facts, now: Instant) -> Verdict {
    let policy = &policy.bounded();
    if let Some(rule) = standing_rule(policy, facts) {
        return Verdict::Deny { rule, until: now.plus_ms(LOOK_AGAIN_MS) };
    }
    let longest = timed_rules(policy, facts)
        .into_iter()
        .chain(number_rule(policy, facts, now))
        .filter(|(_, until)| *until > now)
        .max_by_key(|(_, until)| *until);
    let from = longest.map_or(now, |(_, until)| until);
    // Hours that never open: ask again tomorrow, somebody may have corrected them.
    let opens = policy.next_open(from, &facts.zone).unwrap_or_else(|| now.plus_ms(LOOK_AGAIN_MS));
    if opens == now {
        return Verdict::Allow;
    }
    let rule = longest.map_or_else(|| closed_rule(policy, facts, now), |(rule, _)| rule);
    Verdict::Deny { rule, until: opens }
}

fn standing_rule(policy: &CallingPolicy, facts: &Facts) -> Option<Rule> {
    [
        (Rule::NotInBase, !facts.is_in_base),
        (Rule::Suppressed, facts.is_suppressed),
        (Rule::Led, facts.is_led),
        (Rule::NoBasis, !facts.has_basis),
        (Rule::NoPhone, !facts.has_phone),
        (Rule::AttemptsTotal, !facts.is_promised && facts.attempts >= policy.attempts_max),
    ]
    .into_iter()
    .find_map(|(rule, applies)| applies.then_some(rule))
}

fn timed_rules(policy: &CallingPolicy, facts: &Facts) -> Vec<(Rule, Instant)> {
    if facts.is_promised && !facts.came_back {
        return Vec::new();
    }
    let capped = |span: usize| {
        let at = facts.caps_at.get(span).copied().flatten()?;
        CAP_DAYS.get(span).map(|days| at.plus_days(*days))
    };
    [
        (Rule::CapDay, capped(0)),
        (Rule::CapWeek, capped(1)),
        (Rule::CapMonth, capped(2)),
        (Rule::AttemptsDay, facts.day_cap_at.map(|at| next_day(at, &facts.zone))),
        (Rule::Gap, facts.last_at.map(|at| at.plus_minutes(policy.gap_minutes))),
        (Rule::CoolDown, facts.refused_at.map(|at| at.plus_days(policy.cool_down_days))),
        (Rule::Pressure, facts.pressure_cap_at.map(|at| at.plus_days(policy.pressure_days))),
    ]
    .into_iter()
    .filter_map(|(rule, until)| Some((rule, until?)))
    .collect()
}

/// The rule that holds up all numbers of a company, by the one that is free the soonest.
fn number_rule(policy: &CallingPolicy, facts: &Facts, now: Instant) -> Option<(Rule, Instant)> {
    let denied = denied_numbers(policy, facts, now);
    if denied.len() < facts.numbers.len() {
        return None;
    }
    denied.into_iter().map(|(_, rule, until)| (rule, until)).min_by_key(|(_, until)| *until)
}

/// The numbers of a company that may not be dialled now, each by its rule and until when.
pub fn denied_numbers(
    policy: &CallingPolicy,
    facts: &Facts,
    now: Instant,
) -> Vec<(PhoneId, Rule, Instant)> {
    let denied = facts.numbers.iter().filter_map(|number| {
        let rules = rules_of_number(policy, facts, number, now);
        let (rule, until) = rules.into_iter().max_by_key(|(_, until)| *until)?;
        (until > now).then_some((number.phone, rule, until))
    });
    denied.collect()
}

fn rules_of_number(
    policy: &CallingPolicy,
    facts: &Facts,
    number: &NumberFacts,
    now: Instant,
) -> Vec<(Rule, Instant)> {
    let mut rules = Vec::new();
    if let Some(until) = number.in_hand_until {
        rules.push((Rule::NumberInHand, until));
    }
    if facts.is_promised && !facts.came_back {
        return rules;
    }
    let total = facts.attempts + number.elsewhere;
    let is_used_up = number.elsewhere > 0 && total >= policy.attempts_max;
    if is_used_up && !number.is_switchboard && !facts.is_promised {
        rules.push((Rule::NumberTotal, now.plus_ms(LOOK_AGAIN_MS)));
    }
    // The attempt that would be the last one allowed, counted from the latest back.
    let last_of = |max: i64| {
        let index = usize::try_from(max - 1).ok()?;
        number.attempts.get(index).copied()
    };
    let [day, week, month] = policy.caps();
    let spans = [(Rule::NumberDay, day), (Rule::NumberWeek, week), (Rule::NumberMonth, month)];
    for ((rule, max), days) in spans.into_iter().zip(CAP_DAYS) {
        rules.extend(max.and_then(last_of).map(|at| (rule, at.plus_days(days))));
    }
    let today = last_of(policy.attempts_per_day_max);
    rules.extend(today.map(|at| (Rule::NumberDay, next_day(at, &facts.zone))));
    let pressure = last_of(policy.pressure_max);
    let rest = pressure.map(|at| at.plus_days(policy.pressure_days));
    rules.extend(rest.map(|until| (Rule::NumberPressure, until)));
    let gap = number.attempts.first().map(|at| at.plus_minutes(policy.gap_minutes));
    rules.extend(gap.map(|until| (Rule::NumberGap, until)));
    rules
}

fn next_day(at: Instant, zone: &Zone) -> Instant {
    let day = at.day(zone);
    at_minute(day.tomorrow().unwrap_or(day), 0, zone)
}

fn closed_rule(policy: &CallingPolicy, facts: &Facts, now: Instant) -> Rule {
    let is_day_off = policy.hours.is_day_off(now.day(&facts.zone));
    if is_day_off { Rule::Holiday } else { Rule::Hours }
}

#[cfg(test)]
mod tests {
    use jiff::civil::datetime;

    use super::*;
    use crate::campaigns::holidays::Calendar;
    use crate::campaigns::hours::CallingHours;
    use crate::campaigns::presets::PresetCode;

    fn zone() -> Zone {
        Zone::named("Europe/Moscow")
    }

    /// A moment of November 2026 in Moscow. The 2nd is a Monday, the 4th a holiday.
    fn on(day: i8, hour: i8, minute: i8) -> Instant {
        Instant::from_local(datetime(2026, 11, day, hour, minute, 0, 0), &zone())
    }

    fn facts() -> Facts {
        Facts {
            zone: zone(),
            is_in_base: true,
            is_suppressed: false,
            is_led: false,
            has_basis: true,
            has_phone: true,
            is_promised: false,
            came_back: false,
            attempts: 0,
            last_at: None,
            day_cap_at: None,
            pressure_cap_at: None,
            caps_at: [None; 3],
            refused_at: None,
            numbers: Vec::new(),
        }
    }

    #[test]
    fn the_country_counts_over_all_campaigns_and_the_longest_span_decides() {
        let policy = CallingPolicy { preset: PresetCode::Ru, ..CallingPolicy::default() };
        let now = on(10, 15, 0);
        let none = [None; 3];
        let rows = [
            (none, None),
            ([Some(on(10, 11, 0)), None, None], Some((Rule::CapDay, on(11, 11, 0)))),
            ([Some(on(9, 11, 0)), Some(on(6, 12, 0)), None], {
                Some((Rule::CapWeek, on(13, 12, 0)))
            }),
            ([None, Some(on(3, 14, 0)), None], None),
            ([None, None, Some(on(1, 12, 0))], {
                Some((Rule::CapMonth, on(1, 12, 0).plus_days(30)))
            }),
        ];
        for (caps_at, expected) in rows {
            let facts = Facts { caps_at, ..facts() };
            let expected =
                expected.map_or(Verdict::Allow, |(rule, until)| Verdict::Deny { rule, until });
            assert_eq!(admit(&policy, &facts, now), expected, "{caps_at:?}");
        }
        let asked =
            Facts { is_promised: true, caps_at: [Some(on(10, 14, 0)), None, None], ..facts() };
        assert_eq!(admit(&policy, &asked, now), Verdict::Allow, "they asked for it");
    }

    /// A number that others have, called at these moments.
    fn number(attempts: &[Instant]) -> NumberFacts {
        NumberFacts {
            phone: PhoneId::fresh(on(1, 0, 0)),
            attempts: attempts.to_vec(),
            elsewhere: attempts.len() as i64,
            is_switchboard: false,
            in_hand_until: None,
        }
    }

    #[test]
    fn a_number_that_several_companies_have_is_counted_once() {
        let now = on(10, 15, 0);
        let own = CallingPolicy { gap_minutes: 180, ..CallingPolicy::default() };
        let ru = CallingPolicy { preset: PresetCode::Ru, pressure_max: 50, ..own };
        let mild = CallingPolicy { attempts_per_day_max: 5, pressure_max: 50, ..own };
        let week = [on(9, 12, 0), on(6, 12, 0)];
        let free = number(&[]);
        let held = |until| NumberFacts { in_hand_until: Some(until), ..number(&[]) };
        let used = NumberFacts { elsewhere: 6, ..number(&[]) };
        let board = NumberFacts { is_switchboard: true, ..used.clone() };
        let rows = [
            (&own, vec![], None),
            (&own, vec![free.clone()], None),
            (&own, vec![number(&[on(10, 9, 0)])], Some((Rule::NumberDay, on(11, 9, 0)))),
            (&mild, vec![number(&[on(10, 13, 0)])], Some((Rule::NumberGap, on(10, 16, 0)))),
            (&own, vec![number(&week)], Some((Rule::NumberPressure, on(13, 12, 0)))),
            (&ru, vec![number(&week)], Some((Rule::NumberWeek, on(13, 12, 0)))),
            (&mild, vec![used], Some((Rule::NumberTotal, on(11, 15, 0)))),
            (&mild, vec![board], None),
            (&mild, vec![held(on(10, 15, 15))], Some((Rule::NumberInHand, on(10, 15, 15)))),
            (&own, vec![number(&[on(10, 9, 0)]), free], None),
            (&mild, vec![number(&[on(10, 14, 0)]), number(&[on(10, 13, 0)])], {
                Some((Rule::NumberGap, on(10, 16, 0)))
            }),
        ];
        for (policy, numbers, expected) in rows {
            let facts = Facts { numbers, ..facts() };
            let expected =
                expected.map_or(Verdict::Allow, |(rule, until)| Verdict::Deny { rule, until });
            assert_eq!(admit(policy, &facts, now), expected, "{:?}", facts.numbers);
        }
        let asked = Facts { is_promised: true, numbers: vec![number(&[on(10, 14, 0)])], ..facts() };
        assert_eq!(admit(&own, &asked, now), Verdict::Allow, "they asked for it");
        let taken = Facts { numbers: vec![held(on(10, 15, 15))], ..asked };
        let busy = Verdict::Deny { rule: Rule::NumberInHand, until: on(10, 15, 15) };
        assert_eq!(admit(&own, &taken, now), busy, "somebody else is on the line");
    }

    fn check(what: &str, facts: &Facts, now: Instant, expected: Option<(Rule, Instant)>) {
        let expected =
            expected.map_or(Verdict::Allow, |(rule, until)| Verdict::Deny { rule, until });
        assert_eq!(admit(&CallingPolicy::default(), facts, now), expected, "{what}");
    }

    #[test]
    fn hours_are_the_client_s_own() {
        let far = |name: &str| Facts { zone: Zone::named(name), ..facts() };
        let ten = on(2, 10, 0);
        check("in hours", &facts(), ten, None);
        check("before", &facts(), on(2, 8, 59), Some((Rule::Hours, on(2, 9, 0))));
        check("first minute", &facts(), on(2, 9, 0), None);
        check("last minute", &facts(), on(2, 17, 59), None);
        check("after", &facts(), on(2, 18, 0), Some((Rule::Hours, on(3, 9, 0))));
        check("Vladivostok is closed", &far("Asia/Vladivostok"), on(2, 11, 0), {
            Some((Rule::Hours, on(3, 2, 0)))
        });
        check("Kaliningrad sleeps", &far("Europe/Kaliningrad"), on(2, 9, 30), {
            Some((Rule::Hours, on(2, 10, 0)))
        });
        check("Saturday", &facts(), on(7, 12, 0), Some((Rule::Hours, on(9, 9, 0))));
        check("holiday", &facts(), on(4, 12, 0), Some((Rule::Holiday, on(5, 9, 0))));
        let hours = CallingHours { holidays_off: false, ..CallingHours::default() };
        let working = CallingPolicy { hours, ..CallingPolicy::default() };
        assert_eq!(admit(&working, &facts(), on(4, 12, 0)), Verdict::Allow);
        let hours = CallingHours { calendar: Calendar::Gb, ..CallingHours::default() };
        let british = CallingPolicy { hours, ..CallingPolicy::default() };
        assert_eq!(admit(&british, &facts(), on(4, 12, 0)), Verdict::Allow, "none of theirs");
        let hours = CallingHours { days: 0, ..CallingHours::default() };
        let never = CallingPolicy { hours, ..CallingPolicy::default() };
        let verdict = admit(&never, &facts(), ten);
        assert_eq!(verdict, Verdict::Deny { rule: Rule::Hours, until: ten.plus_days(1) });
    }

    #[test]
    fn how_often_is_counted_from_what_happened() {
        let now = on(2, 15, 0);
        let called = |at: Instant| Facts { attempts: 1, last_at: Some(at), ..facts() };
        check("a gap", &called(on(2, 14, 0)), now, Some((Rule::Gap, on(2, 17, 0))));
        check("a gap is over", &called(on(2, 12, 0)), now, None);
        check("a gap ends after hours", &called(on(2, 15, 0)), on(2, 16, 0), {
            Some((Rule::Gap, on(3, 9, 0)))
        });
        let capped = Facts { day_cap_at: Some(on(2, 9, 30)), ..called(on(2, 9, 30)) };
        check("a day's cap", &capped, now, Some((Rule::AttemptsDay, on(3, 9, 0))));
        check("a day's cap before a holiday", &capped_on(3), on(3, 15, 0), {
            Some((Rule::AttemptsDay, on(5, 9, 0)))
        });
        let refused = Facts { refused_at: Some(on(1, 12, 0)), ..facts() };
        let cool = CallingPolicy { cool_down_days: 4, ..CallingPolicy::default() };
        let verdict = admit(&cool, &refused, now);
        assert_eq!(verdict, Verdict::Deny { rule: Rule::CoolDown, until: on(5, 12, 0) });
        let pressed = Facts { pressure_cap_at: Some(on(2, 10, 0)), ..facts() };
        check("the budget of contacts", &pressed, now, Some((Rule::Pressure, on(9, 10, 0))));
        let both = Facts { pressure_cap_at: Some(on(2, 10, 0)), ..called(on(2, 14, 0)) };
        check("the longest rule decides", &both, now, Some((Rule::Pressure, on(9, 10, 0))));
    }

    fn capped_on(day: i8) -> Facts {
        let at = Some(on(day, 9, 30));
        Facts { attempts: 1, last_at: at, day_cap_at: at, ..facts() }
    }

    #[test]
    fn a_call_they_asked_for_is_not_one_too_many_but_keeps_every_other_rule() {
        let now = on(2, 15, 0);
        let asked = Facts {
            is_promised: true,
            attempts: 9,
            pressure_cap_at: Some(on(2, 10, 0)),
            refused_at: Some(on(2, 10, 0)),
            ..capped_on(2)
        };
        check("promised", &asked, now, None);
        check("promised at night", &asked, on(2, 20, 0), Some((Rule::Hours, on(3, 9, 0))));
        let returned = Facts { came_back: true, ..asked.clone() };
        let policy = CallingPolicy::default();
        let rested = on(2, 10, 0).plus_days(policy.cool_down_days);
        let opens = policy.hours.next_open(rested, &zone()).expect("it opens");
        check("came back", &returned, now, Some((Rule::CoolDown, opens)));
        let banned = Facts { is_suppressed: true, ..asked };
        check("promised, then banned", &banned, now, Some((Rule::Suppressed, on(3, 15, 0))));
    }

    #[test]
    fn rules_without_an_end_are_asked_again_the_next_day() {
        let now = on(2, 15, 0);
        let rows: [(Rule, fn(&mut Facts)); 6] = [
            (Rule::NotInBase, |f| f.is_in_base = false),
            (Rule::Suppressed, |f| f.is_suppressed = true),
            (Rule::Led, |f| f.is_led = true),
            (Rule::NoBasis, |f| f.has_basis = false),
            (Rule::NoPhone, |f| f.has_phone = false),
            (Rule::AttemptsTotal, |f| f.attempts = 6),
        ];
        for (rule, spoil) in rows {
            let mut spoilt = facts();
            spoil(&mut spoilt);
            check(rule.code(), &spoilt, now, Some((rule, on(3, 15, 0))));
        }
    }

    proptest::proptest! {
        #[test]
        fn who_is_allowed_is_within_hours_and_who_is_denied_waits(
            minute in 0_i64..60_000, last in proptest::option::of(0_i64..60_000),
            suppressed: bool, basis: bool, promised: bool,
        ) {
            let now = on(1, 0, 0).plus_minutes(minute);
            let facts = Facts {
                is_suppressed: suppressed,
                has_basis: basis,
                is_promised: promised,
                last_at: last.map(|minutes| now.plus_minutes(-minutes)),
                ..facts()
            };
            let policy = CallingPolicy::default();
            match admit(&policy, &facts, now) {
                Verdict::Allow => {
                    proptest::prop_assert!(policy.hours.is_open(now, &facts.zone));
                    proptest::prop_assert!(!suppressed && basis);
                }
                Verdict::Deny { until, .. } => proptest::prop_assert!(until > now),
            }
        }
    }
}
