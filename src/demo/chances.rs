//! How often things happen in the demo. Each figure stands within a range that is known from
//! public studies of business calling; what happens is drawn from them by the seed.

/// Dials of a caller in an hour on the phone: 45 to 60 a day are usual, the demo's firm is small
/// and its callers also write, so it dials less.
pub const DIALS_AN_HOUR: usize = 4;
/// Share of dials that somebody answers; 13.3 % is the upper quartile of 300 million calls.
pub const ANSWERED: f64 = 0.133;
/// Share of answered calls that become a conversation; 58 % of 175,000 dials.
pub const CONVERSATION: f64 = 0.58;
/// Share of conversations that end in a meeting, for a middling caller; callers differ fivefold,
/// 10 % and more is a good one.
pub const MEETING: [f64; 5] = [0.30, 0.22, 0.17, 0.12, 0.26];
/// Share of conversations in which the decision maker is found though nothing is agreed.
pub const DECISION_MAKER: f64 = 0.18;
/// Share of decision makers who are the person that the list names.
pub const LISTED_DECIDES: f64 = 0.6;
/// Share of conversations that end in a promised callback.
pub const CALLBACK: f64 = 0.2;
/// Share of refusals that ask never to be called again.
pub const NEVER_AGAIN: f64 = 0.04;
/// Share of booked meetings that take place; 70 to 75 % for cold calls.
pub const HELD: f64 = 0.74;
/// Share of missed meetings that the seller missed.
pub const SELLER_MISSED: f64 = 0.15;
/// Share of offers that the seller accepts; 62 to 80 %.
pub const ACCEPTED: f64 = 0.74;
/// Share of offers that nobody answers in time.
pub const IGNORED: f64 = 0.05;
/// Share of rejections that the caller contests, and of contests that overturn.
pub const CONTESTED: f64 = 0.4;
/// Share of contests the head decides for the caller.
pub const OVERTURNED: f64 = 0.5;
/// Share of opportunities won in the end; 19 to 29 %, more for small sums.
pub const WON: f64 = 0.36;
/// Share of steps in a sale, and of visits to a client, after which somebody also writes: a few
/// letters a week in all, beside what is promised and done.
pub const LETTER: f64 = 0.15;
/// Share of those who write once more than the client's budget of contacts holds.
pub const PRESSING: f64 = 0.1;
