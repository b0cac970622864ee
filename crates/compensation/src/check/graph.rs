//! Which component follows from which: an order in which they can be computed, or a circle.

use crate::Name;
use crate::plan::{Component, Plan, Source};
use crate::rate::Figure;

/// The codes of the components that one follows from.
fn before(component: &Component) -> impl Iterator<Item = &Name> {
    let source = match &component.on {
        Source::Component(code) => Some(code),
        Source::Events(_) | Source::Calendar => None,
    };
    let figures = component.multipliers.iter().filter_map(|multiplier| match &multiplier.figure {
        // Its own attainment is known before its own result.
        Figure::Attainment(code) if *code != component.code => Some(code),
        Figure::Attainment(_) | Figure::Score { .. } => None,
    });
    source.into_iter().chain(figures)
}

/// Places of the components, each after all it follows from.
///
/// # Errors
/// The codes of a circle, beginning and ending with the same.
pub(super) fn order(plan: &Plan) -> Result<Vec<usize>, Vec<Name>> {
    let mut order = Vec::with_capacity(plan.components.len());
    let mut is_done = vec![false; plan.components.len()];
    for place in 0..plan.components.len() {
        visit(plan, place, &mut Vec::new(), (&mut is_done, &mut order))?;
    }
    Ok(order)
}

/// The depth is at most the number of components, which is limited.
fn visit(
    plan: &Plan,
    place: usize,
    path: &mut Vec<usize>,
    done: (&mut Vec<bool>, &mut Vec<usize>),
) -> Result<(), Vec<Name>> {
    let (is_done, order) = done;
    if is_done[place] {
        return Ok(());
    }
    let name = |place: usize| plan.components[place].code.clone();
    if let Some(begun) = path.iter().position(|other| *other == place) {
        let circle = path[begun..].iter().chain([&place]);
        return Err(circle.map(|place| name(*place)).collect());
    }
    path.push(place);
    for code in before(&plan.components[place]) {
        if let Some(next) = plan.components.iter().position(|other| other.code == *code) {
            visit(plan, next, path, (is_done, order))?;
        }
    }
    path.pop();
    is_done[place] = true;
    order.push(place);
    Ok(())
}
