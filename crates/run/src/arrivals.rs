//! What lies in the inbox: which files have arrived and may be taken, and what is told of the rest.
//!
//! A file that is still being copied looks like any other. It is taken once it has been at rest for `quiet_seconds`, and only
//! if it is, when it is read, what it was when it was listed. Of what cannot be taken now, what was received under its
//! name before stands: a transfer that is under way takes nothing away.

use std::collections::BTreeMap;

use super::failure::Failure;
use super::setup::Setup;
use store::{Error, InboxFile, NotTaken, Seen, Stamp, Store, Why};
use vocab::rules::{self, Rule};
use vocab::{Place, Problem, said};

/// A clock that is wrong by more than this says nothing of a file's age.
const MOST_AHEAD_SECONDS: i64 = 3600;

/// The rules for what is not taken.
pub(super) const RULES: &[&Rule] = &[
    &rules::STILL_ARRIVING,
    &rules::TRANSFER_UNFINISHED,
    &rules::NOT_READABLE,
    &rules::LINK_TO_NOWHERE,
    &rules::NO_PLAIN_FILE,
    &rules::NAME_WITH_CONTROL,
];

/// What was found in the inbox.
pub(super) struct Arrivals {
    /// Files that may be taken, by name.
    pub(super) files: Vec<InboxFile>,
    /// What is not taken, by name.
    others: Vec<NotTaken>,
    /// What was seen in earlier runs, by name.
    pub(super) known: BTreeMap<String, Seen>,
    /// What is wrong with files that are not taken, and of which nothing stands.
    pub(super) problems: Vec<Problem>,
}

impl Arrivals {
    /// Looks into the inbox.
    pub(super) fn list(setup: &Setup, store: Option<&Store>) -> Result<Arrivals, Failure> {
        let listing = store::list_inbox(&setup.inbox_dir)?;
        let known: BTreeMap<String, Seen> = match store {
            Some(store) => store.catalog().seen()?.into_iter().map(|seen| (seen.path.clone(), seen)).collect(),
            None => BTreeMap::new(),
        };
        let mut arrivals = Arrivals { files: Vec::new(), others: listing.others, known, problems: Vec::new() };
        let quiet = setup.config.site.quiet_seconds;
        for file in listing.files {
            let was_taken = arrivals.known.get(&file.name).is_some_and(|seen| seen.stamp == file.stamp);
            if file.stamp.bytes > setup.config.site.max_file_bytes {
                arrivals.problems.push(too_large(setup, &file));
            } else if !was_taken && is_young(file.stamp, setup.options.now, quiet) {
                arrivals.others.push(NotTaken { name: file.name, why: Why::Changing });
            } else {
                arrivals.files.push(file);
            }
        }
        Ok(arrivals)
    }

    /// Sets a file apart that could not be taken after all.
    pub(super) fn set_apart(&mut self, other: NotTaken) {
        self.others.push(other);
    }

    /// What stands of the files that are not taken: what was received under their names before. What is told of each is
    /// among the problems then.
    pub(super) fn standing(&mut self) -> Vec<Seen> {
        self.others.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        let mut standing = Vec::new();
        for NotTaken { name, why } in std::mem::take(&mut self.others) {
            let rule = rule_of(why);
            let problem = Problem::new(rule, Place::file(&name));
            let before = standing.len();
            if stands(why) {
                let below = format!("{name}/");
                standing.extend(self.known.get(&name).cloned());
                let of_folder = self.known.range(below.clone()..).map(|(_, seen)| seen);
                standing.extend(of_folder.take_while(|seen| seen.path.starts_with(&below)).cloned());
            }
            self.problems.push(told(problem, why, standing.len() - before));
        }
        standing
    }
}

/// Whether a file changed so lately that it may change again. A change that lies ahead is one of a clock that is wrong: by a
/// little, and it is as good as now; by much, and nobody knows. Either way no file is held for ever.
fn is_young(stamp: Stamp, now: i64, quiet_seconds: u64) -> bool {
    const SECOND: i64 = 1_000_000_000;
    let quiet = i64::try_from(quiet_seconds).unwrap_or(i64::MAX);
    // Rounded down to the second, as the time of the run is.
    let is_recent = |changed_ns: i64| {
        let age = now - changed_ns.div_euclid(SECOND);
        -MOST_AHEAD_SECONDS <= age && age < quiet
    };
    quiet > 0 && (is_recent(stamp.mtime_ns) || is_recent(stamp.ctime_ns))
}

/// What an error of reading says of a file, if it says no more than that the file is not to be had now.
pub(super) fn not_taken(file: &InboxFile, error: &Error) -> Option<NotTaken> {
    let why = match error {
        Error::StillChanging { .. } => Why::Changing,
        Error::NoFile { what, .. } => Why::NoFile(*what),
        Error::Io { path, source, .. } if *path == file.path => match source.kind() {
            // It was there a moment ago: it is being put in its place, or taken away.
            std::io::ErrorKind::NotFound => Why::Changing,
            kind => Why::Unreadable(kind),
        },
        _ => return None,
    };
    Some(NotTaken { name: file.name.clone(), why })
}

fn rule_of(why: Why) -> &'static Rule {
    match why {
        Why::Changing => &rules::STILL_ARRIVING,
        Why::Unfinished => &rules::TRANSFER_UNFINISHED,
        Why::Unreadable(_) => &rules::NOT_READABLE,
        Why::Link => &rules::LINK_TO_NOWHERE,
        Why::NoFile(_) => &rules::NO_PLAIN_FILE,
        Why::Name => &rules::NAME_WITH_CONTROL,
    }
}

/// Whether what was received under the name before still stands.
fn stands(why: Why) -> bool {
    matches!(why, Why::Changing | Why::Unreadable(_) | Why::Link)
}

/// Says why, and what stands. Without times: the same inbox is told in the same words.
fn told(problem: Problem, why: Why, standing: usize) -> Problem {
    let stands = match standing {
        0 => said!("此前没有以该名称收到过内容", "nothing was received under this name before"),
        _ => said!("沿用此前以该名称收到的内容", "what was received under this name before stands"),
    };
    match why {
        Why::NoFile(what) => problem.said(what.said()),
        Why::Unfinished | Why::Name => problem,
        Why::Unreadable(std::io::ErrorKind::PermissionDenied) => {
            problem.said(said!("没有权限；{stands}", "permission denied; {stands}"; stands))
        }
        Why::Changing | Why::Unreadable(_) | Why::Link => problem.said(stands),
    }
}

fn too_large(setup: &Setup, file: &InboxFile) -> Problem {
    let (bytes, most) = (file.stamp.bytes, setup.config.site.max_file_bytes);
    let found = said!("{bytes} 字节（max_file_bytes = {most}）", "{bytes} bytes (max_file_bytes = {most})");
    Problem::new(&rules::LIMIT_EXCEEDED, Place::file(&file.name)).said(found)
}
