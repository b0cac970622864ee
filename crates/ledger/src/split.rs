//! Splits: one amount shared out so that the parts sum to the whole, to the last unit.

use std::cmp::Reverse;

use crate::amount::{Amount, AmountError};

/// Shares `amount` out in proportion to `shares`, by the method of the largest remainder
/// (Hamilton's; Balinski and Young, *Fair Representation*, 1982): each part is first its exact
/// share rounded towards zero, then the units left over go one each to the largest remainders,
/// among equal ones to the earlier share. Every part is within one unit of its exact share, a
/// share of zero gets nothing, and an amount below zero splits as its opposite does.
///
/// The shares are weights of any scale: `[70, 30]`, `[7, 3]` and `[7_000, 3_000]` are one split.
///
/// ```
/// use ledger::{Amount, Currency, split};
///
/// let eur = Currency::new("EUR")?;
/// let parts = split(Amount::new(100, eur), &[1, 1, 1])?;
/// assert_eq!(parts.iter().map(|part| part.minor).collect::<Vec<_>>(), [34, 33, 33]);
/// # Ok::<(), ledger::AmountError>(())
/// ```
///
/// # Errors
/// [`AmountError::NoShares`] when `shares` is empty or all zero.
pub fn split(amount: Amount, shares: &[u64]) -> Result<Vec<Amount>, AmountError> {
    let whole: u128 = shares.iter().map(|share| u128::from(*share)).sum();
    if whole == 0 {
        return Err(AmountError::NoShares);
    }
    let size = u128::from(amount.minor.unsigned_abs());
    // 64 bits of amount by 64 bits of share: the product always fits into 128.
    let exact = |share: u64| size * u128::from(share);
    let mut parts: Vec<u128> = shares.iter().map(|share| exact(*share) / whole).collect();
    let left = size - parts.iter().sum::<u128>();

    let mut order: Vec<usize> = (0..shares.len()).collect();
    order.sort_by_key(|place| Reverse(exact(shares[*place]) % whole));
    // Fewer units are left than there are remainders above zero, so none goes to a zero share.
    for (place, _) in order.into_iter().zip(0..left) {
        parts[place] += 1;
    }
    parts.into_iter().map(|part| signed(part, amount)).collect()
}

/// `part` with the sign and currency of the amount it was taken from.
fn signed(part: u128, amount: Amount) -> Result<Amount, AmountError> {
    let part = i128::try_from(part).map_err(|_| AmountError::Overflow)?;
    Amount::from_wide(if amount.minor < 0 { -part } else { part }, amount.currency)
}
