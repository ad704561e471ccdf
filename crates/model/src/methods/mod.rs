//! Numeric methods: pure functions, each with its formula and the source of it. They read no table and know no measure;
//! [`super::quality`] says what they are used for.

pub mod benchmark;
pub mod increments;
pub mod localise;
pub mod order;
pub mod outliers;
pub mod revision;
mod sum;

pub use sum::sum;
