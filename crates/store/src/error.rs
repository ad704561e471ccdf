//! What can go wrong with the machine. Bad data never ends up here.

use std::fmt;
use std::fs::FileType;
use std::io;
use std::os::unix::fs::FileTypeExt as _;
use std::path::{Path, PathBuf};

use super::operation::Op;
use vocab::{Problem, Said, said};

/// The result of a store operation.
pub type Result<T> = std::result::Result<T, Error>;

/// What something is that is neither a file nor a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Special {
    /// Holds what one process writes until another one reads it.
    Pipe,
    /// Two processes talk through it.
    Socket,
    /// A piece of the machine.
    Device,
}

impl Special {
    /// In words.
    pub fn said(self) -> Said {
        match self {
            Special::Pipe => said!("管道", "a pipe"),
            Special::Socket => said!("套接字", "a socket"),
            Special::Device => said!("设备", "a device"),
        }
    }

    pub(super) fn of(kind: FileType) -> Self {
        if kind.is_fifo() {
            Special::Pipe
        } else if kind.is_socket() {
            Special::Socket
        } else {
            Special::Device
        }
    }
}

/// Why a store that is open for reading takes nothing: what an I/O error holds in place of the system's answer.
#[derive(Debug)]
pub(super) struct ReadOnly;

impl ReadOnly {
    /// The same in words.
    pub(super) fn said(&self) -> Said {
        said!("仓库仅以只读方式打开", "the store is open for reading only")
    }
}

impl fmt::Display for ReadOnly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.said().en())
    }
}

impl std::error::Error for ReadOnly {}

/// A failure of the disk, the lock or the catalogue. Each message names the path and the way out.
#[derive(Debug)]
pub enum Error {
    /// The operating system refused an operation.
    Io {
        /// What was attempted.
        op: Op,
        /// On which file or folder.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// Another process is writing to the store.
    Locked {
        /// The lock file.
        path: PathBuf,
        /// Process and start of the holder.
        by: Said,
    },
    /// There is no store in the folder.
    NoStore {
        /// The folder that was named.
        path: PathBuf,
    },
    /// The folder is not empty, and no store.
    NotAStore {
        /// The folder that was named.
        path: PathBuf,
        /// What is in it.
        found: Said,
    },
    /// The marker does not hold what the program writes.
    MarkerDamaged {
        /// The marker.
        path: PathBuf,
    },
    /// The store was made by a newer version of the program.
    StoreFormat {
        /// The store.
        path: PathBuf,
        /// What its marker says.
        found: u32,
        /// What this program makes.
        known: u32,
    },
    /// A link stands where the store has a file or folder of its own.
    LinkInStore {
        /// The link.
        path: PathBuf,
    },
    /// The group that the site declares is not there.
    NoGroup {
        /// Its name.
        name: String,
    },
    /// SQLite refused an operation.
    Catalog {
        /// The catalogue's file.
        path: PathBuf,
        /// SQLite's answer.
        source: rusqlite::Error,
    },
    /// The catalogue was made by another version of the program.
    CatalogVersion {
        /// The catalogue's file.
        path: PathBuf,
        /// Its `user_version`.
        found: i64,
        /// The one this program uses.
        known: i64,
    },
    /// Something of the store is not what the program wrote.
    Damaged(Box<Problem>),
    /// A file does not hold what it must.
    Corrupt {
        /// The damaged file.
        path: PathBuf,
        /// What it must hold: a length or a digest.
        expected: Said,
        /// What it holds.
        found: Said,
    },
    /// A file is larger than the caller allows: the reader's problem `R006`.
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The limit, in bytes.
        limit: u64,
    },
    /// A file changed while it was read: its sender is still writing it.
    StillChanging {
        /// The file.
        path: PathBuf,
    },
    /// Something that is no file was to be read.
    NoFile {
        /// What was to be read.
        path: PathBuf,
        /// What it is.
        what: Special,
    },
    /// A name that cannot be a file, dataset or release in the store.
    BadName {
        /// The name, as it was given.
        name: String,
    },
    /// A file was written twice into one release.
    Twice {
        /// The draft's release.
        release: String,
        /// The file, relative to the release.
        path: String,
    },
    /// There is no such release.
    NoRelease {
        /// What was asked for.
        id: String,
        /// The folder of releases.
        path: PathBuf,
    },
    /// The release exists and holds something else: releases never change.
    ReleaseDiffers {
        /// The release.
        id: String,
        /// Its folder.
        path: PathBuf,
    },
}

impl Error {
    /// What went wrong, where, and the way out.
    pub fn said(&self) -> Said {
        match self {
            Error::Io { op, path, source } => refused(*op, path, source),
            Error::Locked { path, by } => {
                let path = path.display();
                said!(
                    "{path} 正被{by}占用；请等其结束或将其停止，然后重新运行",
                    "{path} is held by {by}; wait for it to finish, or stop it, and run again";
                    by
                )
            }
            Error::NoStore { path } => {
                let path = path.display();
                said!(
                    "{path} 中没有仓库；请指明另一文件夹，或运行 `mujun run` 新建",
                    "{path} holds no store; name another folder, or create one with `mujun run`"
                )
            }
            Error::NotAStore { path, found } => not_a_store(path, found),
            Error::MarkerDamaged { path } => marker_damaged(path),
            Error::StoreFormat { path, found, known } => {
                let path = path.display();
                said!(
                    "S003 {path} 是格式为 {found} 的仓库，本程序只识别 {known}：请使用较新的程序",
                    "S003 {path} is a store of format {found}, this program knows {known}: use the newer program"
                )
            }
            Error::LinkInStore { path } => link_in_store(path),
            Error::NoGroup { name } => no_group(name),
            Error::Catalog { path, source } => {
                let path = path.display();
                said!("目录库 {path}：{source}；请重新运行", "catalogue {path}: {source}; run again")
            }
            Error::CatalogVersion { path, found, known } => catalog_version(path, *found, *known),
            Error::Damaged(problem) => told(problem),
            Error::Corrupt { path, expected, found } => corrupt(path, expected, found),
            Error::TooLarge { path, limit } => too_large(path, *limit),
            Error::StillChanging { path } => still_changing(path),
            Error::NoFile { path, what } => no_file(path, *what),
            Error::BadName { name } => bad_name(name),
            Error::Twice { release, path } => said!(
                "批次 {release} 的草稿中已有 `{path}`；请为后一个文件另取名称",
                "`{path}` is in release draft {release} already; give the second file another name"
            ),
            Error::NoRelease { id, path } => {
                let path = path.display();
                said!(
                    "{path} 中没有批次 `{id}`；可用 `mujun releases` 列出各批次",
                    "there is no release `{id}` in {path}; `mujun releases` lists them"
                )
            }
            Error::ReleaseDiffers { id, path } => release_differs(id, path),
        }
    }

    /// Whether the same command may succeed later without anyone changing anything (exit code 75).
    pub fn try_again_later(&self) -> bool {
        matches!(self, Error::Locked { .. } | Error::StillChanging { .. })
    }

    /// Whether the operating system says that this is not allowed.
    pub(super) fn is_denied(&self) -> bool {
        matches!(self, Error::Io { source, .. } if source.kind() == io::ErrorKind::PermissionDenied)
    }

    /// Whether something else was named than there is, or must be (exit code 2).
    pub fn is_usage(&self) -> bool {
        match self {
            Error::NoStore { .. }
            | Error::NoRelease { .. }
            | Error::NotAStore { .. }
            | Error::MarkerDamaged { .. }
            | Error::StoreFormat { .. }
            | Error::LinkInStore { .. }
            | Error::NoGroup { .. } => true,
            Error::Io { source, .. } => source.kind() == io::ErrorKind::NotFound,
            _ => false,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.said().en())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Io { source, .. } => Some(source),
            Error::Catalog { source, .. } => Some(source),
            _ => None,
        }
    }
}

fn refused(op: Op, path: &Path, source: &io::Error) -> Said {
    let (path, answer, way_out) = (path.display(), answer(source), way_out(source));
    said!("{path}：无法{op}（{answer}）；{way_out}", "cannot {op} {path}: {answer}; {way_out}"; op, answer, way_out)
}

/// What the system says, or this program in its place.
fn answer(source: &io::Error) -> Said {
    match source.get_ref().and_then(|inner| inner.downcast_ref()) {
        Some(read_only @ ReadOnly) => read_only.said(),
        None => Said::words(source.to_string()),
    }
}

fn way_out(error: &io::Error) -> Said {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            said!("请腾出空间后重新运行", "free some space and run again")
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            said!("请检查文件夹的属主和权限", "check the owner and mode of the folder")
        }
        io::ErrorKind::NotFound => said!("请检查路径", "check the path"),
        _ => said!("请重新运行；没有留下写了一半的内容", "run again; nothing was left half written"),
    }
}

fn not_a_store(path: &Path, found: &Said) -> Said {
    let path = path.display();
    said!(
        "S001 {path} 不是仓库：其中有 {found}，而没有文件 `STORE`，因此未向其中写入也未从中删除任何内容；\
         请用 --store 或 site.toml 的 `paths.store` 指明另一文件夹，新建仓库请指明空文件夹",
        "S001 {path} is no store: it holds {found} and no file `STORE`, so nothing is written to it or removed from \
         it; name another folder with --store or `paths.store` in site.toml, or an empty one for a new store";
        found
    )
}

fn marker_damaged(path: &Path) -> Said {
    let path = path.display();
    said!(
        "S002 {path} 已损坏：其周围的内容未作改动；如该文件夹确是仓库，可运行 `mujun verify --repair` 重写此文件",
        "S002 {path} is damaged: what is around it is not touched; if the folder is a store, `mujun verify --repair` \
         writes it anew"
    )
}

fn link_in_store(path: &Path) -> Said {
    let path = path.display();
    said!(
        "S004 {path} 是链接：仓库须在同一处，不会通过其中的链接写入或删除；\
         请将链接所指内容移到该处，或对整个仓库建立链接或挂载",
        "S004 {path} is a link: a store is in one place, and nothing is written or removed through links in it; \
         put what it leads to in its place, or link or mount the store as a whole"
    )
}

fn no_group(name: &str) -> Said {
    said!(
        "/etc/group 中没有用户组 `{name}`；请更正 site.toml 的 [store] 中的 `group`，或写该组的编号",
        "there is no group `{name}` in /etc/group; correct `group` under [store] in site.toml, or give the group's \
         number"
    )
}

fn catalog_version(path: &Path, found: i64, known: i64) -> Said {
    let path = path.display();
    said!(
        "S003 目录库 {path} 的结构版本为 {found}，本程序使用 {known}；如其较旧，运行 `mujun run` 即可更新，\
         否则请使用较新的程序",
        "S003 catalogue {path} has layout {found}, this program uses {known}; if it is older, `mujun run` brings it up \
         to date, else use the newer program"
    )
}

/// A problem of the store, on one line.
fn told(problem: &Problem) -> Said {
    let Problem { place, rule, value, .. } = problem;
    let value = value.as_ref().map(|value| said!("（{value}）", " ({value})"; value)).unwrap_or_default();
    let (code, of_rule) = (rule.code, Said::new(rule.zh, rule.en));
    let hint = Said::new(rule.hint_zh, rule.hint_en);
    said!("{code} {place}：{of_rule}{value}{hint}", "{code} {place}: {of_rule}{value} {hint}"; of_rule, value, hint)
}

fn corrupt(path: &Path, expected: &Said, found: &Said) -> Said {
    let path = path.display();
    said!(
        "{path} 已损坏（应为：{expected}；实为：{found}）；请从备份恢复，或将其删除后重新运行",
        "{path} is damaged: expected {expected}, found {found}; restore it from a copy, or remove it and run again";
        expected, found
    )
}

fn too_large(path: &Path, limit: u64) -> Said {
    let path = path.display();
    said!(
        "{path} 超过允许的 {limit} 字节；如文件无误，请提高上限",
        "{path} is larger than the {limit} bytes allowed; raise the limit if the file is right"
    )
}

fn still_changing(path: &Path) -> Said {
    let path = path.display();
    said!(
        "{path} 在读取期间发生变化；请待传输完成后重新运行",
        "{path} changed while it was read; run again when the transfer has finished"
    )
}

fn no_file(path: &Path, what: Special) -> Said {
    let (path, what) = (path.display(), what.said());
    said!(
        "{path} 是{what}，不是文件；请先将其内容写入文件",
        "{path} is {what}, not a file; write its content into a file first";
        what
    )
}

fn bad_name(name: &str) -> Said {
    said!(
        "`{name}` 不能用作仓库中的名称：请使用普通名称，不含 `..`，也不以点或斜杠开头",
        "`{name}` cannot be a name in the store: use plain names without `..`, and without a leading dot or slash"
    )
}

fn release_differs(id: &str, path: &Path) -> Said {
    let path = path.display();
    said!(
        "{path} 完整，但其中文件与批次 `{id}` 现有的不同：由本程序的另一版本生成；请将该文件夹移出仓库，然后重新运行",
        "{path} is whole and holds other files than release `{id}` now has: another build of the program made it; \
         move that folder out of the store and run again"
    )
}
