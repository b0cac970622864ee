//! Lists that come packed: a compressed file, or one of several in an archive.

use std::io::{Read, SeekFrom};

use encoding_rs::IBM866;
use flate2::read::MultiGzDecoder;
use zip::ZipArchive;
use zip::result::ZipError;

use crate::source::{Limited, refused};
use crate::tags::Tags;
use crate::{Bytes, How, Limits, Refused, Said};

/// Bytes of a name of a file or a sheet, in any program that writes them.
const NAME_BYTES_MAX: usize = 4 << 10;
/// Bytes of all names: they are kept with the list and shown to choose from.
const NAMES_BYTES_MAX: usize = 1 << 20;

/// True where names can be kept and shown.
pub(crate) fn can_be_shown<'n>(mut names: impl Iterator<Item = &'n str>) -> bool {
    let mut bytes = 0;
    names.all(|name| {
        bytes += name.len();
        name.len() <= NAME_BYTES_MAX && bytes <= NAMES_BYTES_MAX
    })
}

/// Bytes that were packed, from their first on as often as wanted.
pub(crate) trait Unpacked {
    /// What it is called in its archive.
    fn name(&self) -> &str;
    /// Goes back to the first byte.
    fn open(&mut self) -> Result<Box<dyn Read + '_>, Refused>;
}

/// One file, compressed.
pub(crate) struct Gzip<'a> {
    pub source: &'a mut dyn Bytes,
    pub limits: Limits,
}

impl Unpacked for Gzip<'_> {
    fn name(&self) -> &str {
        "gzip"
    }
    fn open(&mut self) -> Result<Box<dyn Read + '_>, Refused> {
        self.source.seek(SeekFrom::Start(0)).map_err(|cause| refused(&cause))?;
        let unpacked = MultiGzDecoder::new(std::io::BufReader::new(&mut *self.source));
        Ok(Box::new(Limited::new(unpacked, self.limits.unpacked_max)))
    }
}

/// A file of an archive.
pub(crate) struct Member<'a> {
    archive: ZipArchive<&'a mut dyn Bytes>,
    place: usize,
    name: String,
    bytes_max: u64,
}

impl Unpacked for Member<'_> {
    fn name(&self) -> &str {
        &self.name
    }
    fn open(&mut self) -> Result<Box<dyn Read + '_>, Refused> {
        let file = self.archive.by_index(self.place).map_err(spoilt)?;
        Ok(Box::new(Limited::new(file, self.bytes_max)))
    }
}

/// Opens the list of an archive that was named, or the only one, or the first that looks like one.
pub(crate) fn open<'a>(
    source: &'a mut dyn Bytes,
    said: &Said,
    limits: &Limits,
    how: &mut How,
) -> Result<Member<'a>, Refused> {
    let mut archive = ZipArchive::new(source).map_err(spoilt)?;
    let lists = lists(&mut archive, limits)?;
    let chosen = match &said.member {
        Some(wanted) => lists
            .iter()
            .find(|(_, name)| name == wanted)
            .ok_or_else(|| Refused::NoSuchMember(wanted.chars().take(200).collect()))?,
        None => {
            lists.iter().find(|(_, name)| is_list(name)).or(lists.first()).ok_or(Refused::NoList)?
        }
    };
    let (place, name) = chosen.clone();
    how.members = lists.into_iter().map(|(_, name)| name).collect();
    how.member = Some(name.clone());
    Ok(Member { archive, place, name, bytes_max: limits.unpacked_max })
}

/// The files of an archive that may be lists, in their order.
fn lists(
    archive: &mut ZipArchive<&mut dyn Bytes>,
    limits: &Limits,
) -> Result<Vec<(usize, String)>, Refused> {
    if archive.len() > limits.members_max {
        return Err(Refused::TooManyMembers);
    }
    let mut lists = Vec::new();
    for place in 0..archive.len() {
        let file = archive.by_index_raw(place).map_err(spoilt)?;
        let name = name_of(file.name_raw());
        let is_aside = name.starts_with("__MACOSX/")
            || name.rsplit('/').next().is_none_or(|last| last.is_empty() || last.starts_with('.'));
        if file.is_dir() || is_aside {
            continue;
        }
        if file.encrypted() {
            return Err(Refused::Locked);
        }
        lists.push((place, name));
    }
    match can_be_shown(lists.iter().map(|(_, name)| name.as_str())) {
        true => Ok(lists),
        false => Err(Refused::Broken { part: "zip".to_owned() }),
    }
}

fn is_list(name: &str) -> bool {
    const ENDINGS: [&str; 10] =
        ["csv", "tsv", "txt", "vcf", "xlsx", "xlsm", "xls", "xlsb", "ods", "tab"];
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending).to_lowercase();
    ENDINGS.contains(&ending.as_str())
}

/// A name as it was meant: archives made in a Russian Windows write it in the page of its console.
fn name_of(raw: &[u8]) -> String {
    match std::str::from_utf8(raw) {
        Ok(name) => name.to_owned(),
        Err(_) => IBM866.decode_without_bom_handling(raw).0.into_owned(),
    }
}

/// Goes through everything a workbook holds, so that one that bursts is refused before anybody
/// builds on it. Nothing is kept but the places of the parts in which cells are one over others.
pub(crate) fn weigh<R: Bytes>(
    archive: &mut ZipArchive<R>,
    limits: &Limits,
) -> Result<Vec<usize>, Refused> {
    if archive.len() > limits.members_max {
        return Err(Refused::TooManyMembers);
    }
    let (mut left, mut too_long, mut merged) = (limits.workbook_max, None, Vec::new());
    for place in 0..archive.len() {
        let mut tags = Tags::new(limits);
        pass(archive, place, &mut left, &mut tags)?;
        too_long = too_long.or(tags.too_long);
        merged.extend(tags.has_merged.then_some(place));
    }
    // The longest texts stand apart from the cells that show them.
    let Some(wanted) = too_long else { return Ok(merged) };
    for place in 0..archive.len() {
        let mut tags = Tags::new(limits);
        tags.wanted = Some(wanted);
        pass(archive, place, &mut { limits.workbook_max }, &mut tags)?;
    }
    Ok(merged)
}

/// Goes through one file of a workbook; what is no text of tags is only weighed.
fn pass<R: Bytes>(
    archive: &mut ZipArchive<R>,
    place: usize,
    left: &mut u64,
    tags: &mut Tags<'_>,
) -> Result<(), Refused> {
    let bytes_max = tags.limits.workbook_max;
    let mut file = archive.by_index(place).map_err(spoilt)?;
    let is_tags = file.name_raw().to_ascii_lowercase().ends_with(b".xml");
    let mut part = vec![0; 64 << 10];
    loop {
        let count = file.read(&mut part).map_err(|cause| refused(&cause))?;
        if count == 0 {
            return Ok(());
        }
        *left = left.checked_sub(count as u64).ok_or(Refused::TooLarge { bytes_max })?;
        if is_tags {
            tags.take(&part[..count])?;
        }
    }
}

/// Why an archive could not be opened.
pub(crate) fn spoilt(cause: ZipError) -> Refused {
    match cause {
        ZipError::Io(cause) => refused(&cause),
        ZipError::UnsupportedArchive(text) if text == ZipError::PASSWORD_REQUIRED => {
            Refused::Locked
        }
        _ => Refused::Broken { part: "zip".to_owned() },
    }
}
