//! What is done on the disk, by operations that can fail.

/// An operation that can fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Op {
    /// Make a folder.
    CreateDir,
    /// Make a file.
    CreateFile,
    /// Write bytes.
    Write,
    /// Read bytes or metadata.
    Read,
    /// Force a file to the disk.
    SyncFile,
    /// Force a folder's entries to the disk.
    SyncFolder,
    /// Set group and permission bits.
    SetMode,
    /// Rename, replacing what is there.
    Rename,
    /// Make a hard link.
    Link,
    /// Make a symbolic link.
    Symlink,
    /// Remove a file or a folder with all in it.
    Remove,
    /// List a folder.
    List,
    /// Take the lock.
    Lock,
    /// Begin or commit a transaction of the catalogue.
    Catalog,
}

impl Op {
    /// Whether it changes anything on the disk.
    pub(super) fn changes(self) -> bool {
        !matches!(self, Op::Read | Op::List)
    }

    /// In Chinese, behind “cannot”.
    pub fn zh(self) -> &'static str {
        self.words().0
    }

    /// In English, before what it is done to.
    pub fn en(self) -> &'static str {
        self.words().1
    }

    fn words(self) -> (&'static str, &'static str) {
        match self {
            Op::CreateDir => ("创建文件夹", "create the folder"),
            Op::CreateFile => ("创建文件", "create"),
            Op::Write => ("写入", "write"),
            Op::Read => ("读取", "read"),
            Op::SyncFile | Op::SyncFolder => ("确保写入磁盘", "force to disk"),
            Op::SetMode => ("设置权限", "set the mode of"),
            Op::Rename => ("改用此名称", "rename to"),
            Op::Link => ("建立硬链接", "link"),
            Op::Symlink => ("建立指向", "point"),
            Op::Remove => ("删除", "remove"),
            Op::List => ("列出内容", "list"),
            Op::Lock => ("加锁", "lock"),
            Op::Catalog => ("更改", "change"),
        }
    }
}
