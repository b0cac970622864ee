use super::*;

fn cut(text: &str) -> Vec<Vec<String>> {
    rows(text, ';').collect()
}

/// Reads a text that arrives in small parts.
fn read_parts(text: &str, size: usize) -> (Vec<Record>, How) {
    struct Parts<'a>(&'a [u8], usize);
    impl std::io::Read for Parts<'_> {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            let count = self.0.len().min(self.1).min(into.len());
            into[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }
    let source = Text::new(Box::new(Parts(text.as_bytes(), size)), encoding_rs::UTF_8);
    let (mut how, mut records) = (How::default(), Vec::new());
    let mut take = |record: Record| {
        records.push(record);
        true
    };
    read(source, None, Limits::default(), &mut how, &mut take).expect("is read");
    (records, how)
}

#[test]
fn quotes_lines_and_delimiters_within_them_are_read() {
    for (text, expected) in [
        ("a;b\nc;d", vec![vec!["a", "b"], vec!["c", "d"]]),
        ("a;b\r\nc;d\r\n", vec![vec!["a", "b"], vec!["c", "d"]]),
        ("a;b\rc;d", vec![vec!["a", "b"], vec!["c", "d"]]),
        (
            "a;b\rc;d\r\ne;f\ng;h",
            vec![vec!["a", "b"], vec!["c", "d"], vec!["e", "f"], vec!["g", "h"]],
        ),
        ("\"a;1\";\"b\nc\"", vec![vec!["a;1", "b\nc"]]),
        ("\"ООО \"\"Лён\"\"\";x", vec![vec!["ООО \"Лён\"", "x"]]),
        ("\"Лён\" ООО;x", vec![vec!["\"Лён\" ООО", "x"]]),
        ("\"Лён\" ООО;\"x\" ;\"y\"", vec![vec!["\"Лён\" ООО", "x", "y"]]),
        ("1;\"ООО Лён;x\n2;\"Шёлк\";y", vec![vec!["1", "\"ООО Лён", "x"], vec!["2", "Шёлк", "y"]]),
        ("a;;\n\n\n;b;", vec![vec!["a", "", ""], vec!["", "b", ""]]),
        ("", vec![]),
        ("\n\n", vec![]),
    ] {
        assert_eq!(cut(text), expected, "{text:?}");
    }
}

#[test]
fn a_quote_that_is_never_closed_swallows_nothing() {
    let text = format!("1;\"ООО Лён;x\n{}", "2;Шёлк;y\n".repeat(300));
    let all = cut(&text);
    assert_eq!(all.len(), 301);
    assert_eq!(all[0], ["1", "\"ООО Лён", "x"]);
    // The next quote stands 300 lines below: this one is a letter too.
    let text = format!("{text}3;\"Хлопок\";z\n");
    assert_eq!(cut(&text).len(), 302);
}

#[test]
fn a_row_with_a_lone_quote_is_noted_and_the_next_is_whole() {
    let (records, how) = read_parts("n;name;x\n1;\"ООО Лён;x\n2;Шёлк;y\n3;\"Лён\" ООО;z\n", 5);
    let damage: Vec<&[Damage]> = records.iter().map(|record| &*record.damage).collect();
    assert_eq!(damage, [&[][..], &[Damage::LoneQuote], &[], &[]]);
    assert_eq!((how.records, how.damaged, how.lines), (4, 1, 4));
}

#[test]
fn a_lone_quote_that_meets_the_end_of_another_cell_is_told_by_the_width() {
    let text = "n;name;x\n1;\"ООО Лён;x\n2;Шёлк\";y\n3;Марля;z\n";
    let (records, _) = read_parts(text, 7);
    let cells: Vec<String> = records.iter().map(|record| record.cells.join("|")).collect();
    assert_eq!(cells, ["n|name|x", "1|\"ООО Лён|x", "2|Шёлк\"|y", "3|Марля|z"]);
    assert_eq!(records[1].damage, [Damage::LoneQuote]);
    // A note over two lines is a note, for its row has the width of the others.
    let (records, _) = read_parts("n;note\n1;\"first;\nsecond\"\n2;x\n", 3);
    assert_eq!(records[1].cells, ["1", "first;\nsecond"]);
}

#[test]
fn every_line_is_accounted_for_whatever_its_end() {
    let text = "a;b\r\n\r\nc;\"d\ne\"\rf;g\n\n\n\0h;i\n";
    for size in [1, 2, 3, 64] {
        let (records, how) = read_parts(text, size);
        let lines: Vec<u64> = records.iter().map(|record| record.line).collect();
        assert_eq!(lines, [1, 3, 5, 8], "parts of {size}");
        assert_eq!((how.blank_lines, how.lines), (3, 8), "parts of {size}");
        assert_eq!(records[3].cells, ["h", "i"]);
        assert_eq!(records[3].damage, [Damage::ZeroBytes]);
    }
}

#[test]
fn delimiters_are_told_and_a_first_line_may_name_one() {
    for (text, expected) in [
        ("a;b\n1,5;2,5\n3,5;4\n", ';'),
        ("a,b\n1,2\n", ','),
        ("a\tb\n1,5\t2\n", '\t'),
        ("a|b|c\n1|2|3\n", '|'),
        ("name\nЛён\n", ';'),
        ("sep=,\na;x,b\n1;y,2\n", ','),
        ("\"sep=\t\"\na;b\tb\n", '\t'),
        ("sep=|", '|'),
    ] {
        assert_eq!(delimiter_of(text), expected, "{text:?}");
        let (records, how) = read_parts(text, 4);
        assert_eq!(how.delimiter, Some(expected), "{text:?}");
        assert!(records.iter().all(|record| !record.cells[0].contains("sep=")), "{text:?}");
        let lines: u64 = records.len() as u64 + how.blank_lines;
        assert_eq!(lines, how.lines, "{text:?}");
    }
}

#[test]
fn what_is_endless_is_refused_with_its_place() {
    let limits = Limits { cell_max: 1_000, cells_max: 50, record_max: 5_000, ..Limits::default() };
    let long = "x".repeat(2_000);
    for (text, expected) in [
        (format!("a;b\n1;{long}"), Refused::CellTooLong { line: 2, column: 2 }),
        (format!("a;b\n{}", ";".repeat(60)), Refused::TooManyColumns { line: 2, columns_max: 50 }),
        (
            format!("a;b\n\n{}", format!("{};", "y".repeat(900)).repeat(8)),
            Refused::RecordTooLong { line: 3 },
        ),
    ] {
        let source = Text::new(Box::new(text.as_bytes()), encoding_rs::UTF_8);
        let refused =
            read(source, Some(';'), limits, &mut How::default(), &mut |_| true).expect_err("long");
        assert_eq!(refused, expected);
    }
}
