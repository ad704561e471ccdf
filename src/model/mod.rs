//! Facts to tables: loads the SQL models, compiles the indicators to SQL, and runs both on an engine.

pub mod assessment;
pub mod classification;
pub mod compile;
mod dimensions;
pub mod engine;
pub mod indicators;
mod mistakes;
pub mod sql;

pub use engine::Error;
pub use mistakes::{Areas, mistakes};
pub use sql::Models;
