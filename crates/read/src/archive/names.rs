//! Members and their names: which are files, and which are none that anybody sends.

use std::collections::BTreeSet;

use encoding_rs::GB18030;

use super::container::{Kind, Listed};
use crate::context::Context;
use vocab::rules::{ENCRYPTED, MEMBER_NAME, MEMBER_PASSED_OVER, MEMBER_TWICE};
use vocab::{Problem, Said, said, transfer};

/// What is known of an entry before its content is read.
pub(super) struct Entry {
    /// Its name, for people if it is none for a file.
    pub name: String,
    pub is_folder: bool,
    kind: Kind,
    /// Why the name is none for a file.
    fault: Option<Said>,
}

impl Entry {
    /// Why the content is not read.
    pub fn refusal(&self, context: &Context<'_>, twice: &BTreeSet<String>) -> Option<Problem> {
        if let Some(fault) = &self.fault {
            return Some(context.problem(&MEMBER_NAME).said(fault.clone()));
        }
        if is_passed_over(&self.name) {
            return Some(context.problem(&MEMBER_PASSED_OVER));
        }
        if twice.contains(&self.name) {
            return Some(context.problem(&MEMBER_TWICE));
        }
        match self.kind {
            Kind::File | Kind::Folder => None,
            Kind::Encrypted => Some(context.problem(&ENCRYPTED)),
            Kind::Link => Some(context.problem(&MEMBER_NAME).said(link())),
            Kind::Other => Some(context.problem(&MEMBER_NAME).said(said!("不是普通文件", "no plain file"))),
        }
    }
}

/// Why a link is not read.
pub(super) fn link() -> Said {
    said!("链接", "a link")
}

/// The entries with their names: UTF-8 where the archive says so, and otherwise what all of them together can only be.
pub(super) fn named(listed: Vec<Listed>) -> Vec<Entry> {
    let mut silent = listed.iter().filter(|entry| !entry.says_utf8);
    let silent_is_utf8 = silent.all(|entry| is_surely_utf8(&entry.name));
    listed.into_iter().map(|entry| name_of(entry, silent_is_utf8)).collect()
}

fn name_of(listed: Listed, silent_is_utf8: bool) -> Entry {
    let Listed { name, says_utf8, size, kind } = listed;
    let decoded = if says_utf8 || silent_is_utf8 {
        String::from_utf8(name.clone()).ok()
    } else {
        GB18030.decode_without_bom_handling_and_without_replacement(&name).map(|name| name.into_owned())
    };
    let (fault, name) = match decoded {
        // The folder that everything is in.
        Some(name) if name.is_empty() && kind == Kind::Folder => (None, name),
        Some(name) => match fault(&name, size) {
            // A control character in a name is no reason to have it in a message.
            Some(fault) => (Some(fault), name.replace(char::is_control, "\u{FFFD}")),
            None => (None, name),
        },
        None => (Some(said!("名称的编码未知", "a name in no known encoding")), name.escape_ascii().to_string()),
    };
    let is_folder = fault.is_none() && (kind == Kind::Folder || name.ends_with('/'));
    Entry { name, is_folder, kind, fault }
}

/// Whether a name is UTF-8 and nothing else. Two bytes for a character are no evidence: 联通 in GBK looks like that.
fn is_surely_utf8(name: &[u8]) -> bool {
    std::str::from_utf8(name).is_ok_and(|name| name.chars().all(|c| c.is_ascii() || c.len_utf8() > 2))
}

/// What makes a name none for a file within the archive.
fn fault(name: &str, size: u64) -> Option<Said> {
    let drive = name.as_bytes().get(1) == Some(&b':') && name.starts_with(|c: char| c.is_ascii_alphabetic());
    if name.chars().any(char::is_control) {
        return Some(said!("控制字符", "a control character"));
    }
    if name.contains('\\') {
        return Some(said!("反斜杠", "a backslash"));
    }
    if drive || name.starts_with('/') {
        return Some(said!("绝对路径", "an absolute path"));
    }
    let path = name.strip_suffix('/').unwrap_or(name);
    if path.split('/').any(|step| matches!(step, "" | "." | "..")) {
        return Some(said!("指向压缩包之外，或路径为空", "a step out of the archive, or none"));
    }
    (name.ends_with('/') && size > 0).then(|| said!("文件夹自身含有内容", "a folder that holds bytes itself"))
}

/// What operating systems and office programs leave in archives, and unfinished transfers: as in a drop folder.
fn is_passed_over(name: &str) -> bool {
    const RUBBISH: [&str; 4] = ["__MACOSX", "Thumbs.db", "desktop.ini", "ehthumbs.db"];
    name.split('/').any(|step| {
        let rubbish = RUBBISH.iter().any(|rubbish| step.eq_ignore_ascii_case(rubbish));
        rubbish || transfer::is_hidden(step) || transfer::is_unfinished(step)
    })
}

/// The names that more than one entry has.
pub(super) fn twice(entries: &[Entry]) -> BTreeSet<String> {
    let mut once = BTreeSet::new();
    entries.iter().filter(|entry| !once.insert(&entry.name)).map(|entry| entry.name.clone()).collect()
}
