//! What exports say against one another: which issue holds, units that were mistaken, a report that repeats another one.

pub(super) mod issues;
pub(super) mod latest;
mod repeats;
mod sample;
mod scale;

use std::collections::BTreeMap;

pub(super) use issues::{Issue, Standing, standing, tell_shrunk};
pub(super) use repeats::Repeated;
pub(super) use sample::{Compared, Sample, SenderColumns, Senders};
pub(super) use scale::Mistaken;

use config::quality::Quality;
use sample::Known;
use vocab::period::Quarter;

/// What samples of a dataset's exports have against one another.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Units that were mistaken.
    pub(super) mistaken: Vec<Mistaken>,
    /// Reports of another period.
    pub(super) repeated: Vec<Repeated>,
}

/// Holds each export against those issued before it. `samples` are in order, the latest first.
pub(super) fn find(samples: &[Sample], compared: &Compared<'_>, rules: &Quality) -> Found {
    let mut found = Found::default();
    let mut known: BTreeMap<(&str, Option<Quarter>), Known> = BTreeMap::new();
    let columns = scale::Columns::of(compared, &rules.scale);
    for (at, sample) in samples.iter().enumerate().rev() {
        for batch in sample.batches(at) {
            if let Some(repeated) = repeats::find(&batch, &known, &columns, &rules.repeat) {
                if found.repeated.iter().all(|other| other.at != repeated.at) {
                    found.repeated.push(repeated);
                }
                if repeated.at == at {
                    continue;
                }
            }
            let (mistaken, set_aside) = scale::find(&batch, &known, &columns, &rules.scale);
            found.mistaken.extend(mistaken);
            known.entry((batch.label, batch.quarter)).or_default().take_in(&batch, &set_aside);
        }
    }
    found.mistaken = scale::together(found.mistaken);
    found
}
