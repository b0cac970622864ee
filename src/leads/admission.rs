//! May this company be called now, or written to? One pure function, asked when the queue fills and
//! again in the transaction that leases, and in the one that records a letter, so no way to a call
//! goes round it.
//!
//! Rules that do not end by themselves come first: removed, suppressed, led by a higher tier, no
//! basis, no number, attempts used up. Of the others the one that lasts longest decides, moved to
//! the next open hour, so that a denied lead is looked at once and not once per rule. A call the
//! client asked for is not counted against how often we may call; everything else holds for it.
//! Last comes the part of the client's day: of those in which one may call and that have room for
//! an attempt, the least tried.
//!
//! How often holds for a company and for each of its numbers: a number that several companies have
//! is one number, whichever of them it was called for. A company waits when all its numbers do. A
//! landline that rings in another zone than the company's is called when both are at work.
//!
//! Calls and letters share one budget of contacts over all campaigns. What a country says of how
//! often, attempts, gaps and hours are about calls alone: a letter is read when its reader likes.

use crate::campaigns::CallingPolicy;
use crate::campaigns::hours::at_minute;
use crate::campaigns::parts::Tries;
use crate::campaigns::presets::CAP_DAYS;
use crate::companies::{Channel, CompanyPhone, zones};
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
        /// Its numbers are said not to exist, and wait.
        NumberHeld = "number_held",
        /// All attempts are used up.
        AttemptsTotal = "attempts_total",
        /// Every part of their day had its attempts.
        PartsTotal = "parts_total",
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
        /// This part of their day had its attempts, or another was tried less often.
        DayPart = "day_part",
    }
}

impl Rule {
    /// False when only a change on record ends it: it is looked at again, and not waited for.
    pub fn ends_by_itself(self) -> bool {
        !matches!(
            self,
            Self::NotInBase
                | Self::Suppressed
                | Self::Led
                | Self::NoBasis
                | Self::NoPhone
                | Self::AttemptsTotal
                | Self::PartsTotal
                | Self::NumberTotal
        )
    }
}

/// What is known about a company when one asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// By which way they would be reached.
    pub channel: Channel,
    /// Where their clock stands.
    pub zone: Zone,
    /// Neither removed nor merged away.
    pub is_in_base: bool,
    /// They must not be reached so.
    pub is_suppressed: bool,
    /// A seller or an account manager leads them.
    pub is_led: bool,
    /// The basis the campaign names is on record.
    pub has_basis: bool,
    /// A number worth dialling is on record.
    pub has_phone: bool,
    /// Where all of those wait since they are said not to exist: until when the first does.
    pub held_until: Option<Instant>,
    /// The call is one they asked for, or one owed to a lead that came back: it is not one too
    /// many of all.
    pub is_promised: bool,
    /// The lead came back from tier 2. Nobody asked for a call, so the client's rest is kept.
    pub came_back: bool,
    /// Attempts on the lead so far.
    pub attempts: i64,
    /// In which parts of their day nobody was reached.
    pub tries: Tries,
    /// The latest attempt on the lead.
    pub last_at: Option<Instant>,
    /// The attempt that would be the last one allowed in a day, counted from the latest back.
    pub day_cap_at: Option<Instant>,
    /// The contact, call or letter, that would be the last one allowed in the window, over all
    /// campaigns.
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
    /// A company of the base with a ground and a number, whom nothing forbids to reach.
    pub fn free(channel: Channel, zone: Zone) -> Self {
        Self {
            channel,
            zone,
            is_in_base: true,
            is_suppressed: false,
            is_led: false,
            has_basis: true,
            has_phone: true,
            held_until: None,
            is_promised: false,
            came_back: false,
            attempts: 0,
            tries: Tries::default(),
            last_at: None,
            day_cap_at: None,
            pressure_cap_at: None,
            caps_at: [None; 3],
            refused_at: None,
            numbers: Vec::new(),
        }
    }
    /// Leaves out the numbers that nobody may dial, whatever was done with them. A number may be
    /// banned by itself, whoever carries it: where one is on record and none is left, that is why.
    pub fn keep_numbers(&mut self, callable: &[CompanyPhone], now: Instant) {
        let is_held = self.held_until.is_some_and(|until| until > now);
        self.is_suppressed |= self.has_phone && !is_held && callable.is_empty();
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

/// May this company be called now, or written to? Of the campaign's policy and its country's rules
/// the stricter holds.
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
    if facts.channel == Channel::Letter {
        return longest.map_or(Verdict::Allow, |(rule, until)| Verdict::Deny { rule, until });
    }
    let from = longest.map_or(now, |(_, until)| until);
    // Hours that never open: ask again tomorrow, somebody may have corrected them.
    let opens = policy.next_open(from, &facts.zone).unwrap_or_else(|| now.plus_ms(LOOK_AGAIN_MS));
    let until = match facts.is_promised {
        true => opens,
        false => policy.next_part(opens, facts.tries, &facts.zone),
    };
    if until == now {
        return Verdict::Allow;
    }
    let rule = match longest {
        Some((rule, _)) => rule,
        None if until > opens => Rule::DayPart,
        None => closed_rule(policy, facts, now),
    };
    Verdict::Deny { rule, until }
}

fn standing_rule(policy: &CallingPolicy, facts: &Facts) -> Option<Rule> {
    [
        (Rule::NotInBase, !facts.is_in_base),
        (Rule::Suppressed, facts.is_suppressed),
        (Rule::Led, facts.is_led),
        (Rule::NoBasis, !facts.has_basis),
        (Rule::NoPhone, !facts.has_phone),
        (Rule::AttemptsTotal, !facts.is_promised && facts.attempts >= policy.attempts_max),
        (Rule::PartsTotal, !facts.is_promised && policy.is_tried_out(facts.tries)),
    ]
    .into_iter()
    .find_map(|(rule, applies)| applies.then_some(rule))
}

fn timed_rules(policy: &CallingPolicy, facts: &Facts) -> Vec<(Rule, Instant)> {
    let held = facts.held_until.map(|until| (Rule::NumberHeld, until));
    if facts.is_promised && !facts.came_back {
        return held.into_iter().collect();
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
    .chain(held)
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

/// The numbers that ring in another zone than the company's, and not in calling hours there. Nobody
/// knows which of the two is where they sit, so one calls when both allow it; where no hour does,
/// the company's own decides.
pub fn closed_numbers(
    policy: &CallingPolicy,
    own: &Zone,
    phones: &[CompanyPhone],
    now: Instant,
) -> Vec<(PhoneId, Rule, Instant)> {
    let closed = phones.iter().filter_map(|phone| {
        let zone = zones::of_number(&phone.phone.e164).filter(|zone| zone != own)?;
        let until = policy.next_open_in(now, [own, &zone])?;
        (until > now).then_some((phone.id, Rule::Hours, until))
    });
    closed.collect()
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
mod tests;
