//! Lists what is embedded: every file under `assets/` and every word file under `locales/`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").unwrap_or_default());
    let mut text = String::new();
    list(&mut text, "ASSETS", &root.join("assets"), "&[u8]", "include_bytes!")?;
    list(&mut text, "LOCALES", &root.join("locales"), "&str", "include_str!")?;
    let out = PathBuf::from(env::var("OUT_DIR").unwrap_or_default()).join("embedded.rs");
    fs::write(out, text)?;
    for folder in ["assets", "locales", "migrations"] {
        println!("cargo::rerun-if-changed={folder}");
    }
    Ok(())
}

fn list(text: &mut String, name: &str, folder: &Path, kind: &str, with: &str) -> io::Result<()> {
    let mut files = Vec::new();
    walk(folder, &mut files)?;
    files.sort();
    writeln!(
        text,
        "/// Path below the folder, and content.\npub static {name}: &[(&str, {kind})] = &["
    )
    .map_err(io::Error::other)?;
    for file in files {
        let below = file.strip_prefix(folder).unwrap_or(&file).display().to_string();
        if below.ends_with(".md") {
            continue;
        }
        writeln!(text, "    ({below:?}, {with}({:?})),", file.display().to_string())
            .map_err(io::Error::other)?;
    }
    writeln!(text, "];").map_err(io::Error::other)
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            walk(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
