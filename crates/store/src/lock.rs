//! One writer at a time.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use super::disk::Disk;
use super::error::{Error, Result};
use super::modes::Mode;
use super::operation::Op;
use vocab::{Said, said};

/// What stands before the number of the process in the file.
pub(super) const PROCESS: &str = "process ";
/// What stands before the time at which it started.
const STARTED: &str = ", started ";

/// The lock on a store, held until dropped. It is the operating system's: a killed holder lets go of it, so a lock file
/// that is merely there means nothing and never has to be removed by hand.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock at once or says who has it.
    pub(super) fn take(disk: &Disk, path: &Path, mode: Mode, started: &str) -> Result<Self> {
        let is_new = disk.entry(path)?.is_none();
        // Not truncated on opening: what stands there belongs to the holder, if there is one.
        let mut file = disk.run(Op::Lock, path, || {
            OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(mode.bits).open(path)
        })?;
        if is_new {
            disk.set_mode(path, &file, mode)?;
        }
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Error::Locked { path: path.to_owned(), by: holder(&mut file) });
            }
            Err(TryLockError::Error(source)) => {
                return Err(Error::Io { op: Op::Lock, path: path.to_owned(), source });
            }
        }
        disk.run(Op::Write, path, || {
            file.set_len(0)?;
            writeln!(file, "{PROCESS}{}{STARTED}{started}", std::process::id())
        })?;
        Ok(Lock { _file: file })
    }
}

/// What the holder wrote about itself. Only for a message, so failing to read it is no error.
fn holder(file: &mut File) -> Said {
    let mut text = String::new();
    let read = file.take(200).read_to_string(&mut text).is_ok();
    let text = text.trim();
    if !read || text.is_empty() {
        return said!("另一进程", "another process");
    }
    match text.strip_prefix(PROCESS).and_then(|rest| rest.split_once(STARTED)) {
        Some((process, started)) => {
            said!("进程 {process}（{started} 启动）", "process {process}, started {started}")
        }
        None => Said::words(text),
    }
}
