//! Why a file is not read, as sentences: each says what happened and what to do, with the line and
//! the column where there is one. Nothing of a refused file is kept.

use intake::Refused;

use super::reader::MEMORY_MAX;

/// The key of the sentence.
pub(super) fn code(refused: &Refused) -> &'static str {
    match refused {
        Refused::Empty => "import-empty-file",
        Refused::NotText => "import-not-text",
        Refused::WebPage => "import-web-page",
        Refused::OtherPacking(_) => "import-other-packing",
        Refused::Locked => "import-locked",
        Refused::Nested(_) => "import-nested",
        Refused::NoList => "import-no-list",
        Refused::NoSuchMember(_) => "import-no-such-member",
        Refused::NoSuchSheet(_) => "import-no-such-sheet",
        Refused::NoSuchEncoding(_) => "import-no-such-encoding",
        Refused::TooLarge { .. } => "import-unpacked-too-large",
        Refused::TooManyMembers => "import-too-many-members",
        Refused::TooManyWords => "import-too-heavy",
        Refused::CellTooLong { .. } => "import-cell-too-long",
        Refused::TooManyColumns { .. } => "import-too-many-cells",
        Refused::RecordTooLong { .. } => "import-record-too-long",
        Refused::Broken { .. } => "import-broken",
    }
}

/// The arguments of the sentence.
pub(super) fn args(refused: &Refused) -> Vec<(&'static str, String)> {
    match refused {
        Refused::OtherPacking(name)
        | Refused::Nested(name)
        | Refused::NoSuchMember(name)
        | Refused::NoSuchSheet(name)
        | Refused::NoSuchEncoding(name) => vec![("name", name.clone())],
        Refused::TooLarge { bytes_max } => vec![("megabytes", (bytes_max >> 20).to_string())],
        Refused::CellTooLong { line, column } => {
            vec![("line", line.to_string()), ("column", column.to_string())]
        }
        Refused::TooManyColumns { line, columns_max } => {
            vec![("line", line.to_string()), ("most", columns_max.to_string())]
        }
        Refused::RecordTooLong { line } => vec![("line", line.to_string())],
        Refused::TooManyWords => vec![("megabytes", (MEMORY_MAX >> 20).to_string())],
        Refused::Broken { part } => vec![("part", part.clone())],
        _ => Vec::new(),
    }
}
