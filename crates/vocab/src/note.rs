//! How notes begin, under a table and on a page.

use super::text;

/// What the first words of a note are, normalised.
const WORDS: &[&str] = &[
    "注:",
    "注.",
    "注、",
    "注(",
    "注1",
    "注2",
    "注释",
    "附注",
    "备注:",
    "说明:",
    "来源:",
    "资料来源",
    "数据来源",
    "数据说明",
    "单位负责人:",
    "统计负责人:",
    "填表人:",
    "制表人:",
    "审核人:",
    "联系电话:",
    "报出日期:",
];

/// Whether a text begins like a note. 注册资本 and 说明书 do not.
pub fn is_marked(text: &str) -> bool {
    // The words are short: the rest of a long note need not be folded.
    let head: String = text::trim(text).chars().take(12).collect();
    let head = text::key(&head);
    head == "注" || WORDS.iter().any(|word| head.starts_with(word))
}
