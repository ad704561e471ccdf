//! The shared vocabulary: periods, units, codes, numbers, problems. No input or output.

pub mod address;
pub mod codes;
pub mod computed;
pub mod frame;
pub mod level;
pub mod note;
pub mod number;
pub mod period;
pub mod problem;
pub mod relative;
pub mod rules;
pub mod said;
pub mod scalars;
pub mod text;
pub mod transfer;
pub mod unit;

pub use problem::{Place, Problem};
pub use rules::Severity;
pub use said::Said;
