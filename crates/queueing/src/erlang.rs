//! Closed forms for the queues M/M/n/n (Erlang B), M/M/n (Erlang C) and M/M/n+M (Erlang A).
//!
//! Sources: A. K. Erlang 1917 for B and C; C. Palm 1946 for A, in the form of Mandelbaum and
//! Zeltyn, *The Palm/Erlang-A Queue*, 2004. B is computed by its recurrence, which neither
//! overflows nor loses digits, and C and A are derived from it.

use crate::{OutOfRange, not_negative, positive, share_below_one};

/// What comes in and how long it takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Traffic {
    arrivals_per_second: f64,
    service_seconds_mean: f64,
}

impl Traffic {
    /// Traffic of so many arrivals within a stretch of time, each taking an agent for
    /// `service_seconds_mean` (talk, hold and wrap-up: the AHT) on average.
    ///
    /// # Errors
    /// When an argument is not finite, arrivals are negative, or a time is not above zero.
    pub fn new(
        arrivals: f64,
        within_seconds: f64,
        service_seconds_mean: f64,
    ) -> Result<Self, OutOfRange> {
        let arrivals = not_negative("arrivals", arrivals)?;
        let within_seconds = positive("within_seconds", within_seconds)?;
        let service_seconds_mean = positive("service_seconds_mean", service_seconds_mean)?;
        let arrivals_per_second = not_negative("arrivals_per_second", arrivals / within_seconds)?;
        not_negative("load_erlangs", arrivals_per_second * service_seconds_mean)?;
        Ok(Self { arrivals_per_second, service_seconds_mean })
    }

    /// The load A = λ · AHT, in erlangs.
    #[must_use]
    pub fn load_erlangs(self) -> f64 {
        self.arrivals_per_second * self.service_seconds_mean
    }

    /// The rate λ of arrivals per second.
    #[must_use]
    pub fn arrivals_per_second(self) -> f64 {
        self.arrivals_per_second
    }

    /// The mean time an agent is taken, in seconds.
    #[must_use]
    pub fn service_seconds_mean(self) -> f64 {
        self.service_seconds_mean
    }
}

/// Erlang B: the share of arrivals that find all agents busy and are lost, 0 to 1.
///
/// Recurrence: `B(0) = 1`, `B(k) = A·B(k−1) / (k + A·B(k−1))`.
///
/// # Errors
/// When the load is negative or not finite.
pub fn erlang_b(load_erlangs: f64, agents: u32) -> Result<f64, OutOfRange> {
    let load = not_negative("load_erlangs", load_erlangs)?;
    Ok((1..=agents).fold(1.0, |blocked, n| next_b(load, blocked, n)))
}

/// One step of the recurrence of Erlang B: from `n − 1` agents to `n`.
pub(crate) fn next_b(load: f64, blocked_before: f64, n: u32) -> f64 {
    let carried = load * blocked_before;
    carried / (f64::from(n) + carried)
}

/// Erlang C: the share of arrivals that have to wait, 0 to 1, when nobody gives up.
///
/// `C = n·B / (n − A·(1 − B))`. With a load of `n` or more the queue grows without end and
/// everybody waits: 1.
///
/// # Errors
/// When the load is negative or not finite.
pub fn erlang_c(load_erlangs: f64, agents: u32) -> Result<f64, OutOfRange> {
    let blocked = erlang_b(load_erlangs, agents)?;
    Ok(c_of_b(load_erlangs, agents, blocked))
}

/// Erlang C from Erlang B of the same load and agents.
pub(crate) fn c_of_b(load: f64, agents: u32, blocked: f64) -> f64 {
    let n = f64::from(agents);
    if load >= n { 1.0 } else { n * blocked / (n - load * (1.0 - blocked)) }
}

/// The share of arrivals answered within `target_seconds`, 0 to 1, under Erlang C:
/// `1 − C·e^(−(n − A)·t / AHT)`. With a load of `n` or more it is 0.
///
/// # Errors
/// When the target is negative or not finite.
pub fn service_level(
    traffic: Traffic,
    agents: u32,
    target_seconds: f64,
) -> Result<f64, OutOfRange> {
    let target_seconds = not_negative("target_seconds", target_seconds)?;
    let waits = erlang_c(traffic.load_erlangs(), agents)?;
    Ok(level_of_c(traffic, agents, waits, target_seconds))
}

/// The service level from Erlang C of the same load and agents.
pub(crate) fn level_of_c(traffic: Traffic, agents: u32, waits: f64, target_seconds: f64) -> f64 {
    let spare = f64::from(agents) - traffic.load_erlangs();
    if spare <= 0.0 {
        return 0.0;
    }
    1.0 - waits * (-spare * target_seconds / traffic.service_seconds_mean()).exp()
}

/// The average speed of answer in seconds under Erlang C, over all arrivals, those who do not wait
/// included: `C·AHT / (n − A)`. With a load of `n` or more it is infinite.
///
/// # Errors
/// Never with traffic made by [`Traffic::new`]; the type is that of its neighbours.
pub fn asa_seconds(traffic: Traffic, agents: u32) -> Result<f64, OutOfRange> {
    let spare = f64::from(agents) - traffic.load_erlangs();
    let waits = erlang_c(traffic.load_erlangs(), agents)?;
    Ok(if spare <= 0.0 { f64::INFINITY } else { waits * traffic.service_seconds_mean() / spare })
}

/// The wait in seconds that a `share` of arrivals does not exceed, under Erlang C:
/// `AHT / (n − A) · ln(C / (1 − share))`, and 0 where that many do not wait at all. With a load of
/// `n` or more it is infinite.
///
/// # Errors
/// When the share is outside 0 to 1, or is 1.
pub fn wait_quantile_seconds(traffic: Traffic, agents: u32, share: f64) -> Result<f64, OutOfRange> {
    let share = share_below_one("share", share)?;
    let spare = f64::from(agents) - traffic.load_erlangs();
    if spare <= 0.0 {
        return Ok(f64::INFINITY);
    }
    let waits = erlang_c(traffic.load_erlangs(), agents)?;
    let slower = waits / (1.0 - share);
    let mean = traffic.service_seconds_mean() / spare;
    Ok(if slower <= 1.0 { 0.0 } else { mean * slower.ln() })
}

/// The mean number of people waiting under Erlang C: `C·A / (n − A)`, infinite with a load of `n`
/// or more.
///
/// # Errors
/// When the load is negative or not finite.
pub fn queue_length_mean(load_erlangs: f64, agents: u32) -> Result<f64, OutOfRange> {
    let waits = erlang_c(load_erlangs, agents)?;
    let spare = f64::from(agents) - load_erlangs;
    Ok(if spare <= 0.0 { f64::INFINITY } else { waits * load_erlangs / spare })
}

/// The share of time an agent is busy when nobody gives up: `A / n`, at most 1. Without agents it
/// is 0.
///
/// # Errors
/// When the load is negative or not finite.
pub fn occupancy(load_erlangs: f64, agents: u32) -> Result<f64, OutOfRange> {
    let load = not_negative("load_erlangs", load_erlangs)?;
    Ok(if agents == 0 { 0.0 } else { (load / f64::from(agents)).min(1.0) })
}

/// What Erlang A says of a queue whose people give up after an exponential patience.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ErlangA {
    /// The share of arrivals that find all agents busy, 0 to 1.
    pub waits: f64,
    /// The share of arrivals that give up (renege) before an answer, 0 to 1.
    pub abandons: f64,
    /// The mean wait in seconds over all arrivals, answered or not, waiting or not.
    pub wait_seconds_mean: f64,
    /// The mean number of people waiting.
    pub queue_length_mean: f64,
    /// The share of time an agent is busy, 0 to 1; 0 without agents.
    pub occupancy: f64,
}

/// The tail of the queue is followed until a state's weight falls below this share of all.
const NEGLIGIBLE: f64 = 1e-18;
/// Weights are scaled down beyond this, long before a double overflows.
const LARGE: f64 = 1e200;
/// A tail longer than this would take seconds and means patience without end.
const QUEUE_STATES_MAX: u32 = 100_000_000;

/// Erlang A: Poisson arrivals, exponential service, exponential patience of the given mean. Exact
/// to the precision of a double, by the birth–death chain: below `n` through Erlang B, above it
/// term by term.
///
/// `patience_seconds_mean` of 0 is Erlang B: whoever finds all agents busy is gone.
///
/// # Errors
/// When patience is negative or not finite, or so long that the queue has no end in practice (use
/// Erlang C then).
pub fn erlang_a(
    traffic: Traffic,
    agents: u32,
    patience_seconds_mean: f64,
) -> Result<ErlangA, OutOfRange> {
    let patience = not_negative("patience_seconds_mean", patience_seconds_mean)?;
    let load = traffic.load_erlangs();
    let blocked = erlang_b(load, agents)?;
    if load == 0.0 {
        let waits = blocked;
        return Ok(summary(traffic, agents, waits, 0.0, 0.0));
    }
    if patience == 0.0 {
        return Ok(summary(traffic, agents, blocked, 0.0, blocked));
    }
    // Weights are relative to the state in which all agents are busy and nobody waits; the states
    // up to that one then weigh 1 / B together. Rates are counted per service time.
    let leaving = traffic.service_seconds_mean() / patience;
    let (mut below, mut weight) = (1.0 / blocked, 1.0_f64);
    let (mut waiting, mut waiting_people) = (0.0_f64, 0.0_f64);
    if below.is_infinite() {
        // So many agents that nobody ever waits.
        return Ok(summary(traffic, agents, 0.0, 0.0, 0.0));
    }
    let mut all_busy = 1.0_f64;
    for people in 1..=QUEUE_STATES_MAX {
        let ratio = load / (f64::from(agents) + f64::from(people) * leaving);
        weight *= ratio;
        waiting += weight;
        waiting_people += weight * f64::from(people);
        // Far out the tail falls faster than a geometric row of this ratio, whose mean length the
        // second factor bounds.
        let rest = weight * (1.0 + f64::from(people)) / (1.0 - ratio);
        if ratio < 1.0 && rest <= NEGLIGIBLE * (below + waiting + waiting_people) {
            let total = below + waiting;
            let waits = (all_busy + waiting) / total;
            let queue = waiting_people / total;
            let abandons = queue / (patience * traffic.arrivals_per_second());
            return Ok(summary(traffic, agents, waits, queue, abandons));
        }
        if weight > LARGE || waiting_people > LARGE {
            for part in [&mut weight, &mut waiting, &mut waiting_people, &mut below, &mut all_busy]
            {
                *part /= LARGE;
            }
        }
    }
    Err(OutOfRange { name: "patience_seconds_mean", value: patience })
}

fn summary(traffic: Traffic, agents: u32, waits: f64, queue: f64, abandons: f64) -> ErlangA {
    let rate = traffic.arrivals_per_second();
    let answered = traffic.load_erlangs() * (1.0 - abandons);
    ErlangA {
        waits,
        abandons,
        // Little's law over all arrivals.
        wait_seconds_mean: if rate == 0.0 { 0.0 } else { queue / rate },
        queue_length_mean: queue,
        occupancy: if agents == 0 { 0.0 } else { answered / f64::from(agents) },
    }
}

#[cfg(test)]
mod tests;
