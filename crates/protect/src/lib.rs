//! What leaves this room may be read by those for whom the release is made.
//!
//! For now one rule holds: the minimum count. A figure that rests on fewer enterprises than the site's minimum is marked
//! confidential; the public profile does not hold it, nor anything from which it follows at once. Complementary
//! suppression and its audit belong in this place and are not there yet: the default profile is internal.

use std::collections::BTreeSet;

use config::indicator::Indicator;
use config::site::Site;
use model::indicators::{ConfStatus, ObsStatus, Reason, Value};
use model::places::Place;
use vocab::{Problem, rules};

/// For whom a release is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// For the administration: everything, with what is confidential marked.
    Internal,
    /// For everyone: what is confidential is absent.
    Public,
}

impl Profile {
    /// The word used on the command line and in manifests.
    pub fn as_str(self) -> &'static str {
        match self {
            Profile::Internal => "internal",
            Profile::Public => "public",
        }
    }
}

/// Marks what is confidential; in the public profile, removes it.
pub fn protect(
    mut values: Vec<Value>,
    indicators: &[Indicator],
    site: &Site,
    profile: Profile,
) -> (Vec<Value>, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut withheld = BTreeSet::new();
    for value in &mut values {
        let too_few = value.units.is_some_and(|units| units > 0 && units < site.minimum_units);
        if value.value.is_none() || !too_few {
            continue;
        }
        value.conf_status = ConfStatus::Confidential;
        if profile == Profile::Public {
            let place = vocab::Place::file(&format!("indicators/level={}", value.place.level));
            problems.push(
                Problem::new(&rules::TOO_FEW_UNITS, place)
                    .value(format!("{} {}", value.place.ref_area, indicators[value.indicator].id)),
            );
            suppress(value);
            let Place { level, ref_area, quarter, .. } = &*value.place;
            withheld.insert((value.indicator, *level, ref_area.clone(), *quarter));
        }
    }
    for value in values.iter_mut().filter(|value| value.yoy.is_some() && !withheld.is_empty()) {
        // From a value and its change follows the one of last year.
        let Place { level, ref_area, quarter, .. } = &*value.place;
        let before = quarter.plus(-4).map(|before| (value.indicator, *level, ref_area.clone(), before));
        if before.is_some_and(|before| withheld.contains(&before)) {
            value.yoy = None;
            value.on_track = None;
        }
    }
    (values, problems)
}

/// Removes the value, and everything from which it could be computed.
fn suppress(value: &mut Value) {
    value.value = None;
    value.numerator = None;
    value.denominator = None;
    value.units = None;
    value.reported = None;
    value.expected = None;
    value.yoy = None;
    value.on_track = None;
    value.rank = None;
    value.obs_status = ObsStatus::Suppressed;
    value.reason = Some(Reason::Suppressed);
    value.short_of = None;
}
