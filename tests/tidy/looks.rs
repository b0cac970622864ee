//! Colours that can be read, assets that arrive quickly, views without script or style.

use std::collections::BTreeMap;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::offenders::Found;
use super::source::files;

const CSS_BYTES_MAX: usize = 30 * 1_024;
const JS_GZIP_BYTES_MAX: usize = 30 * 1_024;
const TEXT_CONTRAST_MIN: f64 = 4.5;
const EDGE_CONTRAST_MIN: f64 = 3.0;

/// Text colours and what they are printed on.
const TEXT: [&str; 8] = ["ink", "ink-2", "ink-3", "act", "pos", "warn", "neg", "vio"];
const GROUNDS: [&str; 3] = ["paper", "sheet", "well"];
/// A tone on its own tint.
const TINTED: [(&str, &str); 5] = [
    ("act", "act-tint"),
    ("pos", "pos-tint"),
    ("warn", "warn-tint"),
    ("neg", "neg-tint"),
    ("on-act", "act"),
];

type Rgb = [f64; 3];

fn colour(text: &str) -> Option<Rgb> {
    let hex = text.trim().strip_prefix('#').filter(|hex| hex.len() == 6)?;
    let part = |i: usize| u8::from_str_radix(hex.get(i..i + 2)?, 16).ok().map(f64::from);
    Some([part(0)?, part(2)?, part(4)?])
}

/// Tokens declared as `--name: light-dark(#…, #…)`.
fn tokens(css: &str) -> BTreeMap<String, [Rgb; 2]> {
    css.match_indices(": light-dark(")
        .filter_map(|(at, mark)| {
            let name = css[..at].rsplit("--").next()?.to_owned();
            let inside = css[at + mark.len()..].split(')').next()?;
            let (light, dark) = inside.split_once(',')?;
            Some((name, [colour(light)?, colour(dark)?]))
        })
        .collect()
}

/// Relative luminance, WCAG 2.2.
fn luminance(rgb: Rgb) -> f64 {
    let [r, g, b] = rgb.map(|c| {
        let c = c / 255.0;
        if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

fn contrast(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn every_pair_of_colours_can_be_read() {
    let sheets = files("assets/css", &["troika.css"]);
    let tokens = tokens(&sheets.first().expect("the sheet is there").all);
    let pairs = TEXT
        .iter()
        .flat_map(|text| GROUNDS.iter().map(move |ground| (*text, *ground, TEXT_CONTRAST_MIN)))
        .chain(TINTED.iter().map(|(text, tint)| (*text, *tint, TEXT_CONTRAST_MIN)))
        .chain(["ink", "ink-2"].iter().flat_map(|text| {
            TINTED.iter().take(4).map(move |(_, tint)| (*text, *tint, TEXT_CONTRAST_MIN))
        }))
        .chain(GROUNDS.iter().map(|ground| ("edge", *ground, EDGE_CONTRAST_MIN)));
    let mut found = Found::default();
    for (front, ground, min) in pairs {
        let both = tokens.get(front).zip(tokens.get(ground));
        let (a, b) = both.unwrap_or_else(|| panic!("--{front} and --{ground} are declared"));
        for (look, (a, b)) in ["light", "dark"].iter().zip(a.iter().zip(b)) {
            let ratio = contrast(*a, *b);
            if ratio < min {
                let sentence =
                    format!("--{front} on --{ground}, {look}: {ratio:.2}; at least {min}");
                found.note(format!("{front}/{ground}/{look}"), 1, sentence);
            }
        }
    }
    found.judge("contrast");
}

#[test]
fn contrast_is_measured_as_the_norm_does() {
    let (black, white, grey) = ([0.0; 3], [255.0; 3], [119.0; 3]);
    assert!((contrast(black, white) - 21.0).abs() < 1e-9);
    assert!((contrast(grey, white) - 4.48).abs() < 0.005);
}

#[test]
fn the_sheet_and_the_scripts_arrive_quickly() {
    let mut found = Found::default();
    let css: usize = files("assets/css", &[".css"]).iter().map(|f| f.all.len()).sum();
    if css > CSS_BYTES_MAX {
        found.note("css", css, format!("{css} bytes of style; {CSS_BYTES_MAX} at most"));
    }
    let js: usize = files("assets/js", &[".js"]).iter().map(|f| compressed(&f.all)).sum();
    if js > JS_GZIP_BYTES_MAX {
        found.note("js", js, format!("{js} bytes of script; {JS_GZIP_BYTES_MAX} at most"));
    }
    found.judge("weight");
}

fn compressed(text: &str) -> usize {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(text.as_bytes()).expect("memory takes bytes");
    gzip.finish().expect("memory takes bytes").len()
}

#[test]
fn a_view_holds_neither_script_nor_style() {
    let mut found = Found::default();
    for view in files("src", &[".html"]) {
        for (i, line) in view.all.lines().enumerate() {
            let lower = line.to_lowercase();
            let has_handler = lower.match_indices(" on").any(|(at, _)| {
                let rest = &lower[at + 3..];
                let name = rest.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or("");
                name.len() > 2 && rest[name.len()..].starts_with('=')
            });
            let is_inline = lower.contains("<script") && !lower.contains(" src=");
            for (is_there, what) in [
                (has_handler, "an on… attribute"),
                (is_inline, "an inline script"),
                (lower.contains(" style="), "a style attribute"),
                (lower.contains("<style"), "an inline style"),
                (lower.contains("javascript:"), "a javascript: address"),
                (lower.contains("|safe"), "text that is not escaped"),
                (lower.contains("http://") || lower.contains("https://"), "another site's address"),
            ] {
                if is_there {
                    found.note(&view.path, 1, format!("line {}: {what}", i + 1));
                }
            }
        }
    }
    found.judge("inline");
}

#[test]
fn a_form_that_changes_something_carries_its_keys() {
    let mut found = Found::default();
    for view in files("src", &[".html"]) {
        for (at, _) in view.all.match_indices("<form") {
            let form = view.all[at..].split("</form>").next().unwrap_or_default();
            let head = form.split('>').next().unwrap_or_default();
            let has_keys = form.contains("web/views/_keys.html") || form.contains("name=\"_key\"");
            if head.contains("method=\"post\"") && !has_keys {
                let line = super::source::line_of(&view.all, at);
                let sentence = format!("line {line}: a form without web/views/_keys.html");
                found.note(&view.path, 1, sentence);
            }
        }
    }
    found.judge("keys");
}
