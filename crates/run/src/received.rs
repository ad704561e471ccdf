//! An export as it was received, and the definition that claims it.

use super::setup::{READING, Setup};
use super::transform::Input;
use clean::{Issued, vintage};
use config::correction::Correction;
use config::source::{IssuedFrom, Source};
use store::{Digest, content_key};
use vocab::Problem;
use vocab::period::{Date, day_to_number};

/// One export and the definition that claims it.
#[derive(Debug, Clone)]
pub struct Received {
    /// Its name, relative to the inbox.
    pub name: String,
    /// SHA-256 of its bytes.
    pub digest: Digest,
    /// Length.
    pub bytes: u64,
    /// Position of the definition that claims it, if exactly one does.
    pub source: Option<usize>,
    /// What is wrong with the claim.
    pub problem: Option<Problem>,
    /// The day it was first received, where the definition says that this counts.
    pub received: Option<Date>,
    /// The export that has the same content, if this one is nothing new.
    pub same_as: Option<String>,
    /// The day its content was issued again, after another content had been in between.
    pub reissued: Option<Date>,
}

/// An export that is read: one definition claims it, and no other export has the same content.
#[derive(Debug, Clone, Copy)]
pub(super) struct Claimed<'a> {
    pub(super) export: &'a Received,
    /// Position of the definition.
    pub(super) at: usize,
    pub(super) source: &'a Source,
    /// The key of its facts: export, definition, registers, program, and the corrections that claim it.
    pub(super) key: Digest,
}

impl Received {
    /// With the definition that claims it; none where none does, or it is nothing new.
    pub(super) fn claimed<'a>(&'a self, setup: &'a Setup) -> Option<Claimed<'a>> {
        let at = self.source.filter(|_| self.same_as.is_none())?;
        let source = setup.config.sources.get(at)?;
        Some(Claimed { export: self, at, source, key: self.key_by(setup, source)? })
    }

    /// The key of its facts.
    pub(super) fn key(&self, setup: &Setup) -> Option<Digest> {
        self.claimed(setup).map(|claimed| claimed.key)
    }

    fn key_by(&self, setup: &Setup, source: &Source) -> Option<Digest> {
        let definition = setup.source_texts.get(&source.id)?;
        let (digest, registers) = (self.digest.to_string(), setup.registers_digest.to_string());
        let corrections = setup.config.corrections.iter().filter(|correction| correction.claims(&self.name));
        let corrections: Vec<String> = corrections.map(Correction::fingerprint).collect();
        let parts = [READING, &digest, &self.name, definition, &registers].map(str::as_bytes);
        let received = self.received.map(|day| day_to_number(day).to_string());
        let more = corrections.iter().chain(&received).map(String::as_bytes);
        Some(content_key(parts.into_iter().chain(more)))
    }

    /// What there is to be read.
    pub(super) fn input<'a>(&'a self, setup: &'a Setup, bytes: &'a [u8]) -> Input<'a> {
        Input { name: &self.name, bytes, corrections: &setup.config.corrections, received: self.received }
    }

    /// The day of issue, as far as it is known before the export is read.
    pub(super) fn issued(&self, setup: &Setup) -> Option<Issued> {
        let by_name = || vintage(&self.name).map(|day| Issued { day, by: IssuedFrom::Name });
        self.source.map_or_else(by_name, |source| {
            clean::issued_outside(&setup.config.sources[source], &self.name, self.received)
        })
    }

    pub(super) fn is_later(&self, setup: &Setup) -> bool {
        setup.options.as_of.is_some_and(|day| self.issued(setup).is_some_and(|issued| issued.day > day))
    }
}
