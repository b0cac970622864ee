//! What every credit stands at, straight from the rules: how much.

use std::collections::BTreeMap;

use super::fraction::{F, share_out};
use super::naive::{Look, Stood, ask, person, shares, version_ends};
use super::{
    Amounts, Assigned, CapOver, DAYS, Door, Fact, Figure, Firm, From, Height, Line, Once, Pay,
    Pays, Read, Span, TableBy, Version, days_of, label, month_of, percent,
};

/// What is owed, and what would be if everything open were passed.
type Two = (i64, i64);

pub struct Book<'a> {
    firm: &'a Firm,
    stood: &'a [Stood],
    assigned: &'a Assigned,
    version: &'a Version,
    looks: &'a [&'a Look],
    /// Days on which the version pays the assignment.
    days: (i64, i64),
    /// Code, label, share of the quota reached.
    attained: Vec<(String, String, F, F)>,
    /// Code, month of the year, label, amounts.
    results: Vec<(String, usize, String, Two)>,
    /// What was asked for under a cap: line, cap, key.
    asked: Vec<(String, String, Two)>,
}

/// What one line counted.
struct Sum {
    pieces: F,
    measure: F,
    each: Vec<(F, F)>,
}

impl<'a> Book<'a> {
    pub fn new(
        firm: &'a Firm,
        stood: &'a [Stood],
        of: (usize, usize),
        looks: &'a [&'a Look],
    ) -> Self {
        let (assigned, version) = (&firm.assignments[of.0], &firm.versions[of.1]);
        let ends = version_ends(firm, version).map_or(9_999, |hour| hour / 24);
        let until = assigned.until.unwrap_or(9_999).min(ends);
        let days = (assigned.from.max(version.from.div_euclid(24)), until);
        let (attained, results, asked) = (Vec::new(), Vec::new(), Vec::new());
        Self { firm, stood, assigned, version, looks, days, attained, results, asked }
    }

    /// How many days of a month, by their place in it.
    fn stretch(&self, month: usize) -> (i64, i64) {
        let (first, after) = days_of(month);
        let place = |day: i64| day.clamp(first, after) - first;
        (place(self.days.0), place(self.days.1).max(place(self.days.0)))
    }

    /// Lines, each after all it follows from.
    fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = Vec::new();
        for place in 0..self.version.components.len() {
            self.visit(place, &mut order);
        }
        order
    }

    fn visit(&self, place: usize, order: &mut Vec<usize>) {
        if order.contains(&place) {
            return;
        }
        let line = &self.version.components[place];
        let mut before: Vec<&String> = Vec::new();
        if let From::Result(code) = &line.from {
            before.push(code);
        }
        for times in &line.factors {
            if let Figure::Attainment(code) = &times.by
                && *code != line.code
            {
                before.push(code);
            }
        }
        for code in before {
            let at = self.version.components.iter().position(|one| one.code == *code).unwrap();
            self.visit(at, order);
        }
        order.push(place);
    }

    pub fn pay(&mut self, found: &mut Amounts) {
        for place in self.order() {
            let line = &self.version.components[place];
            if line.from == From::Calendar {
                self.salary(line, found);
            } else if line.span == Span::Single {
                self.singles(line, place, found);
            } else {
                self.periods(line, place, found);
            }
        }
    }

    fn put(&self, found: &mut Amounts, who: &str, line: &Line, of: &str, amount: Two) {
        let (me, version) = (self.assigned, self.version);
        let key = format!(
            "{who}|{}|{}|{}|{}|{}|{of}",
            me.person, me.id, version.plan, version.number, line.code
        );
        let (owed, open) = amount;
        let known = found.insert(key.clone(), (owed, open - owed));
        assert!(known.is_none(), "the naive one names {key} twice");
    }

    /// An amount under a cap that others filled before.
    fn cap(&mut self, cap: String, key: String, most: i64, amount: Two) -> Two {
        let before = self.asked.iter().filter(|one| one.0 == cap && one.1 == key);
        let sum = before.fold((0, 0), |sum, one| (sum.0 + one.2.0, sum.1 + one.2.1));
        self.asked.push((cap, key, amount));
        let under = |before: i64, more: i64| (before + more).min(most) - before.min(most);
        (under(sum.0, amount.0), under(sum.1, amount.1))
    }

    fn caps(&mut self, line: &Line, deal: &str, month: usize, own: &str, amount: Two) -> Two {
        let mut left = amount;
        for (place, (over, most)) in line.caps.iter().enumerate() {
            let key = match over {
                CapOver::Amount => {
                    left = (left.0.min(*most), left.1.min(*most));
                    continue;
                }
                CapOver::Deal => deal.to_owned(),
                CapOver::Component => String::new(),
                CapOver::Month if own.is_empty() => label(Span::Month, month),
                CapOver::Month => own.to_owned(),
                CapOver::Quarter => label(Span::Quarter, month),
                CapOver::Year => label(Span::Year, month),
            };
            left = self.cap(format!("{} {place}", line.code), key, *most, left);
        }
        left
    }

    fn plan_cap(&mut self, month: usize, amount: Two) -> Two {
        match self.version.cap {
            Some(most) => self.cap("plan".into(), label(Span::Month, month), most, amount),
            None => amount,
        }
    }

    fn salary(&mut self, line: &Line, found: &mut Amounts) {
        let Some(salary) = self.assigned.salary else { return };
        for (month, days) in DAYS.iter().enumerate() {
            let (from, until) = self.stretch(month);
            let (first, after) = days_of(month);
            let has_begun = month == 0 || first * 24 <= self.firm.as_of;
            if from >= until || !has_begun {
                continue;
            }
            let rounds = self.version.rounding;
            let sum = |day: i64| F::whole(salary).mul(F::new(day, *days)).round(rounds);
            let part = sum(until) - sum(from);
            let owed = if after * 24 <= self.firm.as_of { part } else { 0 };
            let of = label(Span::Month, month);
            self.put(found, &self.assigned.person.clone(), line, &of, (owed, part));
        }
    }

    fn singles(&mut self, line: &Line, place: usize, found: &mut Amounts) {
        let looks: Vec<&Look> =
            self.looks.iter().copied().filter(|look| look.line == place).collect();
        for look in looks {
            let Some(measure) = look.measure.filter(|_| !look.is_told_before) else { continue };
            let stood = &self.stood[look.event];
            let month = month_of(stood.told.hour / 24);
            let sum = Sum { pieces: F::ONE, measure, each: vec![(F::ONE, measure)] };
            let exact = self.rate(line, &sum, None);
            let factors = self.factors(line, month, "");
            let earned = [exact.mul(factors.0), exact.mul(factors.1)]
                .map(|exact| exact.round(self.version.rounding));
            let doors = self.doors(line, stood);
            let weights: Vec<F> = doors.iter().map(|door| percent(door.0)).collect();
            let parts = earned.map(|earned| share_out(earned, &weights));
            let alive = |parts: &[i64]| -> Vec<i64> {
                let lives = parts.iter().zip(&doors);
                lives.map(|(part, door)| if door.1 == 'x' { 0 } else { *part }).collect()
            };
            let (owed, open) = (alive(&parts[0]), alive(&parts[1]));
            let living = (owed.iter().sum(), open.iter().sum());
            let deal = stood.told.deal.as_ref().unwrap_or(&stood.told.subject).clone();
            let left = self.caps(line, &deal, month, "", living);
            let released = |left: i64| -> i64 {
                let mut rest = left;
                let mut sum = 0;
                for (part, door) in owed.iter().zip(&doors) {
                    let got = if left < 0 { (*part).max(rest) } else { (*part).min(rest) };
                    let got = if (got < 0) == (left < 0) { got } else { 0 };
                    rest -= got;
                    sum += if door.1 == 'r' { got } else { 0 };
                }
                sum
            };
            let came = (released(left.0), left.1);
            self.results.push((line.code.clone(), month, String::new(), came));
            let left = self.plan_cap(month, left);
            let amount = (released(left.0), left.1);
            let of = match line.once {
                Once::Event => format!("event {}", stood.told.id),
                Once::Subject => format!("subject {}", stood.told.subject),
                Once::SubjectInMonth => {
                    format!("subject {} {}", stood.told.subject, label(Span::Month, month))
                }
            };
            self.give(line, stood, &of, amount, found);
        }
    }

    /// The amount, given to all who share it.
    fn give(&self, line: &Line, stood: &Stood, of: &str, amount: Two, found: &mut Amounts) {
        let present = shares(self.firm, line, stood);
        let weights: Vec<F> = line
            .split
            .iter()
            .enumerate()
            .map(|(place, (_, over, under))| {
                let is_here = present.iter().any(|one| one.0 == place);
                if is_here || !line.others { F::new(*over, *under) } else { F::NONE }
            })
            .collect();
        let (owed, open) = (share_out(amount.0, &weights), share_out(amount.1, &weights));
        let mut people: BTreeMap<String, Two> = BTreeMap::new();
        for (place, who, share, is_overlay) in present {
            let part = if is_overlay {
                let over = |whole| F::whole(whole).mul(share).round(self.version.rounding);
                (over(amount.0), over(amount.1))
            } else {
                (owed[place], open[place])
            };
            let known = people.entry(who).or_default();
            *known = (known.0 + part.0, known.1 + part.1);
        }
        for (who, part) in people {
            self.put(found, &who, line, of, part);
        }
    }

    /// Percent of each part, and whether it is released, open or lost.
    fn doors(&self, line: &Line, stood: &Stood) -> Vec<(i64, char)> {
        let Some(Door { at_once, stages }) = &line.gate else { return vec![(100, 'r')] };
        let mut doors = vec![(*at_once, 'r')];
        let (mut since, mut is_open, mut has_failed) = (stood.told.hour, false, false);
        for stage in stages {
            if is_open || has_failed {
                doors.push((stage.releases, if has_failed { 'x' } else { 'o' }));
                continue;
            }
            let end = stage.limit.map(|limit| since + limit.0);
            // The word of the highest rank, and of one rank the latest.
            let mut said: Option<(usize, i64, bool)> = None;
            for (rank, (kind, question, passes, is_late)) in stage.words.iter().enumerate() {
                for other in self.stood.iter().filter(|other| !other.is_gone) {
                    let told = &other.told;
                    if told.subject == stood.told.subject
                        && told.kind == *kind
                        && (*is_late || end.is_none_or(|end| told.hour <= end))
                        && question.as_ref().is_none_or(|q| ask(q, &told.facts) == Some(true))
                    {
                        said = Some((rank, told.hour, *passes));
                    }
                }
            }
            let silence = stage.limit.zip(end).filter(|(_, end)| *end <= self.firm.as_of);
            let decided = said
                .map(|(_, hour, passes)| (hour, passes))
                .or_else(|| silence.map(|((_, passes), end)| (end, passes)));
            match decided {
                Some((hour, true)) => {
                    since = hour;
                    doors.push((stage.releases, 'r'));
                }
                Some((_, false)) => {
                    has_failed = true;
                    doors.push((stage.releases, 'x'));
                }
                None => {
                    is_open = true;
                    doors.push((stage.releases, 'o'));
                }
            }
        }
        if has_failed && line.clawback {
            doors.iter_mut().for_each(|door| door.1 = 'x');
        }
        doors
    }

    fn target(&self, line: &Line, month: usize) -> Option<F> {
        let (target, _, ramp, is_prorated) = self.assigned.quota.as_ref()?;
        if !line.has_quota {
            return None;
        }
        let months: Vec<usize> = match line.span {
            Span::Month => vec![month],
            Span::Quarter => (month / 3 * 3..month / 3 * 3 + 3).collect(),
            Span::Year => (0..12).collect(),
            Span::Term => return Some(F::whole(*target)),
            Span::Single => return None,
        };
        // The only earlier beginning is in the December before.
        let begun = if self.assigned.from < 0 { -1 } else { month_of(self.assigned.from) as i64 };
        let count = i64::try_from(months.len()).unwrap();
        let mut sum = F::NONE;
        for month in months {
            let mut part = F::new(*target, count);
            let since = usize::try_from(month as i64 - begun).unwrap_or(usize::MAX);
            if let Some(share) = ramp.get(since) {
                part = part.mul(percent(*share));
            }
            if *is_prorated {
                let (from, until) = self.stretch(month);
                part = part.mul(F::new(until - from, DAYS[month]));
            }
            sum = sum.add(part);
        }
        if sum.is_none() { None } else { Some(sum) }
    }

    fn periods(&mut self, line: &Line, place: usize, found: &mut Amounts) {
        // Label, and the last month of it; of a term the month of its last event.
        let mut labels: BTreeMap<String, usize> = BTreeMap::new();
        let last = |month: usize| match line.span {
            Span::Quarter => month / 3 * 3 + 2,
            Span::Year => 11,
            _ => month,
        };
        for look in self.looks.iter().filter(|look| look.line == place) {
            let month = month_of(self.stood[look.event].told.hour / 24);
            labels.insert(label(line.span, month), last(month));
        }
        if let From::Result(code) = &line.from {
            for (_, month, own, _) in self.results.iter().filter(|one| one.0 == *code) {
                let own = if own.is_empty() { label(line.span, *month) } else { own.clone() };
                labels.insert(own, last(*month));
            }
        }
        if let Pays::Table(_, Read::Lump, rows) = &line.rate
            && rows[0].1 != Pay::Money(0)
            && line.span != Span::Term
        {
            for month in 0..12 {
                let (from, until) = self.stretch(month);
                if from < until && self.is_over(line, last(month)) {
                    labels.insert(label(line.span, month), last(month));
                }
            }
        }
        for (own, month) in labels {
            self.period(line, place, (&own, month), found);
        }
    }

    fn is_over(&self, line: &Line, month: usize) -> bool {
        match (&line.rate, line.span) {
            (Pays::Table(_, Read::Lump, _), Span::Term) => {
                self.assigned.until.is_some_and(|end| end * 24 <= self.firm.as_of)
            }
            (Pays::Table(_, Read::Lump, _), _) => days_of(month).1 * 24 <= self.firm.as_of,
            _ => true,
        }
    }

    fn period(&mut self, line: &Line, place: usize, of: (&str, usize), found: &mut Amounts) {
        let (own, month) = of;
        let mut sums =
            [(); 2].map(|()| Sum { pieces: F::NONE, measure: F::NONE, each: Vec::new() });
        let mut add = |run: usize, pieces: F, measure: F| {
            let sum: &mut Sum = &mut sums[run];
            sum.pieces = sum.pieces.add(pieces);
            sum.measure = sum.measure.add(measure);
            sum.each.push((pieces, measure));
        };
        for look in self.looks.iter().filter(|look| look.line == place) {
            let stood = &self.stood[look.event];
            let is_here = label(line.span, month_of(stood.told.hour / 24)) == own;
            let counts = look.measure.filter(|_| is_here && !look.is_told_before);
            let Some(measure) = counts else { continue };
            let doors = self.doors(line, stood);
            let sum = |states: &str| {
                let fitting = doors.iter().filter(|door| states.contains(door.1));
                percent(fitting.map(|door| door.0).sum()).mul(look.share)
            };
            for (run, weight) in [sum("r"), sum("ro")].into_iter().enumerate() {
                add(run, weight, measure.mul(weight));
            }
        }
        if let From::Result(code) = &line.from {
            for (_, at, label_of, two) in self.results.iter().filter(|one| one.0 == *code) {
                let came =
                    if label_of.is_empty() { label(line.span, *at) } else { label_of.clone() };
                if came == own {
                    add(0, F::NONE, F::whole(two.0));
                    add(1, F::NONE, F::whole(two.1));
                }
            }
        }
        let quota = self.target(line, month);
        if let Some(quota) = quota {
            let reached = |run: usize| sums[run].measure.div(quota);
            let (owed, open) = (reached(0), reached(1));
            self.attained.push((line.code.clone(), own.to_owned(), owed, open));
        }
        let factors = self.factors(line, month, own);
        let rounds = self.version.rounding;
        let mut amount = (
            self.rate(line, &sums[0], quota).mul(factors.0).round(rounds),
            self.rate(line, &sums[1], quota).mul(factors.1).round(rounds),
        );
        // Where a quota is wanted and there is none, nothing is paid.
        if !self.is_over(line, month) {
            amount.0 = 0;
        }
        let key = if line.span == Span::Month { own } else { "" };
        let left = self.caps(line, "", month, key, amount);
        self.results.push((line.code.clone(), month, own.to_owned(), left));
        let left = self.plan_cap(month, left);
        let of = if own.is_empty() { "term" } else { own };
        self.put(found, &self.assigned.person.clone(), line, of, left);
    }

    fn factors(&self, line: &Line, month: usize, own: &str) -> (F, F) {
        let mut product = (F::ONE, F::ONE);
        for times in &line.factors {
            let figures: Option<(F, F)> = match &times.by {
                Figure::Attainment(code) => {
                    let other = self.version.components.iter().find(|one| one.code == *code);
                    let label = match line.span {
                        Span::Single => label(other.unwrap().span, month),
                        _ => own.to_owned(),
                    };
                    let found = self.attained.iter().find(|one| one.0 == *code && one.1 == label);
                    found.map(|found| (found.2, found.3))
                }
                Figure::Score => {
                    let span = if line.span == Span::Single { Span::Month } else { line.span };
                    let label_of = |hour: i64| label(span, month_of(hour / 24));
                    let wanted =
                        if line.span == Span::Single { label(span, month) } else { own.to_owned() };
                    let mut found = None;
                    for stood in self.stood {
                        if stood.told.kind == "scored"
                            && !stood.is_gone
                            && person(stood, "seller").as_ref() == Some(&self.assigned.person)
                            && label_of(stood.told.hour) == wanted
                            && let Some(Fact::Percent(quality)) = stood.told.facts.get("quality")
                        {
                            found = Some((percent(*quality), percent(*quality)));
                        }
                    }
                    found
                }
            };
            let factor = |figure: F| {
                let row = times
                    .rows
                    .iter()
                    .find(|row| row.0.is_none_or(|end| !figure.above(percent(end))));
                percent(row.unwrap().1)
            };
            let unknown = percent(times.unknown);
            let (owed, open) =
                figures.map_or((unknown, unknown), |two| (factor(two.0), factor(two.1)));
            product = (product.0.mul(owed), product.1.mul(open));
        }
        product
    }

    fn reaches(&self, line: &Line, sum: &Sum, height: Height, quota: Option<F>) -> Option<bool> {
        let (reached, wanted) = match height {
            Height::Count(count) if line.measure.is_money() => (sum.pieces, F::whole(count)),
            Height::Count(count) => (sum.measure, F::whole(count)),
            Height::Money(minor) => (sum.measure, F::whole(minor)),
            Height::Percent(share) => (sum.measure, quota?.mul(percent(share))),
        };
        Some(!reached.below(wanted))
    }

    fn rate(&self, line: &Line, sum: &Sum, quota: Option<F>) -> F {
        if let Some(cliff) = line.cliff
            && self.reaches(line, sum, cliff, quota) != Some(true)
        {
            return F::NONE;
        }
        let own = self.assigned.rates.get(&line.code);
        let money = |minor: i64| match own {
            Some(Pay::Money(own)) => F::whole(*own),
            _ => F::whole(minor),
        };
        let units = if line.measure.is_money() { sum.pieces } else { sum.measure };
        match &line.rate {
            Pays::Each(minor) => units.mul(money(*minor)),
            Pays::Share(tenths) => match own {
                Some(Pay::Share(own)) => sum.measure.mul(F::new(*own, 1_000)),
                _ => sum.measure.mul(F::new(*tenths, 1_000)),
            },
            Pays::Milestone(height, minor) => match self.reaches(line, sum, *height, quota) {
                Some(true) => money(*minor),
                _ => F::NONE,
            },
            Pays::OneTime(minor) => sum.pieces.min(F::ONE).mul(money(*minor)),
            Pays::Table(by, read, rows) => self.table(line, (*by, *read, rows), sum, quota),
            Pays::Salary => F::NONE,
        }
    }

    fn table(
        &self,
        line: &Line,
        table: (TableBy, Read, &[(Option<i64>, Pay)]),
        sum: &Sum,
        quota: Option<F>,
    ) -> F {
        let (by, read, rows) = table;
        let scale = match by {
            TableBy::Attainment => match quota {
                Some(quota) => quota.mul(F::new(1, 100)),
                None => return F::NONE,
            },
            TableBy::Measure | TableBy::Count => F::ONE,
        };
        let rate = |pay: Pay| match pay {
            Pay::Money(minor) => F::whole(minor),
            Pay::Share(tenths) => F::new(tenths, 1_000),
        };
        let base = |pay: Pay, pieces: F, measure: F| match pay {
            Pay::Money(_) if line.measure.is_money() => pieces,
            Pay::Money(_) | Pay::Share(_) => measure,
        };
        let height = |pieces: F, measure: F| if by == TableBy::Count { pieces } else { measure };
        let ends: Vec<Option<F>> =
            rows.iter().map(|row| row.0.map(|end| F::whole(end).mul(scale))).collect();
        let row_at =
            |height: F| ends.iter().position(|end| end.is_none_or(|end| !height.above(end)));
        if read != Read::Marginal {
            let pay = rows[row_at(height(sum.pieces, sum.measure)).unwrap()].1;
            let on = if read == Read::Lump { F::ONE } else { base(pay, sum.pieces, sum.measure) };
            return on.mul(rate(pay));
        }
        // Piece by piece, whatever the table: slowly, and always the same way.
        let mut amount = F::NONE;
        let mut reached = F::NONE;
        for (pieces, measure) in &sum.each {
            let step = height(*pieces, *measure);
            let next = reached.add(step);
            if step.is_none() {
                let pay = rows[row_at(reached).unwrap()].1;
                amount = amount.add(base(pay, *pieces, *measure).mul(rate(pay)));
            } else {
                let (low, high) = (reached.min(next), reached.max(next));
                let mut floor: Option<F> = None;
                for (row, end) in rows.iter().zip(&ends) {
                    let bottom = floor.map_or(low, |floor| floor.max(low));
                    let top = end.map_or(high, |end| end.min(high));
                    if top.above(bottom) {
                        let size = high.sub(low);
                        let share = top.sub(bottom).div(size);
                        amount =
                            amount.add(base(row.1, *pieces, *measure).mul(share).mul(rate(row.1)));
                    }
                    floor = *end;
                }
            }
            reached = next;
        }
        amount
    }
}
