//! Sample exports of any size, with the true answers beside them.
//!
//! The room is an oracle: it shares no code with the pipeline, knows what every enterprise really did, writes it down
//! the way bureaus do, and computes the indicators from what it knows. A [`Options::seed`] gives the same bytes on every
//! machine. Nothing here touches a disk or a clock: files go to an [`Output`] that the caller provides.
//!
//! `register` says who exists, `doings` what they did, `latent` what they report of it, `forms` how it is filed, `truth` what
//! follows from it.

mod admin;
mod anchors;
mod calibration;
mod codes;
mod county_series;
mod creation;
mod desk;
mod dice;
mod doings;
mod doubt;
mod economy;
mod error;
mod facts;
mod forms;
mod founder;
mod holding;
mod land;
mod latent;
mod mess;
mod monitor;
mod names;
mod options;
mod quarter;
mod recognition;
mod reform;
mod register;
mod research;
mod spoil;
mod truth;
mod write;

use desk::Desk;
pub use desk::{Output, Summary};
use doubt::Doubt;
pub use doubt::Kind as DoubtKind;
pub use error::Error;
pub use options::{Options, Truth};
pub use quarter::Quarter;

/// Writes registers, exports and truth. `progress` hears of every finished file and its data rows.
pub fn write(options: &Options, out: &mut dyn Output, progress: &mut dyn FnMut(&str, u64)) -> Result<Summary, Error> {
    let mut options = options.clone();
    if let Some(year) = options.anchors {
        (options.parks, options.enterprises) = anchors::size(year, options.from, options.quarters)?;
    }
    options.validate()?;
    let mut world = creation::world(&options);
    let doubt = Doubt::plan(&options.doubt, &mut world)?;
    let world = &world;
    let mut desk = Desk::new(out, progress, world, doubt);
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
    desk.close()
}
