//! Why a release would be published, in words.

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
    /// In English.
    pub fn en(self) -> &'static str {
        match self {
            Reason::Nothing => "nothing is published yet",
            Reason::Exports => "exports are new or have changed",
            Reason::Gone => "exports of the last release are gone",
            Reason::Options => "the options have changed",
            Reason::Configuration => "the configuration has changed",
            Reason::Models => "models or the dictionary have changed",
            Reason::Registers => "registers or limits have changed",
            Reason::Program => "the program has changed",
            Reason::Damaged => "something in the store is missing or damaged",
            Reason::Pointer => "the release is there, and readers do not see it",
            Reason::Other => "options, configuration, models or registers have changed",
        }
    }

    /// In Chinese.
    pub fn zh(self) -> &'static str {
        match self {
            Reason::Nothing => "尚未发布过",
            Reason::Exports => "有新增或内容变化的文件",
            Reason::Gone => "上次发布所用的文件已不在",
            Reason::Options => "运行选项有变化",
            Reason::Configuration => "配置有变化",
            Reason::Models => "模型或数据字典有变化",
            Reason::Registers => "登记库或限额有变化",
            Reason::Program => "程序版本有变化",
            Reason::Damaged => "仓库中有缺失或损坏",
            Reason::Pointer => "批次已在，但读者看不到",
            Reason::Other => "选项、配置、模型或登记库有变化",
        }
    }
}
