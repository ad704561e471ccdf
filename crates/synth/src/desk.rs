//! Where files go: finished ones are handed out, and what they hold is noted.

use std::io;

use super::doubt::Doubt;
use super::error::Error;
use super::register::World;
use super::write::File;

/// Where files go. A file is complete when its writer has been flushed and dropped.
pub trait Output {
    /// Opens a new file; `name` is relative and uses `/`.
    fn create(&mut self, name: &str) -> io::Result<Box<dyn io::Write + '_>>;
}

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Number of files.
    pub files: u64,
    /// Data rows in all exports, registers and truth files.
    pub rows: u64,
    /// Bytes in all files.
    pub bytes: u64,
    /// Spoiled rows in the exports.
    pub spoiled: u64,
}

/// Writes the content of a file and tells its rows and bytes.
type Fill<'a> = dyn FnMut(&mut dyn io::Write) -> io::Result<(u64, u64)> + 'a;

/// Where finished files are handed out and what they hold is noted.
pub(super) struct Desk<'a> {
    out: &'a mut dyn Output,
    progress: &'a mut dyn FnMut(&str, u64),
    world: &'a World,
    doubt: Doubt,
    summary: Summary,
    /// Export and data rows.
    pub inputs: Vec<(String, u64)>,
    /// Export, row and kind.
    pub spoiled: Vec<(String, u64, &'static str)>,
}

impl<'a> Desk<'a> {
    /// A desk on which nothing lies yet.
    pub(super) fn new(
        out: &'a mut dyn Output,
        progress: &'a mut dyn FnMut(&str, u64),
        world: &'a World,
        doubt: Doubt,
    ) -> Self {
        Self { out, progress, world, doubt, summary: Summary::default(), inputs: Vec::new(), spoiled: Vec::new() }
    }

    /// Sends a file on its way, past what is planted.
    pub(super) fn send(&mut self, file: File) -> Result<(), Error> {
        for file in self.doubt.pass(self.world, file)? {
            self.put(file)?;
        }
        Ok(())
    }

    fn put(&mut self, file: File) -> Result<(), Error> {
        let File { name, bytes, rows, spoiled } = file;
        self.stream(&name, &mut |writer| {
            writer.write_all(&bytes)?;
            Ok((rows, bytes.len() as u64))
        })?;
        if let Some(export) = name.strip_prefix("exports/") {
            self.summary.spoiled += spoiled.len() as u64;
            self.inputs.push((export.to_owned(), rows));
            self.spoiled.extend(spoiled.into_iter().map(|spoiled| (export.to_owned(), spoiled.row, spoiled.kind)));
        }
        Ok(())
    }

    /// Writes a file piece by piece.
    pub(super) fn stream(&mut self, name: &str, fill: &mut Fill<'_>) -> Result<(), Error> {
        let failed = |source| Error::Write { file: name.to_owned(), source };
        let mut writer = self.out.create(name).map_err(failed)?;
        let (rows, bytes) = fill(&mut *writer).map_err(failed)?;
        writer.flush().map_err(failed)?;
        drop(writer);
        self.summary.files += 1;
        self.summary.rows += rows;
        self.summary.bytes += bytes;
        (self.progress)(name, rows);
        Ok(())
    }

    /// Hands out the list of what was planted, and tells what was written in all.
    pub(super) fn close(mut self) -> Result<Summary, Error> {
        if let Some(list) = self.doubt.list() {
            self.put(list)?;
        }
        Ok(self.summary)
    }
}
