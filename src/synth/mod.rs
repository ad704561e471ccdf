//! Sample exports of any size, with the true answers beside them.
//!
//! The room is an oracle: it shares no code with the pipeline, knows what every enterprise really did, writes it down
//! the way bureaus do, and computes the indicators from what it knows. A [`Options::seed`] gives the same bytes on every
//! machine. Nothing here touches a disk or a clock: files go to an [`Output`] that the caller provides.
//!
//! `register` says who exists, `latent` what they did, `forms` how it is filed, `truth` what follows from it.

mod admin;
mod anchors;
mod codes;
mod county_series;
mod dice;
mod doubt;
mod economy;
mod facts;
mod forms;
mod founder;
mod holding;
mod land;
mod latent;
mod mess;
mod monitor;
mod names;
mod quarter;
mod recognition;
mod reform;
mod register;
mod research;
mod spoil;
mod truth;
mod write;

use std::io;

use doubt::Doubt;
pub use doubt::Kind as DoubtKind;
pub use quarter::Quarter;
use register::World;
use write::File;

/// What to make.
#[derive(Clone, Debug)]
pub struct Options {
    /// Decides every value. The same seed gives the same bytes.
    pub seed: u64,
    /// Above-scale enterprises that exist at some time in the sample.
    pub enterprises: usize,
    /// Industrial parks, spread over cities.
    pub parks: usize,
    /// First quarter.
    pub from: Quarter,
    /// Number of quarters.
    pub quarters: usize,
    /// How much of the truth to write.
    pub truth: Truth,
    /// A year whose published totals the sample is calibrated to; it decides the numbers of parks and enterprises.
    pub anchors: Option<i32>,
    /// Kinds of doubt that are planted.
    pub doubt: Vec<DoubtKind>,
}

impl Default for Options {
    /// What the project's own sample is made with.
    fn default() -> Self {
        Options {
            seed: 2019,
            enterprises: 640,
            parks: 24,
            from: Quarter::SAMPLE,
            quarters: 12,
            truth: Truth::Full,
            anchors: None,
            doubt: Vec::new(),
        }
    }
}

/// How much of the truth to write beside the exports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    /// Nothing.
    None,
    /// Indicators, spoiled rows and row counts.
    Indicators,
    /// Also the single-quarter values of every enterprise.
    Full,
}

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

/// Why a sample could not be made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The number of parks is out of range.
    #[error("parks: {given} is not within {min}..={max}, the parks that are known by name")]
    Parks {
        /// What was asked for.
        given: usize,
        /// At least.
        min: usize,
        /// At most.
        max: usize,
    },
    /// The number of enterprises is out of range.
    #[error("enterprises: {given} is not within {min}..={max} (every park has at least one)")]
    Enterprises {
        /// What was asked for.
        given: usize,
        /// At least: the number of parks.
        min: usize,
        /// At most.
        max: usize,
    },
    /// The number of quarters is out of range.
    #[error("quarters: {given} is not within {min}..={max}")]
    Quarters {
        /// What was asked for.
        given: usize,
        /// At least.
        min: usize,
        /// At most.
        max: usize,
    },
    /// The first quarter is out of range.
    #[error("from: {given} is not within {min}Q1..={max}Q4")]
    From {
        /// What was asked for.
        given: Quarter,
        /// First year allowed.
        min: i32,
        /// Last year allowed.
        max: i32,
    },
    /// Nothing is published for that year, or the quarters asked for do not hold its last one.
    #[error("anchors: {given} cannot be: figures are known for {known}, and the quarters must hold {known}Q4")]
    Anchors {
        /// What was asked for.
        given: i32,
        /// The year there is.
        known: i32,
    },
    /// The sample is too small for something to be planted.
    #[error(
        "doubt: there is no place for {kind} in so small a sample; ask for more parks, enterprises or quarters, or leave it out"
    )]
    Doubt {
        /// Name of the kind.
        kind: &'static str,
    },
    /// The output did not take a file.
    #[error("cannot write {file}")]
    Write {
        /// Name of the file.
        file: String,
        /// What went wrong.
        source: io::Error,
    },
    /// A workbook could not be built.
    #[error("cannot build a workbook")]
    Workbook(#[source] rust_xlsxwriter::XlsxError),
}

impl Options {
    /// Fewest parks.
    pub const PARKS_MIN: usize = 1;
    /// Most parks: those whose names are known.
    pub const PARKS_MAX: usize = 186;
    /// Most enterprises: a sheet has a million rows.
    pub const ENTERPRISES_MAX: usize = 1_000_000;
    /// Most quarters.
    pub const QUARTERS_MAX: usize = 80;
    /// First year that can be asked for.
    pub const FROM_YEAR_MIN: i32 = 2005;
    /// Last year that can be asked for.
    pub const FROM_YEAR_MAX: i32 = 2060;

    /// Checks every limit.
    pub fn validate(&self) -> Result<(), Error> {
        let Self { enterprises, parks, from, quarters, .. } = *self;
        if !(Self::PARKS_MIN..=Self::PARKS_MAX).contains(&parks) {
            return Err(Error::Parks { given: parks, min: Self::PARKS_MIN, max: Self::PARKS_MAX });
        }
        if !(parks..=Self::ENTERPRISES_MAX).contains(&enterprises) {
            return Err(Error::Enterprises { given: enterprises, min: parks, max: Self::ENTERPRISES_MAX });
        }
        if !(1..=Self::QUARTERS_MAX).contains(&quarters) {
            return Err(Error::Quarters { given: quarters, min: 1, max: Self::QUARTERS_MAX });
        }
        if !(Self::FROM_YEAR_MIN..=Self::FROM_YEAR_MAX).contains(&from.year()) {
            return Err(Error::From { given: from, min: Self::FROM_YEAR_MIN, max: Self::FROM_YEAR_MAX });
        }
        Ok(())
    }
}

/// Writes registers, exports and truth. `progress` hears of every finished file and its data rows.
pub fn write(options: &Options, out: &mut dyn Output, progress: &mut dyn FnMut(&str, u64)) -> Result<Summary, Error> {
    let mut options = options.clone();
    if let Some(year) = options.anchors {
        (options.parks, options.enterprises) = anchors::size(year, options.from, options.quarters)?;
    }
    options.validate()?;
    let mut world = World::new(&options);
    let doubt = Doubt::plan(&options, &mut world)?;
    let world = &world;
    let mut desk =
        Desk { out, progress, world, doubt, summary: Summary::default(), inputs: Vec::new(), spoiled: Vec::new() };
    for file in forms::registers::files(world) {
        desk.send(file)?;
    }
    let mut published = Vec::with_capacity(world.quarters);
    for quarter in world.periods() {
        let returns = latent::returns(world, quarter);
        let parks_fen = truth::parks_va(world, quarter, &returns);
        published.push(world.economy.published_va(quarter, parks_fen.iter().sum()));
        desk.send(forms::counties::file(world, quarter, &parks_fen))?;
        for file in forms::of_quarter(world, quarter, &returns)? {
            desk.send(file)?;
        }
    }
    for city in 0..world.cities.len() {
        desk.send(forms::land::file(world, city)?)?;
        desk.send(forms::unit_land::file(world, city)?)?;
    }
    desk.send(forms::retrofit::file(world)?)?;
    desk.send(forms::recognition::file(world)?)?;
    desk.send(forms::prices::file(world))?;
    desk.send(forms::published::file(world, &published))?;
    truth::write(options.truth, world, &published, &mut desk)?;
    if let Some(list) = desk.doubt.list() {
        desk.put(list)?;
    }
    Ok(desk.summary)
}

/// Writes the content of a file and tells its rows and bytes.
type Fill<'a> = dyn FnMut(&mut dyn io::Write) -> io::Result<(u64, u64)> + 'a;

/// Where finished files are handed out and what they hold is noted.
struct Desk<'a> {
    out: &'a mut dyn Output,
    progress: &'a mut dyn FnMut(&str, u64),
    world: &'a World,
    doubt: Doubt,
    summary: Summary,
    /// Export and data rows.
    inputs: Vec<(String, u64)>,
    /// Export, row and kind.
    spoiled: Vec<(String, u64, &'static str)>,
}

impl Desk<'_> {
    /// Sends a file on its way, past what is planted.
    fn send(&mut self, file: File) -> Result<(), Error> {
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
    fn stream(&mut self, name: &str, fill: &mut Fill<'_>) -> Result<(), Error> {
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
}
