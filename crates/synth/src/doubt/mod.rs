//! Doubt, planted: exports that did not come or hold what cannot be, parks and enterprises that change. The truth knows nothing of
//! the faults: it stays what the figures would be if everything had been sent rightly. Where the world itself changes, truth follows.
//!
//! `kind` says what there is, `places` where in the sample each strikes, `territory` and `enterprises` change the world before anything
//! is written, `exports` and `series` change finished files on their way out, one function for each kind; `planted` tells of it.

mod enterprises;
mod exports;
mod kind;
mod places;
mod planted;
mod series;
mod territory;
mod text;

use super::dice::Topic;
use super::error::Error;
use super::register::World;
use super::write::File;
pub use kind::Kind;
use places::Place;
use planted::Planted;

/// What is planted into a sample.
#[derive(Default)]
pub(super) struct Doubt {
    places: Vec<Place>,
    planted: Vec<Planted>,
    /// The export whose content is sent again as that of another period.
    kept: Option<File>,
}

impl Doubt {
    /// Decides what is planted where, and changes the world where a kind does. Each kind has dice of its own.
    pub(super) fn plan(kinds: &[Kind], world: &mut World) -> Result<Self, Error> {
        let mut doubt = Self::default();
        for kind in Kind::ALL.iter().copied().filter(|kind| kinds.contains(kind)) {
            let mut dice = world.seed.at(Topic::Doubt, kind as u64, 0);
            let planted = match kind {
                Kind::ParkMerged => territory::merge(world, &mut dice),
                Kind::ParkSplit => territory::split(world, &mut dice),
                Kind::ParkRenamed => territory::rename(world, &mut dice),
                Kind::ParkFounded => territory::found(world, &mut dice),
                Kind::EnterpriseEntered => enterprises::enter(world, &mut dice),
                Kind::EnterpriseLeft => enterprises::leave(world, &mut dice),
                Kind::EnterpriseReturned => enterprises::come_back(world, &mut dice),
                _ => {
                    let place = places::find(world, kind, &doubt.places, &mut dice);
                    doubt.places.push(place.ok_or(Error::Doubt { kind: kind.name() })?);
                    continue;
                }
            };
            let planted = planted.ok_or(Error::Doubt { kind: kind.name() })?;
            doubt.planted.push(Planted { kind: kind.name(), ..planted });
        }
        Ok(doubt)
    }

    /// A finished file on its way out: as it is, changed, with another one beside it, or not at all.
    pub(super) fn pass(&mut self, world: &World, file: File) -> Result<Vec<File>, Error> {
        if self.places.iter().any(|place| place.source.as_ref().is_some_and(|source| source.is(&file.name))) {
            self.kept = Some(file.clone());
        }
        let Some(place) = self.places.iter().find(|place| place.target.is(&file.name)) else { return Ok(vec![file]) };
        let mut dice = world.seed.at(Topic::Doubt, place.kind as u64, 1);
        let name = file.name.clone();
        let (files, planted) = match place.kind {
            Kind::ForeignSeries => series::foreign(world, file, &mut dice),
            Kind::PriceIndex => series::price_index(file, &mut dice),
            Kind::CountyMissing => series::county_missing(file, &mut dice),
            Kind::MissingExport => exports::missing(file),
            Kind::ExportGone => exports::gone(file),
            Kind::BadCell => exports::bad_cell(world, place, file, &mut dice),
            Kind::MissingRow => exports::missing_row(world, place, file, &mut dice),
            Kind::UnitFactor => exports::unit_factor(world, place, file, &mut dice),
            Kind::ContentRepeated => exports::repeated(place, file, self.kept.take()),
            Kind::RevisionUndated => exports::undated(place, file, &mut dice),
            Kind::ListReissued => exports::reissued(world, file, &mut dice),
            Kind::BrokenReference => exports::broken_reference(world, file, &mut dice),
            _ => (vec![file], Planted::default()),
        };
        let told = if planted.file.is_empty() { name } else { planted.file };
        self.planted.push(Planted {
            kind: place.kind.name(),
            dataset: place.target.dataset,
            file: told.trim_start_matches("exports/").to_owned(),
            quarter: place.target.quarter.map_or_else(String::new, |quarter| quarter.to_string()),
            ..planted
        });
        Ok(files)
    }

    /// The list of what was planted; none where nothing was.
    pub(super) fn list(&self) -> Option<File> {
        planted::list(&self.planted)
    }
}
