//! Tables of facts compiled into the generator: cities and parks, divisions and classes of industry, cluster themes.

mod counties;
mod industries;
mod parks;

pub(super) use counties::{DIRECT, code_at, current, is_merged};
pub(super) use industries::{CLASSES, DIVISIONS, THEMES, division_index};
pub(super) use parks::{CITIES, CityFact, ParkFact};
