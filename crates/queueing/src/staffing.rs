//! How many people a target needs.

use crate::erlang::{Traffic, c_of_b, level_of_c, next_b};
use crate::{OutOfRange, not_negative, share_below_one};

/// A service level to reach: so large a share of arrivals answered within so many seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Target {
    /// The share to be answered in time, from 0 up to but without 1; 0.8 in «80/20».
    pub answered_share: f64,
    /// In time means within so many seconds; 20 in «80/20».
    pub within_seconds: f64,
}

/// The smallest number of agents at work that reaches the target under Erlang C. It is always more
/// than the load, since otherwise the queue grows without end.
///
/// # Errors
/// When the share is outside 0 to 1 or is 1, the seconds are negative or not finite, or the load is
/// beyond what can be counted in agents.
pub fn agents_for(traffic: Traffic, target: Target) -> Result<u32, OutOfRange> {
    let share = share_below_one("answered_share", target.answered_share)?;
    let within_seconds = not_negative("within_seconds", target.within_seconds)?;
    let load = traffic.load_erlangs();
    let mut blocked = 1.0;
    for agents in 1..u32::MAX {
        blocked = next_b(load, blocked, agents);
        if f64::from(agents) <= load {
            continue;
        }
        let waits = c_of_b(load, agents, blocked);
        if level_of_c(traffic, agents, waits, within_seconds) >= share {
            return Ok(agents);
        }
    }
    Err(OutOfRange { name: "load_erlangs", value: load })
}

/// The positions to be filled so that `agents` are at work when the share `shrinkage` of paid time
/// goes into breaks, training, leave and illness: `agents / (1 − shrinkage)`, rounded up.
///
/// # Errors
/// When shrinkage is outside 0 to 1 or is 1, or so near to 1 that the positions cannot be counted.
pub fn positions_for(agents: u32, shrinkage: f64) -> Result<u32, OutOfRange> {
    let at_work = 1.0 - share_below_one("shrinkage", shrinkage)?;
    let exact = f64::from(agents) / at_work;
    // What rounding errors add must not cost a whole position: 14 / 0.7 is 20, not 21.
    let positions = (exact - exact * 1e-12).ceil();
    if positions > f64::from(u32::MAX) {
        return Err(OutOfRange { name: "shrinkage", value: shrinkage });
    }
    Ok(positions as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{asa_seconds, service_level};

    #[test]
    fn the_least_number_of_agents_is_found() {
        let check = |arrivals, service_seconds, share, seconds, agents, level: f64, asa: f64| {
            let Ok(traffic) = Traffic::new(arrivals, 1800.0, service_seconds) else {
                panic!("refused")
            };
            let target = Target { answered_share: share, within_seconds: seconds };
            assert_eq!(agents_for(traffic, target), Ok(agents));
            let found = service_level(traffic, agents, seconds).unwrap_or(f64::NAN);
            assert!((found - level).abs() < 1e-5, "{found}");
            let found = asa_seconds(traffic, agents).unwrap_or(f64::NAN);
            assert!((found - asa).abs() < 1e-3, "{found}");
            let fewer = service_level(traffic, agents - 1, seconds).unwrap_or(f64::NAN);
            assert!(fewer < share, "{fewer}");
        };
        check(100.0, 180.0, 0.8, 20.0, 14, 0.888_35, 7.835_9);
        check(360.0, 240.0, 0.8, 15.0, 55, 0.845_883, 8.184);
        check(50.0, 300.0, 0.8, 30.0, 12, 0.878_043, 14.397_8);
        check(200.0, 300.0, 0.9, 20.0, 41, 0.915_339, 5.522_9);
    }

    #[test]
    fn without_arrivals_one_agent_is_enough() {
        let Ok(traffic) = Traffic::new(0.0, 1800.0, 180.0) else { panic!("refused") };
        let target = Target { answered_share: 0.99, within_seconds: 0.0 };
        assert_eq!(agents_for(traffic, target), Ok(1));
        let impossible = Target { answered_share: 1.0, within_seconds: 20.0 };
        assert!(agents_for(traffic, impossible).is_err());
    }

    #[test]
    fn shrinkage_turns_agents_into_positions() {
        assert_eq!(positions_for(14, 0.3), Ok(20));
        assert_eq!(positions_for(14, 0.0), Ok(14));
        assert_eq!(positions_for(15, 0.3), Ok(22));
        assert_eq!(positions_for(0, 0.3), Ok(0));
        assert!(positions_for(14, 1.0).is_err());
        assert!(positions_for(14, -0.1).is_err());
        assert!(positions_for(u32::MAX, 0.5).is_err());
    }
}
