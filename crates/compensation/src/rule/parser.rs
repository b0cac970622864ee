//! From words to a rule. Each function reads one level, from the loosest binding to the tightest.

use std::str::FromStr;

use ledger::Rate;

use super::lexer::{Word, words};
use super::{
    Comparison, DEPTH_MAX, Expr, LIST_MAX, Limit, NODES_MAX, Node, Problem, RuleError, TEXT_MAX,
    Wanting,
};
use crate::{Name, Share, Value};

/// Words that are no names of facts.
const RESERVED: [&str; 9] = ["and", "or", "not", "in", "has", "min", "max", "true", "false"];

struct Parser {
    words: Vec<(usize, Word)>,
    next: usize,
    end: usize,
    depth: usize,
    nodes: usize,
}

impl FromStr for Expr {
    type Err = RuleError;

    /// Reads a rule.
    ///
    /// # Errors
    /// [`RuleError`] with the place of the first thing that is wrong.
    fn from_str(text: &str) -> Result<Self, RuleError> {
        let mut parser = Parser::new(text)?;
        let rule = parser.any()?;
        parser.finish()?;
        if rule.depth() > DEPTH_MAX {
            return Err(RuleError::at(rule.at, Problem::Limit(Limit::Depth)));
        }
        // What is printed must be read again, and spaces may have come in.
        if rule.to_string().chars().count() > TEXT_MAX {
            return Err(RuleError::at(parser.end, Problem::Limit(Limit::Text)));
        }
        Ok(rule)
    }
}

impl TryFrom<String> for Expr {
    type Error = RuleError;

    fn try_from(text: String) -> Result<Self, RuleError> {
        text.parse()
    }
}

/// Reads one value, with nothing beside it.
pub(crate) fn literal(text: &str) -> Result<Value, RuleError> {
    let mut parser = Parser::new(text)?;
    let at = parser.here();
    let read = parser.product()?;
    parser.finish()?;
    match read.node {
        Node::Value(value) => Ok(value),
        _ => Err(RuleError::at(at, Problem::Missing(Wanting::Value))),
    }
}

impl Expr {
    /// How deep it is nested; a fact or a value is one deep.
    fn depth(&self) -> usize {
        let deepest = |parts: &[Self]| parts.iter().map(Self::depth).max().unwrap_or(0);
        1 + match &self.node {
            Node::Value(_) | Node::Fact(_) | Node::Has(_) => 0,
            Node::Not(part) | Node::In { of: part, .. } | Node::Divide(part, _) => part.depth(),
            Node::All(parts) | Node::Any(parts) | Node::Least(parts) | Node::Most(parts) => {
                deepest(parts)
            }
            Node::Compare(_, left, right)
            | Node::Add(left, right)
            | Node::Subtract(left, right)
            | Node::Multiply(left, right) => left.depth().max(right.depth()),
        }
    }
}

impl Parser {
    fn new(text: &str) -> Result<Self, RuleError> {
        let words = words(text)?;
        Ok(Self { words, next: 0, end: text.chars().count(), depth: 0, nodes: 0 })
    }

    fn finish(&self) -> Result<(), RuleError> {
        if self.next < self.words.len() {
            return Err(RuleError::at(self.here(), Problem::Beyond));
        }
        Ok(())
    }

    fn here(&self) -> usize {
        self.words.get(self.next).map_or(self.end, |(at, _)| *at)
    }

    fn sign(&mut self, sign: &str) -> bool {
        let is_next =
            matches!(self.words.get(self.next), Some((_, Word::Sign(found))) if *found == sign);
        self.next += usize::from(is_next);
        is_next
    }

    fn keyword(&mut self, word: &str) -> bool {
        let is_next = matches!(
            self.words.get(self.next), Some((_, Word::Name(found))) if found.as_str() == word
        );
        self.next += usize::from(is_next);
        is_next
    }

    fn want(&mut self, sign: &str, wanting: Wanting) -> Result<(), RuleError> {
        if self.sign(sign) { Ok(()) } else { Err(self.missing(wanting)) }
    }

    fn missing(&self, wanting: Wanting) -> RuleError {
        RuleError::at(self.here(), Problem::Missing(wanting))
    }

    fn made(&mut self, at: usize, node: Node) -> Result<Expr, RuleError> {
        self.nodes += 1;
        if self.nodes > NODES_MAX {
            return Err(RuleError::at(at, Problem::Limit(Limit::Nodes)));
        }
        Ok(Expr { node, at })
    }

    fn any(&mut self) -> Result<Expr, RuleError> {
        // The only way down: every bracket, list of arguments and `not` passes here.
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(RuleError::at(self.here(), Problem::Limit(Limit::Depth)));
        }
        let at = self.here();
        let mut parts = vec![self.all()?];
        while self.keyword("or") {
            parts.push(self.all()?);
        }
        self.depth -= 1;
        self.joined(at, parts, |node| match node {
            Node::Any(parts) => Ok(parts),
            other => Err(other),
        })
    }

    fn all(&mut self) -> Result<Expr, RuleError> {
        let at = self.here();
        let mut parts = vec![self.opposite()?];
        while self.keyword("and") {
            parts.push(self.opposite()?);
        }
        self.joined(at, parts, |node| match node {
            Node::All(parts) => Ok(parts),
            other => Err(other),
        })
    }

    /// One part as it is; several as one node, without brackets that change nothing.
    fn joined(
        &mut self,
        at: usize,
        parts: Vec<Expr>,
        open: fn(Node) -> Result<Vec<Expr>, Node>,
    ) -> Result<Expr, RuleError> {
        let is_one = parts.len() == 1;
        let is_any = open(Node::Any(Vec::new())).is_ok();
        let mut flat = Vec::with_capacity(parts.len());
        for part in parts {
            if is_one {
                return Ok(part);
            }
            match open(part.node) {
                Ok(inner) => flat.extend(inner),
                Err(node) => flat.push(Expr { node, at: part.at }),
            }
        }
        self.made(at, if is_any { Node::Any(flat) } else { Node::All(flat) })
    }

    fn opposite(&mut self) -> Result<Expr, RuleError> {
        let at = self.here();
        if !self.keyword("not") {
            return self.comparison();
        }
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(RuleError::at(at, Problem::Limit(Limit::Depth)));
        }
        let part = self.opposite()?;
        self.depth -= 1;
        self.made(at, Node::Not(Box::new(part)))
    }

    fn comparison(&mut self) -> Result<Expr, RuleError> {
        let left = self.sum()?;
        let at = left.at;
        let is_not = self.keyword("not");
        if self.keyword("in") {
            let list = self.list()?;
            return self.made(at, Node::In { of: Box::new(left), list, is_not });
        }
        if is_not {
            return Err(self.missing(Wanting::In));
        }
        let signs = [
            ("=", Comparison::Equal),
            ("!=", Comparison::Unequal),
            ("<=", Comparison::AtMost),
            (">=", Comparison::AtLeast),
            ("<", Comparison::Below),
            (">", Comparison::Above),
        ];
        for (sign, comparison) in signs {
            if self.sign(sign) {
                let right = self.sum()?;
                let node = Node::Compare(comparison, Box::new(left), Box::new(right));
                return self.made(at, node);
            }
        }
        Ok(left)
    }

    fn list(&mut self) -> Result<Vec<Value>, RuleError> {
        self.want("(", Wanting::Opening)?;
        let mut list: Vec<Value> = Vec::new();
        loop {
            let at = self.here();
            if list.len() == LIST_MAX {
                return Err(RuleError::at(at, Problem::Limit(Limit::List)));
            }
            let Node::Value(value) = self.product()?.node else {
                return Err(RuleError::at(at, Problem::Missing(Wanting::Value)));
            };
            if list.first().is_some_and(|first| first.kind() != value.kind()) {
                return Err(RuleError::at(at, Problem::MixedList));
            }
            list.push(value);
            if !self.sign(",") {
                break;
            }
        }
        self.want(")", Wanting::Closing)?;
        Ok(list)
    }

    fn sum(&mut self) -> Result<Expr, RuleError> {
        let mut left = self.product()?;
        loop {
            let at = left.at;
            let node: fn(Box<Expr>, Box<Expr>) -> Node = if self.sign("+") {
                Node::Add
            } else if self.sign("-") {
                Node::Subtract
            } else {
                return Ok(left);
            };
            let right = self.product()?;
            left = self.made(at, node(Box::new(left), Box::new(right)))?;
        }
    }

    fn product(&mut self) -> Result<Expr, RuleError> {
        let mut left = self.operand()?;
        loop {
            let at = left.at;
            if self.sign("*") {
                let right = self.operand()?;
                left = self.made(at, Node::Multiply(Box::new(left), Box::new(right)))?;
            } else if self.sign("/") {
                let by_at = self.here();
                let by = match self.operand()?.node {
                    Node::Value(Value::Whole(by)) if by != 0 => by,
                    _ => return Err(RuleError::at(by_at, Problem::Divisor)),
                };
                left = self.divided(left, by)?;
            } else {
                return Ok(left);
            }
        }
    }

    /// A written number or share divided is a share; anything else is divided when it is known.
    fn divided(&mut self, left: Expr, by: i64) -> Result<Expr, RuleError> {
        let at = left.at;
        let share = match &left.node {
            Node::Value(Value::Whole(over)) => (*over, 1),
            Node::Value(Value::Share(share)) => (share.0.numerator(), share.0.denominator()),
            _ => return self.made(at, Node::Divide(Box::new(left), by)),
        };
        let sign = by.signum();
        let rate = share.0.checked_mul(sign).zip(by.checked_abs());
        let rate = rate.and_then(|(over, by)| Some((over, share.1.checked_mul(by)?)));
        let rate = rate.and_then(|(over, under)| Rate::new(over, under).ok());
        let rate = rate.ok_or(RuleError::at(at, Problem::Number))?;
        Ok(Expr { node: Node::Value(Value::Share(Share(rate))), at })
    }

    fn operand(&mut self) -> Result<Expr, RuleError> {
        let at = self.here();
        if self.sign("(") {
            let inner = self.any()?;
            self.want(")", Wanting::Closing)?;
            return Ok(inner);
        }
        if self.sign("-") {
            return self.below_zero(at);
        }
        let Some((_, word)) = self.words.get(self.next).cloned() else {
            return Err(self.missing(Wanting::Operand));
        };
        self.next += 1;
        let node = match word {
            Word::Value(value) => Node::Value(value),
            Word::Name(name) => match name.as_str() {
                "true" => Node::Value(Value::Boolean(true)),
                "false" => Node::Value(Value::Boolean(false)),
                "has" => Node::Has(self.fact()?),
                "min" => Node::Least(self.arguments()?),
                "max" => Node::Most(self.arguments()?),
                word if RESERVED.contains(&word) => {
                    return Err(RuleError::at(at, Problem::Missing(Wanting::Operand)));
                }
                _ => Node::Fact(name),
            },
            Word::Sign(_) => return Err(RuleError::at(at, Problem::Missing(Wanting::Operand))),
        };
        self.made(at, node)
    }

    /// A minus sign belongs to a written number alone.
    fn below_zero(&mut self, at: usize) -> Result<Expr, RuleError> {
        let number = || RuleError::at(at, Problem::Number);
        let value = match self.words.get(self.next) {
            Some((_, Word::Value(Value::Whole(whole)))) => {
                Value::Whole(whole.checked_neg().ok_or(number())?)
            }
            Some((_, Word::Value(Value::Money(money)))) => {
                let minor = money.minor().checked_neg().ok_or(number())?;
                Value::Money(crate::Money::new(minor, money.currency()))
            }
            Some((_, Word::Value(Value::Share(share)))) => {
                let over = share.0.numerator().checked_neg().ok_or(number())?;
                let rate = Rate::new(over, share.0.denominator()).map_err(|_| number())?;
                Value::Share(Share(rate))
            }
            _ => return Err(self.missing(Wanting::Value)),
        };
        self.next += 1;
        self.made(at, Node::Value(value))
    }

    fn fact(&mut self) -> Result<Name, RuleError> {
        self.want("(", Wanting::Opening)?;
        let name = match self.words.get(self.next) {
            Some((_, Word::Name(name))) if !RESERVED.contains(&name.as_str()) => name.clone(),
            _ => return Err(self.missing(Wanting::Fact)),
        };
        self.next += 1;
        self.want(")", Wanting::Closing)?;
        Ok(name)
    }

    fn arguments(&mut self) -> Result<Vec<Expr>, RuleError> {
        self.want("(", Wanting::Opening)?;
        let mut parts = vec![self.any()?];
        while self.sign(",") {
            parts.push(self.any()?);
        }
        self.want(")", Wanting::Closing)?;
        Ok(parts)
    }
}
