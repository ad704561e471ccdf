//! The store: its releases, what readers see, and what was removed.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::json;

use super::printer::Printer;
use super::problem::problem_json;
use crate::cli::args::Lang;
use run::{Cleared, Readers, void_hold};
use store::{Freed, Held, Hold, Pointer, Published, Waste};
use vocab::Problem;

/// A pointer, the release that it names, and whether it is held.
type Pointed = (Pointer, Option<String>, Held);

impl Printer {
    /// All releases, and what readers see.
    pub fn releases(&self, all: &[Published], pointers: &[Pointed]) {
        self.out(
            || {
                let mut text = String::new();
                for release in all {
                    let _ = writeln!(text, "{}{}", release.id, self.marks(release, pointers));
                }
                if all.is_empty() {
                    let _ = writeln!(text, "{}", self.say("尚未发布", "nothing is published yet"));
                }
                for (pointer, _, held) in pointers {
                    text.push_str(&self.held(*pointer, held));
                }
                text
            },
            || {
                let [internal, public] =
                    Pointer::ALL.map(|asked| pointers.iter().find(|(pointer, ..)| *pointer == asked));
                let named = |pointed: Option<&Pointed>| pointed.and_then(|(_, current, _)| current.clone());
                let pinned = |pointed: Option<&Pointed>| match pointed {
                    Some((_, _, Held::At(hold))) => Some(hold.release.clone()),
                    _ => None,
                };
                let holds = pointers.iter().filter_map(|(pointer, _, held)| match held {
                    Held::Free => None,
                    Held::At(hold) => Some(json!({ "pointer": pointer.name(), "hold": hold })),
                    Held::Void(found) => Some(problem_json(&void_hold(*pointer, found))),
                });
                json!({
                    "releases": all.iter().map(|release| &release.id).collect::<Vec<_>>(),
                    "current": named(internal), "pinned": pinned(internal),
                    "current_public": named(public), "pinned_public": pinned(public),
                    "holds": holds.collect::<Vec<_>>(),
                })
            },
        );
    }

    fn marks(&self, release: &Published, pointers: &[Pointed]) -> String {
        let mut text = String::new();
        if release.readers == "public" {
            text.push_str(self.say("  公开", "  public"));
        }
        if release.part {
            text.push_str(self.say("  部分", "  part"));
        }
        for (_, current, held) in pointers {
            if current.as_ref() == Some(&release.id) {
                text.push_str(self.say("  现行", "  current"));
            }
            if matches!(held, Held::At(hold) if hold.release == release.id) {
                text.push_str(self.say("  已固定", "  pinned"));
            }
        }
        text
    }

    fn held(&self, pointer: Pointer, held: &Held) -> String {
        match held {
            Held::Free => String::new(),
            Held::At(hold) => format!("{}\n", self.hold(pointer.name(), hold)),
            Held::Void(found) => format!("{}\n", self.problem(&void_hold(pointer, found))),
        }
    }

    /// An operator's decision.
    pub(super) fn hold(&self, pointer: &str, hold: &Hold) -> String {
        let Hold { release, reason, since } = hold;
        let unpin = if pointer == Pointer::Public.name() { "unpin --profile public" } else { "unpin" };
        let since = match (since.as_str(), self.lang) {
            ("", _) => String::new(),
            (since, Lang::Zh) => format!("，自 {since}"),
            (since, Lang::En) => format!(" since {since}"),
        };
        let reason = match (reason, self.lang) {
            (None, _) => String::new(),
            (Some(reason), Lang::Zh) => format!("，原因：{}", reason.escape_debug()),
            (Some(reason), Lang::En) => format!(": {}", reason.escape_debug()),
        };
        match self.lang {
            Lang::Zh => format!("{pointer} 由操作人员固定在 {release}{since}{reason}（解除：mujun releases {unpin}）"),
            Lang::En => format!(
                "{pointer} is held at {release} by an operator{since}{reason} (mujun releases {unpin} lifts it)"
            ),
        }
    }

    /// What the readers of a release that was made, or is there, see.
    pub(super) fn readers(&self, release: &str, readers: &Readers) -> String {
        let Readers { pointer, current, held, moved } = readers;
        if let Some(hold) = held {
            return format!("{}\n", self.hold(pointer, hold));
        }
        match (current, self.lang) {
            (Some(current), _) if current == release && !moved => String::new(),
            (Some(current), Lang::Zh) if current == release => format!("{pointer} 已指向 {release}\n"),
            (Some(current), Lang::En) if current == release => format!("{pointer} now points to {release}\n"),
            (current, lang) => {
                let none = self.say("无", "nothing");
                let current = current.as_deref().unwrap_or(none);
                match lang {
                    Lang::Zh => format!("只含部分内容，{pointer} 未动，仍指向 {current}（如需切换：--make-current）\n"),
                    Lang::En => format!("A part only: {pointer} was left at {current} (--make-current moves it)\n"),
                }
            }
        }
    }

    /// What is or was wrong with the store.
    pub(super) fn of_store(&self, problems: &[Problem]) -> String {
        problems.iter().map(|problem| format!("  {}\n", self.problem(problem))).collect()
    }

    /// Where the release that readers see is.
    pub fn current(&self, release: &str, folder: &Path) {
        self.out(|| format!("{}\n", folder.display()), || json!({ "release": release, "folder": folder }));
    }

    /// What was removed, or would be.
    pub fn cleared(&self, cleared: &Cleared) {
        self.out(
            || {
                let mut text: String = cleared.freed.iter().map(|freed| self.freed(freed)).collect();
                let sum = |pick: fn(&Freed) -> u64| cleared.freed.iter().map(pick).sum::<u64>();
                let (bytes, inodes) = (sum(|freed| freed.bytes), sum(|freed| freed.inodes));
                let said = match cleared.dry_run {
                    true => self.say("可释放", "would free"),
                    false => self.say("已释放", "freed"),
                };
                let kept = cleared.kept.len();
                let _ = match self.lang {
                    Lang::Zh => writeln!(text, "{said} {bytes} 字节、{inodes} 个文件和目录；保留 {kept} 个批次"),
                    Lang::En => {
                        writeln!(text, "{said} {bytes} bytes, {inodes} files and folders; {kept} releases are kept")
                    }
                };
                text
            },
            || json!(cleared),
        );
    }

    fn freed(&self, freed: &Freed) -> String {
        let kind = match freed.kind {
            Waste::Releases => self.say("发布批次", "releases"),
            Waste::Revisions => self.say("批次间的变化", "revisions"),
            Waste::Facts => self.say("事实表", "facts"),
            Waste::Quarantine => self.say("隔离行", "quarantine"),
            Waste::Raw => self.say("原始文件", "raw exports"),
        };
        let Freed { count, bytes, inodes, .. } = freed;
        match self.lang {
            Lang::Zh => format!("{kind} {count} 个：{bytes} 字节，{inodes} 个文件和目录\n"),
            Lang::En => format!("{kind} {count}: {bytes} bytes, {inodes} files and folders\n"),
        }
    }
}
