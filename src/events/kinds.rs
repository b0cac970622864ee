//! The closed list of what can happen. The code of a kind is stored and never changes.

use std::fmt;
use std::str::FromStr;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal),+ $(,)?) => {
        /// What happened.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Kind { $($(#[$doc])* $name),+ }

        impl Kind {
            /// Every kind, in the order of the story.
            pub const ALL: &'static [Kind] = &[$(Kind::$name),+];
            /// The stored code.
            pub fn code(self) -> &'static str {
                match self { $(Kind::$name => $code),+ }
            }
        }
    };
}

kinds! {
    /// A person may sign in. Subject: user.
    UserAdded = "user.added",
    /// A person may no longer sign in. Subject: user.
    UserDisabled = "user.disabled",
    /// A person has had all the made-up calls right. Subject: user. Person: the same.
    UserPractised = "user.practised",
    /// What a person held in a tier was handed over. Subject: the user who held it. Person: who
    /// has it now.
    HoldingsPassed = "user.holdings_passed",
    /// Jobs that failed are run again. Subject: the job, or `all` that failed. Person: who.
    JobsRetried = "jobs.retried",
    /// Roles, tier, team or name of a person changed. Subject: user.
    UserChanged = "user.changed",
    /// A link that signs a person in was made. Subject: user.
    LinkMade = "user.link_made",
    /// A person has a new password. Subject: user.
    PasswordChanged = "user.password_changed",
    /// A person has a phone account, or their account another password. Subject: user.
    PhoneAccountMade = "user.phone_made",
    /// A call of the engine came to nothing at its trunk. Subject: exchange. Reason: how it ended.
    TrunkFails = "trunk.fails",
    /// One reached its number again. Subject: exchange.
    TrunkWorks = "trunk.works",
    /// A number of ours is not called from for a while: a far network blocks it. Subject: number.
    OwnNumberPaused = "own_number.paused",
    /// It is called from again before that is over. Subject: number.
    OwnNumberResumed = "own_number.resumed",
    /// A person's phone account was taken away. Subject: user.
    PhoneAccountRemoved = "user.phone_removed",
    /// An exchange of somebody else's is believed about calls. Subject: connector.
    ConnectorMade = "connector.made",
    /// It has another secret. Subject: connector.
    ConnectorRenewed = "connector.renewed",
    /// It is believed no longer. Subject: connector.
    ConnectorEnded = "connector.ended",
    /// An extension of it is somebody's, or nobody's. Subject: connector. Person: whose.
    ExtensionAssigned = "connector.extension",
    /// A team was made. Subject: team.
    TeamMade = "team.made",
    /// A personal token was made. Subject: token.
    TokenMade = "token.made",
    /// A personal token was revoked. Subject: token.
    TokenRevoked = "token.revoked",
    /// A file was brought to be looked at. Subject: import. Person: who brought it.
    ImportBrought = "import.brought",
    /// How a file is read was corrected or guessed anew. Subject: import. Person: who.
    ImportReadAnew = "import.read_anew",
    /// The writing of a file was asked for. Subject: import. Person: who.
    ImportBegun = "import.begun",
    /// A file was brought into the base. Subject: import.
    ImportCommitted = "import.committed",
    /// The checking or writing of a file was stopped. Subject: import. Person: who stopped it.
    ImportStopped = "import.stopped",
    /// A stopped import goes on. Subject: import. Person: who had it go on.
    ImportGoneOn = "import.gone_on",
    /// It was asked for that an import is taken back. Subject: import. Person: who.
    ImportUndoBegun = "import.undo_begun",
    /// An import was taken back. Subject: import.
    ImportUndone = "import.undone",
    /// A company was added by hand. Subject: company.
    CompanyAdded = "company.added",
    /// Something about a company was corrected. Subject: company.
    CompanyChanged = "company.changed",
    /// The whole base was searched for duplicates. Subject: scan.
    BaseScanned = "base.scanned",
    /// It was decided what two companies are to each other. Subject: pair. Reason: the decision.
    PairDecided = "pair.decided",
    /// A decision about two companies was taken back. Subject: pair. Reason: the decision.
    PairReopened = "pair.reopened",
    /// A company was taken for another and merged into it; one event for each of the two. Subject:
    /// merge.
    CompanyMerged = "company.merged",
    /// A merge was taken back; one event for each of the two. Subject: merge.
    MergeUndone = "company.merge_undone",
    /// A client is served as part of another, their companies being one. Subject: client. Person:
    /// who led them.
    ClientsJoined = "client.joined",
    /// That client is served by itself again. Subject: client. Person: who leads them.
    ClientsParted = "client.parted",
    /// What came after a merge was given to one of the two. Subject: merge.
    StrayPlaced = "company.stray_placed",
    /// Two companies are of one group, or branch and head; one event for each. Subject: tie.
    CompanyTied = "company.tied",
    /// That is no longer so. Subject: tie.
    CompanyUntied = "company.untied",
    /// A field was checked against a source. Subject: company. Person: who checked.
    CompanyVerified = "company.verified",
    /// A check was taken back. Subject: company. Reason: whether others of its month stand.
    CheckReversed = "company.check_reversed",
    /// A number leads nowhere or to somebody else. Subject: phone.
    PhoneFailed = "company.phone_failed",
    /// A number that is said not to exist waits, or waits no longer. Subject: phone.
    PhoneHeld = "company.phone_held",
    /// A person no longer works at a company. Subject: contact.
    ContactLeft = "contact.left",
    /// All that was known of a person was destroyed. Subject: contact. Reason: the ground.
    ContactErased = "contact.erased",
    /// How values age was set. Subject: firm.
    AgeingSet = "quality.ageing_set",
    /// What the parts of the score weigh was set. Subject: firm.
    WeightsSet = "quality.weights_set",
    /// It was said whether reports name who checked. Subject: firm.
    ReportNamingSet = "quality.report_naming_set",
    /// Somebody must not be contacted. Subject: suppression.
    ContactSuppressed = "contact.suppressed",
    /// A ban was lifted. Subject: suppression. Reason: why it had been stated. Person: who lifted
    /// it.
    SuppressionLifted = "contact.suppression_lifted",
    /// Phones were shown to a person. Subject: company.
    PhonesOpened = "company.phones_opened",
    /// A campaign was made. Subject: campaign.
    CampaignMade = "campaign.made",
    /// A reason of refusals was added or set. Subject: its code.
    RefusalReasonSet = "firm.refusal_reason_set",
    /// A campaign's policy, segment, people or script were changed. Subject: campaign. Detail:
    /// `what`; of terms `rules`, true where other rules of calling hold now.
    CampaignChanged = "campaign.changed",
    /// A campaign changed its state. Subject: campaign. Reason: the new state.
    CampaignTurned = "campaign.turned",
    /// Complaints stopped a campaign. Subject: campaign. Company: who complained last. Detail:
    /// `complaints` of `calls`, and the `limit` of 10,000.
    CampaignHalted = "campaign.halted",
    /// A campaign that complaints had stopped goes on. Subject: campaign. Person: who decided.
    CampaignHaltAnswered = "campaign.halt_answered",
    /// A round of checks was started. Subject: campaign.
    RoundStarted = "campaign.round_started",
    /// A company was leased to a caller. Subject: lead. Person: caller.
    LeadLeased = "lead.leased",
    /// A caller has borne enough and is given no new company for some minutes. Subject: rest.
    /// Person: the caller. Reason: `refusals`, `minutes` or `skipped`. Detail: `value`, `until`.
    CallerRested = "caller.rested",
    /// A lease ended without a result. Subject: lead. Person: the caller who held it.
    LeaseExpired = "lead.lease_expired",
    /// A lease was given back without a call. Subject: lead. Reason: coded. Person: who held it.
    LeadReleased = "lead.released",
    /// A promised call passed to another caller. Subject: lead. Person: who calls now.
    LeadReassigned = "lead.reassigned",
    /// A head put a lead before or after the others of its queue. Subject: lead. Reason: `first`,
    /// `usual` or `last`.
    LeadPrioritised = "lead.prioritised",
    /// A lead left the queue for good. Subject: lead. Reason: why.
    LeadClosed = "lead.closed",
    /// A lead closed by a ban waits in the queue again, for the ban was lifted. Subject: lead.
    LeadReopened = "lead.reopened",
    /// A call has both results. Subject: call. Reason: meaning. Person: caller.
    CallRecorded = "call.recorded",
    /// Somebody was not allowed to call. Subject: lead. Reason: the rule that forbids it. Person:
    /// who wished to.
    CallDenied = "call.denied",
    /// The last call was recorded by mistake. Subject: call it takes back. Person: caller.
    CallReversed = "call.reversed",
    /// A call was placed by the product. Subject: attempt. Person: caller.
    AttemptBegun = "attempt.begun",
    /// The caller wished to hang up. Subject: attempt. Person: caller.
    AttemptHungUp = "attempt.hung_up",
    /// An attempt is over and settled. Subject: attempt. Reason: how it ended. Person: caller.
    AttemptEnded = "attempt.ended",
    /// What an exchange of somebody else's measured was written beside a caller's own word.
    /// Subject: attempt.
    AttemptMeasured = "attempt.measured",
    /// A company called, and somebody was told. Subject: what they were told. Person: who.
    CallCameIn = "incoming.told",
    /// They went to its card, or put it away. Subject: what they were told. Person: who.
    CallSeen = "incoming.seen",
    /// Somebody called of whom the base does not know. Subject: unknown call. Person: who was rung
    /// first, if anybody.
    UnknownCame = "unknown_call.came",
    /// Somebody said that it was no company's, or nobody said anything for as long as its number is
    /// kept. Subject: unknown call. Person: who said it, if anybody.
    UnknownPutAway = "unknown_call.put_away",
    /// Somebody asked to hear a recording. Subject: recording. Person: whose call it was.
    RecordingHeard = "recording.heard",
    /// The time of a recording was over; its file is gone. Subject: recording. Person: caller.
    RecordingRemoved = "recording.removed",
    /// The company said no. Subject: lead. Reason: coded reason. Person: caller.
    LeadRefused = "lead.refused",
    /// A time to call again was promised. Subject: callback. Person: who will call.
    CallbackPromised = "callback.promised",
    /// The promised call was made. Subject: callback. Person: whose it was.
    CallbackDone = "callback.done",
    /// A promised call will not be made. Subject: callback. Reason: why. Person: whose it was.
    CallbackCancelled = "callback.cancelled",
    /// What ended a promised call was taken back; it is owed again. Subject: callback. Person:
    /// whose it is.
    CallbackReopened = "callback.reopened",
    /// Who stood in for a promised call was shut out, and nobody does. Subject: callback. Person:
    /// whose it is.
    CallbackPassed = "callback.passed",
    /// The decision maker was found and spoken to. Subject: lead. Person: caller.
    DecisionMakerFound = "lead.decision_maker_found",
    /// A lead passed the checklist. Subject: lead. Person: caller.
    LeadQualified = "lead.qualified",
    /// A meeting was booked. Subject: meeting. Person: who booked it.
    MeetingBooked = "meeting.booked",
    /// Another person will talk. Subject: meeting. Person: who booked it.
    MeetingHostSet = "meeting.host_set",
    /// A meeting took place. Subject: meeting. Person: who booked it.
    MeetingHeld = "meeting.held",
    /// A meeting did not take place. Subject: meeting. Reason: who did not come, or that the lead
    /// was sent back for good. Person: booker.
    MeetingMissed = "meeting.missed",
    /// A record was offered to another tier. Subject: hand-off. Person: giver.
    HandoffOffered = "handoff.offered",
    /// An open offer passed to another receiver. Subject: hand-off. Person: giver.
    HandoffReassigned = "handoff.reassigned",
    /// The offer was taken. Subject: hand-off. Person: giver.
    HandoffAccepted = "handoff.accepted",
    /// The offer was sent back. Subject: hand-off. Reason: coded. Person: giver.
    HandoffRejected = "handoff.rejected",
    /// Nobody answered in time. Subject: hand-off. Person: giver.
    HandoffExpired = "handoff.expired",
    /// The giver contests a rejection. Subject: hand-off. Person: giver.
    HandoffDisputed = "handoff.disputed",
    /// The head decided a contest. Subject: hand-off. Reason: upheld or overturned. Person: giver.
    HandoffDecided = "handoff.decided",
    /// A firm that somebody's hand-off had brought came back by another's. Subject: the return.
    /// Person: who brought it first.
    FirmReturned = "company.returned",
    /// It had not gone: the hand-off counts as accepted. Subject: the return. Person: the same.
    ReturnUndone = "company.return_undone",
    /// A chance of a sale was opened. Subject: opportunity. Person: owner.
    OpportunityOpened = "opportunity.opened",
    /// An opportunity moved to another stage. Subject: opportunity. Reason: the stage.
    OpportunityAdvanced = "opportunity.advanced",
    /// Amount, need, next step or expected close were set. Subject: opportunity.
    OpportunityChanged = "opportunity.changed",
    /// An opportunity passed to another person. Subject: opportunity. Person: the new owner.
    OpportunityReassigned = "opportunity.reassigned",
    /// An opportunity was lost. Subject: opportunity. Reason: coded. Person: owner.
    OpportunityLost = "opportunity.lost",
    /// An opportunity was won. Subject: opportunity. Person: owner.
    OpportunityWon = "opportunity.won",
    /// A lost opportunity is worked again. Subject: opportunity. Person: owner.
    OpportunityReopened = "opportunity.reopened",
    /// A contract was signed. Subject: contract. Person: seller. Amount: value.
    ContractSigned = "contract.signed",
    /// A contract ended early or was cancelled. Subject: contract. Reason: coded. Person: seller.
    ContractEnded = "contract.ended",
    /// Money came in. Subject: payment. Person: seller of the contract. Amount: what came.
    PaymentEntered = "payment.entered",
    /// A payment was entered by mistake or given back. Subject: the payment. Person: seller.
    PaymentReversed = "payment.reversed",
    /// Somebody asked whether a letter may be sent. Subject: company. Reason: the rule that forbids
    /// it. Person: who asked.
    LetterAsked = "letter.asked",
    /// A letter was sent. Subject: letter. Person: who sent it.
    LetterSent = "letter.sent",
    /// A letter that was recorded by mistake was taken back. Subject: letter. Person: who sent it.
    LetterTakenBack = "letter.taken_back",
    /// Something was promised to a client. Subject: promise. Person: who keeps it.
    PromiseMade = "promise.made",
    /// A promise was kept. Subject: promise. Person: who kept it.
    PromiseKept = "promise.kept",
    /// A promise was broken. Subject: promise. Person: who held it.
    PromiseBroken = "promise.broken",
    /// A promise was released by the client. Subject: promise.
    PromiseReleased = "promise.released",
    /// Open promises to a company passed to whoever leads it now. Subject: company. Person: who
    /// keeps them.
    PromisesPassed = "promise.passed",
    /// Tier 3 leads a company now. Subject: client. Person: account manager.
    ClientOpened = "client.opened",
    /// A client signed another contract. Subject: client. Person: account manager.
    ClientExtended = "client.extended",
    /// A client passed to another account manager. Subject: client. Person: the new one.
    ClientPassed = "client.passed",
    /// The lead of a client passed to another person. Subject: company. Person: the new one.
    ClientReassigned = "client.reassigned",
    /// A step of onboarding was done. Subject: client.
    OnboardingStepDone = "client.onboarding_step_done",
    /// A step of onboarding had been ticked by mistake. Subject: client.
    OnboardingStepUndone = "client.onboarding_step_undone",
    /// A client was kept for another month. Subject: client. Person: account manager.
    ClientKept = "client.kept",
    /// A client left. Subject: client. Reason: coded. Person: account manager.
    ClientEnded = "client.ended",
    /// An order was opened. Subject: order. Person: account manager.
    OrderOpened = "order.opened",
    /// An order was delivered. Subject: order. Person: account manager.
    OrderDelivered = "order.delivered",
    /// An order was cancelled. Subject: order. Person: account manager.
    OrderCancelled = "order.cancelled",
    /// A version of what an order will be was made. Subject: prototype. Person: account manager.
    PrototypeAdded = "prototype.added",
    /// A prototype was sent to the client. Subject: prototype.
    PrototypeSent = "prototype.sent",
    /// The client approved a prototype. Subject: prototype. Person: account manager.
    PrototypeApproved = "prototype.approved",
    /// The client commented on a prototype. Subject: prototype.
    PrototypeCommented = "prototype.commented",
    /// An important date of a contact was noted. Subject: important date.
    DateNoted = "date.noted",
    /// An important date was removed. Subject: important date.
    DateRemoved = "date.removed",
    /// A task was made. Subject: task. Person: who should do it.
    TaskMade = "task.made",
    /// A task is due at another time. Subject: task. Person: who should do it.
    TaskPutOff = "task.put_off",
    /// A task passed to another person. Subject: task. Person: who should do it now.
    TaskReassigned = "task.reassigned",
    /// A task was done. Subject: task. Person: who did it.
    TaskDone = "task.done",
    /// A note was written. Subject: company.
    NoteWritten = "company.note_written",
    /// A pay plan was made, as a draft. Subject: plan.
    PlanMade = "pay.plan_made",
    /// The draft of a pay plan was begun or changed. Subject: plan.
    PlanChanged = "pay.plan_changed",
    /// The draft of a pay plan was approved from a day on. Subject: plan.
    PlanApproved = "pay.plan_approved",
    /// A pay plan was published. Subject: plan.
    PlanPublished = "pay.plan_published",
    /// A person is paid by a plan from a day on, or until one. Subject: plan. Person: who is paid.
    PlanAssigned = "pay.plan_assigned",
    /// A sum was added to or taken from somebody's pay by hand. Subject: adjustment. Person: whose.
    PayAdjusted = "pay.adjusted",
    /// How somebody is engaged was noted. Subject: the note. Person: who. Reason: the kind.
    PayEngaged = "pay.engaged",
    /// Somebody was really paid, or a record of it was put right. Subject: remittance. Person: who
    /// was paid. Reason: `recorded` or `corrected`. Amount: what was paid.
    PayRemitted = "pay.remitted",
    /// A period changed its state. Subject: period. Reason: the new state.
    PeriodTurned = "pay.period_turned",
    /// A person contests a line. Subject: dispute. Person: who.
    PayDisputed = "pay.disputed",
    /// A contest of a line was decided. Subject: dispute. Reason: the outcome. Person: who.
    PayDisputeDecided = "pay.dispute_decided",
    /// Records left the product as a file. Subject: the import or month they are of, else the firm.
    /// Person: who took it.
    FileExported = "export.written",
    /// Demo records were removed. Subject: firm.
    DemoRemoved = "demo.removed",
    /// What holds of the firm changed, such as its country. Subject: organisation.
    FirmChanged = "firm.changed",
}

impl Kind {
    /// What was only looked at, heard or written out: nothing was done by it.
    pub const LOOKS: [Self; 3] = [Self::PhonesOpened, Self::RecordingHeard, Self::FileExported];

    /// True when somebody downstream acts upon it; `schedule.rs` says who.
    pub fn is_followed(self) -> bool {
        matches!(
            self,
            Self::CompanyVerified
                | Self::CampaignChanged
                | Self::CampaignTurned
                | Self::CompanyChanged
                | Self::ImportCommitted
                | Self::ImportStopped
                | Self::ImportUndone
                | Self::BaseScanned
                | Self::CheckReversed
                | Self::LetterTakenBack
                | Self::PhoneFailed
                | Self::ContactLeft
                | Self::ContactSuppressed
                | Self::SuppressionLifted
                | Self::DecisionMakerFound
                | Self::LeadQualified
                | Self::MeetingBooked
                | Self::MeetingHeld
                | Self::MeetingMissed
                | Self::HandoffOffered
                | Self::HandoffAccepted
                | Self::HandoffRejected
                | Self::HandoffExpired
                | Self::HandoffDecided
                | Self::FirmReturned
                | Self::ReturnUndone
                | Self::OpportunityWon
                | Self::OpportunityLost
                | Self::ContractSigned
                | Self::PaymentEntered
                | Self::PaymentReversed
                | Self::ClientOpened
                | Self::ClientReassigned
                | Self::ClientKept
                | Self::OrderDelivered
                | Self::PrototypeApproved
                | Self::UserAdded
                | Self::UserDisabled
                | Self::UserChanged
        )
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Kind {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code).ok_or(())
    }
}
