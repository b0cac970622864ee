//! Engagement: whether somebody is paid as an employee, by payroll, or as a contractor, by an
//! invoice. It holds from a month on; before anything is noted everybody is an employee.

use super::period::Period;
use crate::people::User;
use crate::values::*;

/// The longest name of a contractor.
pub const NAME_MAX: usize = 200;
/// The longest tax number, as other countries write theirs.
pub const TAX_ID_MAX: usize = 40;

/// How somebody is engaged.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Engagement {
    /// By an employment contract.
    #[default]
    Employee,
    /// By a contract for work, under a name and a tax number of their own.
    Contractor {
        /// The legal form and the name, as an invoice has them.
        name: String,
        /// The tax number.
        tax_id: String,
    },
}

impl Engagement {
    /// The stored code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Employee => "employee",
            Self::Contractor { .. } => "contractor",
        }
    }
}

/// How a person is engaged from a month on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    /// Its id.
    pub id: AnyId,
    /// Who.
    pub person: UserId,
    /// The first month it holds in.
    pub from: Month,
    /// How.
    pub engagement: Engagement,
}

/// How a person is engaged in a month, by what was noted in the order it was noted.
pub fn in_month(noted: &[Noted], person: UserId, month: Month) -> Engagement {
    let of_person = noted.iter().filter(|one| one.person == person && one.from <= month);
    // Of two notes from the same month the later one holds.
    of_person.max_by_key(|one| one.from).map(|one| one.engagement.clone()).unwrap_or_default()
}

/// What a contractor asks to be paid for a closed month.
#[derive(Debug, Clone)]
pub struct Invoice {
    /// Its number: the month and the person's number, so that it never is another.
    pub number: String,
    /// Who asks.
    pub person: User,
    /// The name they ask under.
    pub name: String,
    /// Their tax number.
    pub tax_id: String,
    /// Whom they ask.
    pub firm: String,
    /// For which month.
    pub period: Period,
    /// What for, each with its sum.
    pub lines: Vec<(String, Money)>,
    /// What the lines add up to.
    pub total: Money,
}
