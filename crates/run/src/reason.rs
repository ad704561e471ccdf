//! Why a release would be published, in words.

use vocab::{Said, said};

/// Why a release would be published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// There is none.
    Nothing,
    /// Exports that were not there, or have another content.
    Exports,
    /// Exports that were there.
    Gone,
    /// The quarters, the day or the readers that were asked for.
    Options,
    /// Files of the configuration folder.
    Configuration,
    /// SQL models, or the dictionary.
    Models,
    /// Registers, or limits.
    Registers,
    /// The program.
    Program,
    /// Something in the store is missing or damaged.
    Damaged,
    /// The release is there, and readers do not see it.
    Pointer,
    /// The release does not say what it was made with, or only the day counts of exports have moved.
    Other,
}

impl Reason {
    /// The reason in words.
    pub fn said(self) -> Said {
        match self {
            Reason::Nothing => said!("尚未发布过", "nothing is published yet"),
            Reason::Exports => said!("有新增或内容变化的文件", "exports are new or have changed"),
            Reason::Gone => said!("上次发布所用的文件已不在", "exports of the last release are gone"),
            Reason::Options => said!("运行选项有变化", "the options have changed"),
            Reason::Configuration => said!("配置有变化", "the configuration has changed"),
            Reason::Models => said!("模型或数据字典有变化", "models or the dictionary have changed"),
            Reason::Registers => said!("登记库或限额有变化", "registers or limits have changed"),
            Reason::Program => said!("程序版本有变化", "the program has changed"),
            Reason::Damaged => said!("仓库中有缺失或损坏", "something in the store is missing or damaged"),
            Reason::Pointer => said!("批次已在，但读者看不到", "the release is there, and readers do not see it"),
            Reason::Other => {
                said!("选项、配置、模型或登记库有变化", "options, configuration, models or registers have changed")
            }
        }
    }
}
