//! Companies, their people, phones, consents and suppressions: the base.
