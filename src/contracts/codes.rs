//! The closed lists of contracts: states, reasons of an end, reasons of a reversal.

use crate::values::codes;

codes! {
    /// Where a contract stands.
    ContractState {
        /// It runs.
        Active = "active",
        /// It stopped; what was done under it counts.
        Ended = "ended",
        /// It is void as if never signed.
        Cancelled = "cancelled",
    }
}

codes! {
    /// Why a contract is over.
    EndReason {
        /// Everything in it is done.
        Fulfilled = "fulfilled",
        /// The client left.
        ClientLeft = "client_left",
        /// The client does not pay.
        NotPaid = "not_paid",
        /// Both sides agreed.
        Agreed = "agreed",
        /// It was entered by mistake.
        Mistake = "mistake",
        /// Something else, told in the note.
        Other = "other",
    }
}

codes! {
    /// Why a payment is taken back.
    ReversalReason {
        /// It was entered by mistake.
        Mistake = "mistake",
        /// The money was given back to the client.
        Refunded = "refunded",
        /// The bank took it back.
        Bounced = "bounced",
    }
}
