//! Identities. Minted by the application (UUID version 7, so they sort by creation) and typed by
//! noun, so that a lead's id cannot be passed where a company's is wanted.

use std::fmt;
use std::str::FromStr;
use std::sync::{LazyLock, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::{ContextV7, Timestamp, Uuid};

use super::Instant;

/// The text was not an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id")]
pub struct NotAnId;

/// Counts within a millisecond, so that ids of one process keep the order of their making.
static COUNTER: LazyLock<Mutex<ContextV7>> = LazyLock::new(|| Mutex::new(ContextV7::new()));

/// A fresh time-ordered identifier for something made at `now`.
pub fn fresh_uuid(now: Instant) -> Uuid {
    let ms = u64::try_from(now.ms()).unwrap_or(0);
    let nanos = u32::try_from((ms % 1_000) * 1_000_000).unwrap_or(0);
    let counter = COUNTER.lock().unwrap_or_else(PoisonError::into_inner);
    Uuid::new_v7(Timestamp::from_unix(&*counter, ms / 1_000, nanos))
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
            ToSchema,
        )]
        #[serde(transparent)]
        #[schema(value_type = String)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A fresh id for something made at `now`.
            pub fn fresh(now: Instant) -> Self {
                Self(fresh_uuid(now))
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                Uuid::try_parse(text).map(Self).map_err(|_| NotAnId)
            }
        }
    )+};
}

ids! {
    /// The firm that owns the records.
    OrgId,
    /// A person who signs in.
    UserId,
    /// A group of people with a head.
    TeamId,
    /// A legal entity in the base.
    CompanyId,
    /// A person at a company.
    ContactId,
    /// One dialable number of a company.
    PhoneId,
    /// One file brought into the base.
    ImportId,
    /// Why and whom we call.
    CampaignId,
    /// A version of what callers say.
    ScriptId,
    /// A company being worked in a campaign.
    LeadId,
    /// One attempt on the wire.
    CallId,
    /// A promised time to call again.
    CallbackId,
    /// A caller's rest.
    RestId,
    /// A talk with the client at a time.
    MeetingId,
    /// An offer of a record from one tier to another.
    HandoffId,
    /// A qualified chance of a sale.
    OpportunityId,
    /// What was sold.
    ContractId,
    /// Money received.
    PaymentId,
    /// A letter sent to a company.
    LetterId,
    /// A thing promised to a client.
    PromiseId,
    /// A company led by tier 3.
    ClientId,
    /// Work a client ordered.
    OrderId,
    /// A version of a prototype.
    PrototypeId,
    /// An important date of a person.
    ImportantDateId,
    /// Something a person should do.
    TaskId,
    /// What happened.
    EventId,
    /// Work to be done later.
    JobId,
    /// What earns what.
    PlanId,
    /// A stretch of time that pay is closed for.
    PeriodId,
    /// Who gets how much of an event.
    CreditId,
    /// One immutable line of pay.
    EntryId,
    /// A contested line.
    DisputeId,
    /// A stored file.
    FileId,
    /// A personal token of the API.
    TokenId,
    /// A number, person or company that must not be contacted.
    SuppressionId,
    /// A check of a field against a source.
    VerificationId,
    /// Two companies that may be the same.
    PairId,
    /// One search of the base for duplicates.
    ScanId,
    /// One company taken for another.
    MergeId,
    /// What two companies are to each other.
    TieId,
    /// The act by which a person was erased.
    ErasureId,
    /// One try to reach a number, on the wire.
    AttemptId,
    /// A run of an engine that places calls.
    ExchangeId,
    /// The sound of a call.
    RecordingId,
    /// What tells us of calls at an exchange of somebody else's.
    ConnectorId,
    /// A call at an exchange of somebody else's.
    HostedCallId,
    /// That somebody was told of a call that comes in.
    IncomingCallId,
    /// A call that came in of whom the base does not know.
    UnknownCallId,
    /// Anything without a noun of its own.
    AnyId,
}
