//! How much room on the disk a file needs, reckoned before anything of it is written. No reckoning
//! is true to the byte: it is made so that a list that is begun comes to its end, and one that
//! would fit by far is not turned away. Where others fill the disk meanwhile the writing waits, see
//! `actions/commit.rs`.

use super::{Counts, ImportRefusal};

/// Bytes of a company with its numbers, people, search terms and keys. A million rows of
/// `bench list` made 680,590 companies and 3.9 GB, fifty thousand richer rows as many companies and
/// 321 MB, what is kept of every row with them: 5.7 and 6.4 KB, see docs/figures.md.
const COMPANY_BYTES: u64 = 6 << 10;
/// Bytes of what is kept of a row: what became of it, and why.
const ROW_BYTES: u64 = 512;
/// How much more than its packed records a file says, and it stands twice: in its place and in an
/// index. Notes and addresses are longer in one list than in another.
const SAID_TIMES: u64 = 8;
/// The log of the database takes a page for each place that a row changes, a dozen search terms
/// among them.
const LOG_BYTES: u64 = 64 << 10;
/// And never more than this: it is folded at 64 MB, one transaction of twenty thousand search
/// terms, each in a page of 4 KB, comes on top, and what others write meanwhile.
const LOG_BYTES_MAX: u64 = 160 << 20;
/// A file is kept in one transaction: in the log first, in its place then.
const KEPT_TIMES: u64 = 2;

/// Bytes that a file takes which is kept and not written yet, by those of its packed parts.
pub(super) fn of_file(packed: u64) -> u64 {
    packed.saturating_mul(KEPT_TIMES)
}

/// Bytes that its rows take, written from the first, with the log they go through.
pub(super) fn of_all_rows(forecast: &Counts, total: i64, packed: u64) -> u64 {
    let log = count(total).saturating_mul(LOG_BYTES).min(LOG_BYTES_MAX);
    of_rows(forecast, (0, total), packed).saturating_add(log)
}

/// Bytes that the rows behind the first `done` take: their share of what all of them do.
pub(super) fn of_rows(forecast: &Counts, (done, total): (i64, i64), packed: u64) -> u64 {
    let companies = count(forecast.new + forecast.update).saturating_mul(COMPANY_BYTES);
    let rows = count(total).saturating_mul(ROW_BYTES);
    let said = packed.saturating_mul(SAID_TIMES);
    let all = u128::from(companies.saturating_add(rows).saturating_add(said));
    let share = all * u128::from(count(total - done)) / u128::from(count(total).max(1));
    u64::try_from(share).unwrap_or(u64::MAX)
}

/// Refuses what needs more room than there is; where nobody can say how much there is, nothing.
pub(super) fn check(needed: u64, free: Option<u64>) -> Result<(), ImportRefusal> {
    match free {
        Some(free) if free < needed => Err(ImportRefusal::NoRoom { needed, free }),
        _ => Ok(()),
    }
}

fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_measured_fits_into_what_is_reckoned_and_half_as_much_does_too() {
        let of = |new, in_file, bad| Counts { new, in_file, bad, ..Counts::default() };
        for (rows, forecast, packed, measured) in [
            (50_000, of(50_000, 0, 0), 2 << 20, 321_000_000),
            (1_000_000, of(680_590, 318_647, 763), 40 << 20, 3_900_000_000),
        ] {
            let reckoned = of_rows(&forecast, (0, rows), packed);
            assert!((measured..measured / 2 * 3).contains(&reckoned), "{rows}: {reckoned}");
            let with_log = of_all_rows(&forecast, rows, packed);
            assert_eq!(with_log - reckoned, LOG_BYTES_MAX, "{rows}");
        }
    }

    #[test]
    fn a_short_list_asks_for_little_and_what_is_written_asks_no_more() {
        let forecast = Counts { new: 3, ..Counts::default() };
        assert!(of_all_rows(&forecast, 3, 300) < 1 << 20);
        let rest = |done| of_rows(&forecast, (done, 3), 300);
        assert_eq!((rest(3), rest(4)), (0, 0));
        assert!(rest(1) < rest(0) && rest(2) < rest(1));
        assert_eq!(of_rows(&Counts::default(), (0, 0), 0), 0);
    }

    #[test]
    fn it_is_refused_where_it_is_known_that_there_is_too_little() {
        assert_eq!(check(7, None), Ok(()));
        assert_eq!(check(7, Some(7)), Ok(()));
        let refused = ImportRefusal::NoRoom { needed: 7, free: 6 };
        assert_eq!(check(7, Some(6)), Err(refused));
    }
}
