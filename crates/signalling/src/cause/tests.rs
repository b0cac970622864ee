use super::Mechanism::*;
use super::*;

/// Status or Q.850 cause, what it is, what follows, whether it counts.
const TABLE: [(&[u16], &[u8], Mechanism, Retry, bool); 11] = [
    (&[200], &[16], Answered, Retry::ByHand, true),
    (&[486, 600], &[17], Busy, Retry::Soon, true),
    (&[487, 408, 480], &[18, 19, 20], NoAnswer, Retry::OtherTime, true),
    (&[603], &[21], Rejected, Retry::OnceTomorrow, true),
    (&[607], &[], Unwanted, Retry::Never, true),
    (&[608], &[], Blocked, Retry::OtherCallerId, false),
    (&[404, 484, 410, 604], &[1, 22, 28], InvalidNumber, Retry::NumberInDoubt, true),
    (&[403], &[57], Forbidden, Retry::AfterSettings, false),
    (&[401, 407, 402], &[], Account, Retry::AfterAccount, false),
    (&[488, 606], &[88], MediaMismatch, Retry::AfterSettings, false),
    (&[500, 502, 503, 504], &[27, 34, 38, 41, 42], TrunkFailure, Retry::AfterTrunk, false),
];

#[test]
fn every_signal_of_the_table_means_what_it_says() {
    for (statuses, causes, mechanism, retry, counts) in TABLE {
        for status in statuses {
            let cause = Cause::refused(*status, None, true);
            assert_eq!((cause.mechanism, cause.retry()), (mechanism, retry), "{status}");
            assert_eq!(cause.counts(), counts, "{status}");
        }
        for q850 in causes {
            assert_eq!(Mechanism::of_q850(*q850), Some(mechanism), "Q.850 {q850}");
        }
    }
}

#[test]
fn a_cause_beside_the_status_decides_only_where_the_status_says_nothing() {
    assert_eq!(Cause::refused(503, Some(17), false).mechanism, TrunkFailure);
    assert_eq!(Cause::refused(499, Some(17), false).mechanism, Busy);
    assert_eq!(Cause::refused(499, Some(16), false).mechanism, NoAnswer);
    assert_eq!(Cause::refused(499, None, false).mechanism, NoAnswer);
    assert_eq!(Cause::refused(580, None, false).mechanism, TrunkFailure);
    assert_eq!(Cause::refused(699, Some(99), false).mechanism, NoAnswer);
}

#[test]
fn what_was_taken_back_counts_only_once_it_rang() {
    assert!(!Cause::of(Cancelled, false).counts());
    assert!(Cause::of(Cancelled, true).counts());
    assert_eq!(Cause::of(Abandoned, true).retry(), Retry::LockedOut);
}

#[test]
fn a_reason_is_read_by_its_protocol() {
    assert_eq!(q850_of("Q.850;cause=17;text=\"User busy; really\""), Some(17));
    assert_eq!(q850_of("q.850 ;text=\"a\";cause=1"), Some(1));
    assert_eq!(q850_of("SIP;cause=200"), None);
    assert_eq!(q850_of("Q.850;cause=999"), None);
    assert_eq!(q850_of("ü.850"), None);
}
