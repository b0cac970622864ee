//! People: who signs in, with which roles, in which team.
//!
//! Invariants:
//! - a login is unique in the firm; a disabled person has no session and no token;
//! - who belonged to which team, and who headed it, is on record for every instant ([`teams`]);
//! - passwords are argon2id; session and API tokens are stored only as digests;
//! - nothing here says what a role may do: that is `tiers` and `routes`.
//!
//! Neighbours: uses the foundation; everything above knows a [`Viewer`].

pub mod account;
pub mod actions;
pub mod admin;
pub mod api;
pub mod demo;
pub mod keys;
pub mod keys_api;
pub mod pages;
pub mod removal;
pub mod scopes;
pub mod session;
mod store;
pub mod teams;
#[cfg(test)]
mod tests;

use std::str::FromStr;

use crate::values::*;

/// What a person does in the firm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Tier 1: cleans the base, calls.
    Caller,
    /// Tier 2: turns a qualified lead into a contract.
    Seller,
    /// Tier 3: serves the client.
    Service,
    /// Head of a tier's team.
    Head,
    /// Owner or director.
    Owner,
    /// Payroll accountant.
    Payroll,
    /// Users, rights, backups.
    Administrator,
    /// A firm that ordered calling as a service; sees its own campaign's results.
    Principal,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 8] = [
        Self::Caller,
        Self::Seller,
        Self::Service,
        Self::Head,
        Self::Owner,
        Self::Payroll,
        Self::Administrator,
        Self::Principal,
    ];
    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Caller => "caller",
            Self::Seller => "seller",
            Self::Service => "service",
            Self::Head => "head",
            Self::Owner => "owner",
            Self::Payroll => "payroll",
            Self::Administrator => "administrator",
            Self::Principal => "principal",
        }
    }
    /// Key of the word for it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Caller => "role-caller",
            Self::Seller => "role-seller",
            Self::Service => "role-service",
            Self::Head => "role-head",
            Self::Owner => "role-owner",
            Self::Payroll => "role-payroll",
            Self::Administrator => "role-administrator",
            Self::Principal => "role-principal",
        }
    }
}

impl FromStr for Role {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|role| role.code() == code).ok_or(())
    }
}

/// A set of roles. A person has one; who keeps clients through all tiers has several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Roles(u16);

impl Roles {
    /// The set of these.
    pub const fn of(roles: &[Role]) -> Self {
        let mut bits = 0;
        let mut i = 0;
        while i < roles.len() {
            bits |= 1 << roles[i] as u16;
            i += 1;
        }
        Self(bits)
    }
    /// The tiers that these roles work in: who calls, sells or keeps clients, not who leads.
    pub fn tiers(self) -> Vec<i64> {
        [(Role::Caller, 1), (Role::Seller, 2), (Role::Service, 3)]
            .into_iter()
            .filter_map(|(role, tier)| self.has(role).then_some(tier))
            .collect()
    }
    /// True when the role is in the set.
    pub fn has(self, role: Role) -> bool {
        self.0 & (1 << role as u16) != 0
    }
    /// True when the sets share a role.
    pub fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
    /// Those that the other set has too.
    pub fn of_those(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
    /// The set without roles.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
    /// Reads `caller,seller`.
    pub fn parse(text: &str) -> Option<Self> {
        let roles: Result<Vec<Role>, ()> = text.split(',').map(str::parse).collect();
        roles.ok().map(|roles| Self::of(&roles))
    }
    /// Writes `caller,seller`.
    pub fn text(self) -> String {
        let codes: Vec<&str> = self.iter().map(Role::code).collect();
        codes.join(",")
    }
    /// The roles in order.
    pub fn iter(self) -> impl Iterator<Item = Role> {
        Role::ALL.into_iter().filter(move |role| self.has(*role))
    }
    /// The first role: what the person is called by.
    pub fn first(self) -> Role {
        self.iter().next().unwrap_or(Role::Principal)
    }
}

/// Roles over the firm and over its money, which look into everybody's pay.
pub const GUARDED: Roles = Roles::of(&[Role::Owner, Role::Payroll]);

/// May who has the roles `by` make roles `before` into `after`? Only an owner gives or takes what
/// is guarded; otherwise whoever looks after people could make themselves the owner.
pub fn may_grant(by: Roles, before: Roles, after: Roles) -> bool {
    by.has(Role::Owner) || before.of_those(GUARDED) == after.of_those(GUARDED)
}

/// May who has the roles `by` let a person with roles `whose` in by a link or a password, or shut
/// them out? Whoever has a guarded role, only an owner.
pub fn may_let_in(by: Roles, whose: Roles) -> bool {
    by.has(Role::Owner) || !whose.meets(GUARDED)
}

/// A person who may sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Their id.
    pub id: UserId,
    /// The number people read aloud.
    pub number: i64,
    /// What they type to sign in.
    pub login: String,
    /// Family name, given name, patronymic.
    pub name: String,
    /// First name or alias: all that outsiders learn.
    pub alias: String,
    /// What they do.
    pub roles: Roles,
    /// The tier they work in: 1, 2, 3.
    pub tier: Option<i64>,
    /// Their team.
    pub team: Option<TeamId>,
    /// Language of their screens.
    pub lang: Lang,
    /// `auto`, `light` or `dark`.
    pub theme: String,
    /// True where they switched single-key shortcuts off.
    pub keys_off: bool,
    /// The keys they chose for themselves.
    pub keymap: keys::Keymap,
    /// When they had all the made-up calls of the practice right.
    pub practised_at: Option<Instant>,
    /// When they were shut out.
    pub disabled_at: Option<Instant>,
}

/// The firm that people work for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Firm {
    /// Its name.
    pub name: String,
    /// Zone of its working day.
    pub zone: Zone,
    /// Currency of its money.
    pub currency: Currency,
    /// Language of its letters.
    pub lang: Lang,
    /// The country by whose habits its numbers are read.
    pub country: Country,
    /// True for the demo.
    pub is_demo: bool,
}

impl User {
    /// True when that is their team.
    pub fn is_in(&self, team: &TeamId) -> bool {
        self.team.as_ref() == Some(team)
    }
    /// Which records of their firm they may see where records have an owner and a team.
    pub fn scope(&self, org: OrgId) -> Scope {
        let reach = if self.roles.has(Role::Owner) || self.roles.has(Role::Administrator) {
            Reach::All
        } else if self.roles.has(Role::Head) {
            Reach::Team
        } else {
            Reach::Own
        };
        Scope { org, user: self.id, team: self.team, reach }
    }
}

/// Who is asking, by session or by token.
#[derive(Debug, Clone)]
pub struct Viewer {
    /// The firm.
    pub org: OrgId,
    /// The person.
    pub user: User,
    /// Zone of the firm.
    pub zone: Zone,
    /// Currency of the firm.
    pub currency: Currency,
    /// Country of the firm.
    pub country: Country,
    /// True for a demo firm.
    pub is_demo: bool,
    /// Scopes of the API token; `None` for a browser session.
    pub token_scopes: Option<String>,
}

impl Viewer {
    /// The person's id.
    pub fn id(&self) -> UserId {
        self.user.id
    }
    /// True when the person has the role.
    pub fn is(&self, role: Role) -> bool {
        self.user.roles.has(role)
    }
    /// True when the person has one of the roles.
    pub fn is_any(&self, roles: &[Role]) -> bool {
        Roles::of(roles).meets(self.user.roles)
    }
    /// Which records this person may see where records have an owner and a team.
    pub fn scope(&self) -> Scope {
        self.user.scope(self.org)
    }
}

/// How far a person sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// What is their own.
    Own,
    /// What is their team's.
    Team,
    /// Everything of the firm.
    All,
}

/// Which records may be seen; the second argument of every `list_` and `find_`.
///
/// In a statement: `and ($2 = 'all' or ($2 = 'team' and team_id = $3) or owner_id = $4)` with
/// [`Scope::reach`], [`Scope::team`], [`Scope::user`] bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope {
    /// The firm.
    pub org: OrgId,
    /// Who asks.
    pub user: UserId,
    /// Their team.
    pub team: Option<TeamId>,
    /// How far they see.
    pub reach: Reach,
}

impl Scope {
    /// The whole firm, for the product's own work.
    pub fn whole(org: OrgId) -> Self {
        Self { org, user: UserId(uuid::Uuid::nil()), team: None, reach: Reach::All }
    }
    /// The reach as a statement compares it.
    pub fn reach(&self) -> &'static str {
        match self.reach {
            Reach::Own => "own",
            Reach::Team => "team",
            Reach::All => "all",
        }
    }
    /// True when a record of that owner and team may be seen.
    pub fn sees(&self, owner: Option<UserId>, team: Option<TeamId>) -> bool {
        match self.reach {
            Reach::All => true,
            Reach::Team => owner == Some(self.user) || (team.is_some() && team == self.team),
            Reach::Own => owner == Some(self.user),
        }
    }
}

/// Why people cannot be changed so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PeopleRefusal {
    /// The login is taken.
    LoginTaken,
    /// The link was used or has ended.
    LinkSpent,
    /// Login or password are wrong; which one is not said.
    WrongPassword,
    /// The last administrator cannot be shut out.
    LastAdministrator,
    /// Only an owner decides about owners and payroll accountants.
    OwnersAlone,
    /// The number typed is not the number shown.
    WrongCount,
}

impl Refusal for PeopleRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::LoginTaken => "login-taken",
            Self::LinkSpent => "link-spent",
            Self::WrongPassword => "wrong-password",
            Self::LastAdministrator => "last-administrator",
            Self::OwnersAlone => "owners-alone",
            Self::WrongCount => "wrong-count",
        }
    }
}
