//! What linking found, written as CSV for programs. A file gets its name when it is whole.

use std::fs::File;
use std::path::{Path, PathBuf};

use linkage::link::Linked;

use super::lists::List;

/// A file that is being written beside its name. Dropped before it is whole, it leaves nothing.
pub(super) struct Sheet {
    name: PathBuf,
    partial: PathBuf,
    writer: Option<csv::Writer<File>>,
}

impl Sheet {
    /// Begins a file; whatever has its name stays until the new one is whole.
    pub fn begin(name: &Path) -> Result<Self, String> {
        // What is put in its place would be a file: a device or a link would be gone.
        if name.symlink_metadata().is_ok_and(|known| !known.is_file()) {
            return Err(format!("{} is no file that could be written anew", name.display()));
        }
        let mut last = name.file_name().unwrap_or_default().to_owned();
        last.push(".partial");
        let partial = name.with_file_name(last);
        let file = File::create(&partial)
            .map_err(|cause| format!("{} cannot be written: {cause}", name.display()))?;
        let writer = csv::Writer::from_writer(file);
        Ok(Self { name: name.to_owned(), partial, writer: Some(writer) })
    }

    fn row<const N: usize>(&mut self, cells: [&str; N]) -> Result<(), String> {
        let name = self.name.display();
        let writer = self.writer.as_mut().ok_or_else(|| format!("{name} is finished"))?;
        writer.write_record(cells).map_err(|cause| format!("{name}: {cause}"))
    }

    /// Everything is on the disk, under the name beside.
    fn settle(&mut self) -> Result<(), String> {
        let wrong = |cause: String| format!("{}: {cause}", self.name.display());
        let Some(writer) = self.writer.take() else { return Ok(()) };
        let file = writer.into_inner().map_err(|cause| wrong(cause.to_string()))?;
        file.sync_all().map_err(|cause| wrong(cause.to_string()))
    }

    fn name_it(self) -> Result<(), String> {
        std::fs::rename(&self.partial, &self.name)
            .map_err(|cause| format!("{}: {cause}", self.name.display()))
    }
}

impl Drop for Sheet {
    fn drop(&mut self) {
        // After the renaming there is nothing under this name, and nothing to take away.
        let _ = std::fs::remove_file(&self.partial);
    }
}

/// Writes clusters and, where they are wanted, pairs. Neither has its name before both are whole.
pub(super) fn write(
    lists: &[List],
    linked: &Linked,
    mut clusters: Sheet,
    mut pairs: Option<Sheet>,
) -> Result<(), String> {
    let rows: Vec<(&str, &str)> = lists
        .iter()
        .flat_map(|list| list.ids.iter().map(|id| (list.source.as_str(), id.as_str())))
        .collect();
    if rows.len() != linked.clusters.len() {
        return Err(format!("{} rows got {} clusters", rows.len(), linked.clusters.len()));
    }
    clusters.row(["source", "id", "cluster"])?;
    for ((source, id), cluster) in rows.iter().zip(&linked.clusters) {
        clusters.row([source, id, &cluster.to_string()])?;
    }
    clusters.settle()?;
    if let Some(sheet) = &mut pairs {
        sheet.row(["source_a", "id_a", "source_b", "id_b", "probability"])?;
        for pair in &linked.pairs {
            let (a, b) = (rows[pair.a as usize], rows[pair.b as usize]);
            let probability = format!("{:.6}", pair.probability);
            sheet.row([a.0, a.1, b.0, b.1, &probability])?;
        }
        sheet.settle()?;
    }
    if let Some(sheet) = pairs {
        sheet.name_it()?;
    }
    clusters.name_it()
}
