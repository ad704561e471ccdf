//! Facts to tables: loads the SQL models, compiles the indicators to SQL, and runs both on an engine; and
//! says what can be said of the quality of the figures.

pub mod assessment;
mod bounds;
pub mod classification;
pub mod compile;
mod dimensions;
pub mod engine;
pub mod fraction;
mod guard;
pub mod indicators;
mod keys;
mod measures;
pub mod methods;
mod mistakes;
pub mod places;
pub mod quality;
pub mod relations;
mod shortfall;
pub mod sql;
pub mod status;
mod tested;
pub mod trial;
mod value;
mod words;

pub use engine::Error;
pub use mistakes::{Areas, mistakes};
pub use sql::Models;
