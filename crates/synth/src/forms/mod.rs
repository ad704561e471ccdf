//! The exports, one module per form. A form is a function from the world to a finished file.

pub(super) mod b203;
pub(super) mod b204;
pub(super) mod counties;
pub(super) mod emission;
pub(super) mod energy;
pub(super) mod land;
pub(super) mod meter;
pub(super) mod park;
pub(super) mod prices;
pub(super) mod published;
pub(super) mod recognition;
pub(super) mod reform;
pub(super) mod registers;
pub(super) mod research;
pub(super) mod retrofit;
pub(super) mod tax;
pub(super) mod tax_filing;
pub(super) mod unit_land;

use super::admin;
use super::error::Error;
use super::latent::Return;
use super::quarter::Quarter;
use super::register::World;
use super::spoil::{self, Form};
use super::write::File;

/// All files that the returns of one quarter make.
pub(super) fn of_quarter(world: &World, quarter: Quarter, returns: &[Return]) -> Result<Vec<File>, Error> {
    let mut files = vec![b203::first(world, quarter, returns)?, b204::first(world, quarter, returns)?];
    if spoil::is_revised(world, Form::B203, quarter) {
        files.push(b203::revised(world, quarter, returns)?);
    }
    if spoil::is_revised(world, Form::B204, quarter) {
        files.push(b204::revised(world, quarter, returns)?);
    }
    files.push(energy::file(world, quarter, returns)?);
    files.push(tax::file(world, quarter, returns)?);
    files.push(research::file(world, quarter, returns)?);
    files.push(park::file(world, quarter)?);
    files.extend(reform::files(world, quarter)?);
    if !admin::is_lost(world, quarter) {
        files.push(emission::file(world, quarter, returns)?);
    }
    files.push(tax_filing::file(world, quarter, returns)?);
    files.push(meter::file(world, quarter, returns)?);
    Ok(files)
}
