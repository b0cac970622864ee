//! Types of rules: what facts there are, and what goes together.

use std::collections::{BTreeMap, BTreeSet};

use ledger::Currency;

use super::{Comparison, Expr, Node, Problem, RuleError};
use crate::{Name, Type, Value};

/// What whoever uses the library can tell: kinds of event, roles of people in them, and facts
/// with their types. A fact may be absent from an event; a rule asks with `has`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Schema {
    /// Kinds of event.
    pub kinds: BTreeSet<Name>,
    /// Roles a person can have in an event.
    pub roles: BTreeSet<Name>,
    /// Facts and their types.
    pub facts: BTreeMap<Name, Type>,
}

impl Expr {
    /// The type of the rule.
    ///
    /// # Errors
    /// [`RuleError`] at the first part that does not fit.
    pub fn kind(&self, schema: &Schema) -> Result<Type, RuleError> {
        match &self.node {
            Node::Value(value) => Ok(value.kind()),
            Node::Fact(name) => self.fact(name, schema),
            Node::Has(name) => self.fact(name, schema).map(|_| Type::Boolean),
            Node::Not(part) => part.must_be(Type::Boolean, schema),
            Node::All(parts) | Node::Any(parts) => {
                for part in parts {
                    part.must_be(Type::Boolean, schema)?;
                }
                Ok(Type::Boolean)
            }
            Node::Compare(comparison, left, right) => {
                let kind = left.kind(schema)?;
                right.must_be(kind, schema)?;
                let is_order = !matches!(comparison, Comparison::Equal | Comparison::Unequal);
                if is_order && matches!(kind, Type::Boolean | Type::Text) {
                    return Err(self.wrong(Problem::Unfit(kind)));
                }
                Ok(Type::Boolean)
            }
            Node::In { of, list, .. } => {
                let kind = of.kind(schema)?;
                let other = list.iter().map(Value::kind).find(|found| *found != kind);
                other.map_or(Ok(Type::Boolean), |found| {
                    Err(self.wrong(Problem::Unlike(kind, found)))
                })
            }
            Node::Add(left, right) => {
                let kinds = (left.kind(schema)?, right.kind(schema)?);
                match kinds {
                    (Type::Day, Type::Whole) => Ok(Type::Day),
                    (left, right) if left == right => self.counted(left),
                    (left, right) => Err(self.wrong(Problem::Unlike(left, right))),
                }
            }
            Node::Subtract(left, right) => {
                let kinds = (left.kind(schema)?, right.kind(schema)?);
                match kinds {
                    (Type::Day, Type::Day) => Ok(Type::Whole),
                    (Type::Day, Type::Whole) => Ok(Type::Day),
                    (left, right) if left == right => self.counted(left),
                    (left, right) => Err(self.wrong(Problem::Unlike(left, right))),
                }
            }
            Node::Multiply(left, right) => {
                let kinds = (left.kind(schema)?, right.kind(schema)?);
                match kinds {
                    (Type::Share, Type::Share) => Ok(Type::Share),
                    (Type::Money, Type::Share | Type::Whole)
                    | (Type::Share | Type::Whole, Type::Money) => Ok(Type::Money),
                    (left, right) => Err(self.wrong(Problem::Unlike(left, right))),
                }
            }
            Node::Divide(part, _) => match part.kind(schema)? {
                // Three halves of a whole number are a share.
                Type::Whole | Type::Share => Ok(Type::Share),
                Type::Money => Ok(Type::Money),
                kind => Err(part.wrong(Problem::Unfit(kind))),
            },
            Node::Least(parts) | Node::Most(parts) => self.alike(parts, schema),
        }
    }

    /// The type, where only one will do.
    ///
    /// # Errors
    /// As [`Expr::kind`], or [`Problem::Wanted`] when the rule is of another type.
    pub fn must_be(&self, wanted: Type, schema: &Schema) -> Result<Type, RuleError> {
        let kind = self.kind(schema)?;
        if kind == wanted {
            return Ok(kind);
        }
        Err(self.wrong(Problem::Wanted(wanted, kind)))
    }

    /// Every currency that is written in it, and every fact it looks at.
    pub(crate) fn names(&self, currencies: &mut BTreeSet<Currency>, facts: &mut BTreeSet<Name>) {
        let mut value = |value: &Value| {
            if let Value::Money(money) = value {
                currencies.insert(money.currency());
            }
        };
        match &self.node {
            Node::Value(found) => value(found),
            Node::Fact(name) | Node::Has(name) => {
                facts.insert(name.clone());
            }
            Node::Not(part) | Node::Divide(part, _) => part.names(currencies, facts),
            Node::In { of, list, .. } => {
                list.iter().for_each(value);
                of.names(currencies, facts);
            }
            Node::All(parts) | Node::Any(parts) | Node::Least(parts) | Node::Most(parts) => {
                parts.iter().for_each(|part| part.names(currencies, facts));
            }
            Node::Compare(_, left, right)
            | Node::Add(left, right)
            | Node::Subtract(left, right)
            | Node::Multiply(left, right) => {
                left.names(currencies, facts);
                right.names(currencies, facts);
            }
        }
    }

    fn fact(&self, name: &Name, schema: &Schema) -> Result<Type, RuleError> {
        let kind = schema.facts.get(name).copied();
        kind.ok_or_else(|| self.wrong(Problem::UnknownFact(name.clone())))
    }

    fn counted(&self, kind: Type) -> Result<Type, RuleError> {
        match kind {
            Type::Whole | Type::Money | Type::Share => Ok(kind),
            Type::Boolean | Type::Text | Type::Day => Err(self.wrong(Problem::Unfit(kind))),
        }
    }

    /// Arguments of one type that has an order.
    fn alike(&self, parts: &[Self], schema: &Schema) -> Result<Type, RuleError> {
        let Some(first) = parts.first() else {
            return Err(self.wrong(Problem::Unfit(Type::Boolean)));
        };
        let kind = first.kind(schema)?;
        if matches!(kind, Type::Boolean | Type::Text) {
            return Err(first.wrong(Problem::Unfit(kind)));
        }
        for part in parts {
            part.must_be(kind, schema)?;
        }
        Ok(kind)
    }

    fn wrong(&self, problem: Problem) -> RuleError {
        RuleError::at(self.at, problem)
    }
}
