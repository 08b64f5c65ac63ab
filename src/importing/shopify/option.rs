//! A product's options: the names stand on its first row, the values on every row of a variant.

use super::super::cells::Cells;
use super::super::{Column, Problem, ProblemKind};

/// What Shopify writes for a product without options.
const NO_OPTION: (&str, &str) = ("Title", "Default Title");

/// An option and the place (1 to 3) whose column holds its values.
pub(super) struct NamedOption {
    pub slot: u8,
    pub name: String,
}

/// Empty for a product without options; `None`, with a problem, where the names do not make sense.
pub(super) fn read(rows: &[Cells], problems: &mut Vec<Problem>) -> Option<Vec<NamedOption>> {
    let mut options: Vec<NamedOption> = Vec::new();
    for slot in 1..=3 {
        let Some(named) = rows.iter().find(|cells| !cells.is_blank(Column::OptionName(slot))) else {
            refuse_values_without_name(rows, slot, problems)?;
            continue;
        };
        let name = named.owned(Column::OptionName(slot))?;
        report_other_names(rows, slot, &name, problems);
        if options.iter().any(|option| option.name.to_lowercase() == name.to_lowercase()) {
            let message = format!("two options are called “{name}”; the product is left out");
            problems.push(named.problem(Column::OptionName(slot), ProblemKind::InvalidOption, message));
            return None;
        }
        options.push(NamedOption { slot, name });
    }
    let is_none = matches!(options.as_slice(), [only] if only.name == NO_OPTION.0 && has_only_default(rows, only.slot));
    Some(if is_none { Vec::new() } else { options })
}

fn has_only_default(rows: &[Cells], slot: u8) -> bool {
    rows.iter().filter_map(|cells| cells.word(Column::OptionValue(slot))).all(|value| value == NO_OPTION.1)
}

fn refuse_values_without_name(rows: &[Cells], slot: u8, problems: &mut Vec<Problem>) -> Option<()> {
    let is_value = |value: &str| slot != 1 || value != NO_OPTION.1;
    let Some(cells) = rows.iter().find(|cells| cells.word(Column::OptionValue(slot)).is_some_and(is_value)) else {
        return Some(());
    };
    let message = format!("option {slot} has values but no name; the product is left out");
    problems.push(cells.problem(Column::OptionValue(slot), ProblemKind::InvalidOption, message));
    None
}

fn report_other_names(rows: &[Cells], slot: u8, name: &str, problems: &mut Vec<Problem>) {
    let column = Column::OptionName(slot);
    let other = rows.iter().find(|cells| cells.word(column).is_some_and(|word| word != name));
    problems
        .extend(other.map(|cells| cells.problem(column, ProblemKind::Contradiction, format!("the option is called “{name}” above, which stands"))));
}
