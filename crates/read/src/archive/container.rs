//! What an archive of any kind gives: the list of its entries, and their contents.

use std::io::Read;
use std::ops::ControlFlow;

use crate::context::{Context, Outcome};

/// An entry as an archive lists it.
pub(super) struct Listed {
    /// Its name, in whatever encoding.
    pub name: Vec<u8>,
    /// Whether the archive says that the name is UTF-8.
    pub says_utf8: bool,
    /// The length of its content, as the archive says.
    pub size: u64,
    pub kind: Kind,
}

/// What an entry is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A file, or a folder if its name ends with `/`.
    File,
    Folder,
    Encrypted,
    /// A link to another file.
    Link,
    /// A pipe, a device, or what an archive has of the kind.
    Other,
}

/// What is done with each content in turn, by the place of its entry in the list.
pub(super) type Each<'a> = dyn FnMut(usize, Outcome<&mut dyn Read>) -> ControlFlow<()> + 'a;

/// An archive of some kind.
pub(super) trait Container {
    /// All entries. They are not more than the limits allow.
    fn list(&mut self, context: &Context<'_>) -> Outcome<Vec<Listed>>;

    /// Hands over the contents in whatever order they are to be had, for once.
    fn contents(&mut self, context: &Context<'_>, each: &mut Each<'_>) -> Outcome<()>;
}
