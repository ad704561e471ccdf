//! How things stand before a run: the release that its inputs give, what readers see, and whether an operator holds it there.

use std::path::Path;

use super::failure::Failure;
use super::setup::Setup;
use protect::Profile;
use store::{Difference, Held, Hold, Pointer, Store};
use vocab::{Place, Problem, Said, rules};

/// The release that these inputs give, and the pointer of those it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Standing {
    /// The release that the inputs give.
    pub(super) release: String,
    /// What it lacks, if it is there at all.
    pub(super) defect: Option<Difference>,
    /// The release that the pointer names.
    pub(super) current: Option<String>,
    /// Whether an operator holds the pointer.
    pub(super) held: Held,
    /// Whether the run moves a pointer that is free.
    moves: bool,
}

/// What readers see after a run.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Readers {
    /// The pointer, by its name in the store.
    pub pointer: &'static str,
    /// The release that it names.
    pub current: Option<String>,
    /// The operator's decision that keeps it there.
    pub held: Option<Hold>,
    /// Whether this run set the pointer.
    pub moved: bool,
}

/// The store, if there is one. The catalogue of an older program is brought up to date by the run: until then it says nothing.
pub(super) fn existing(setup: &Setup) -> Result<Option<Store>, Failure> {
    match Store::open_existing(&setup.store_dir) {
        Ok(store) => Ok(Some(store)),
        Err(store::Error::NoStore { .. }) => Ok(None),
        Err(store::Error::CatalogVersion { found, known, .. }) if found < known => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The pointer of those that a run makes a release for.
pub(super) fn pointer(setup: &Setup) -> Pointer {
    match setup.options.profile {
        Profile::Internal => Pointer::Internal,
        Profile::Public => Pointer::Public,
    }
}

impl Standing {
    pub(super) fn of(setup: &Setup, store: &Store, release: String) -> Result<Standing, Failure> {
        let pointer = pointer(setup);
        Ok(Standing {
            defect: store.defect(&release)?,
            current: store.pointed(pointer)?,
            held: store.held(pointer)?,
            moves: !setup.is_part() || setup.options.make_current,
            release,
        })
    }

    /// The release that the pointer should name; none if it is to be left as it is.
    pub(super) fn target(&self) -> Option<&str> {
        match &self.held {
            Held::At(hold) => Some(&hold.release),
            Held::Free | Held::Void(_) => self.moves.then_some(&self.release),
        }
    }

    /// Whether a run has nothing to do.
    pub(super) fn is_done(&self) -> bool {
        self.defect.is_none() && self.is_pointed()
    }

    pub(super) fn is_pointed(&self) -> bool {
        self.target().is_none_or(|target| self.current.as_deref() == Some(target))
    }

    /// What is wrong with the store, as far as it shows here.
    pub(super) fn problems(&self, pointer: Pointer) -> Vec<Problem> {
        let void = match &self.held {
            Held::Void(found) => Some(void_hold(pointer, found)),
            Held::Free | Held::At(_) => None,
        };
        // One that was never made is not damaged.
        let damaged = self.defect.as_ref().filter(|defect| !defect.path.is_empty() || self.is_named());
        let damaged = damaged.map(|defect| {
            Problem::new(&rules::RELEASE_DAMAGED, Place::file(&format!("releases/{}", self.release)))
                .said(defect.said())
        });
        void.into_iter().chain(damaged).collect()
    }

    fn is_named(&self) -> bool {
        self.current.as_ref() == Some(&self.release)
    }

    /// What readers see once the run is over.
    pub(super) fn readers(&self, pointer: Pointer, moved: bool) -> Readers {
        let held = match &self.held {
            Held::At(hold) => Some(hold.clone()),
            Held::Free | Held::Void(_) => None,
        };
        let current = self.target().map(str::to_owned).or_else(|| self.current.clone());
        Readers { pointer: pointer.name(), current, held, moved }
    }
}

/// A hold that cannot be kept.
pub fn void_hold(pointer: Pointer, found: &Said) -> Problem {
    Problem::new(&rules::HOLD_VOID, Place::file(pointer.hold_name())).said(found.clone())
}

/// Makes the pointer name what it should; says whether it had to be moved.
pub(super) fn point(store: &Store, standing: &Standing) -> Result<bool, Failure> {
    match standing.target() {
        Some(target) if !standing.is_pointed() => {
            store.point_to(target)?;
            Ok(true)
        }
        _ => Ok(false),
    }
}

/// What stood in a pointer's place is moved out of the way, and told.
pub(super) fn clear_way(setup: &Setup, store: &Store) -> Result<Option<Problem>, Failure> {
    let pointer = pointer(setup);
    let aside = store.clear_way(pointer)?;
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(aside.map(|aside| Problem::new(&rules::POINTER_TAKEN, Place::file(pointer.name())).value(name(&aside))))
}
