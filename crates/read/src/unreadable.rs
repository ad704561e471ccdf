//! What the libraries that unpack say of what they cannot read. Their words stay as they are, apart from the few that are
//! met often.

use std::io;

use vocab::{Said, said};
use zip::result::ZipError;

/// What is wrong with a zip archive.
pub(super) fn zip(error: &ZipError) -> Said {
    match error {
        ZipError::Io(error) => {
            let why = content(error);
            said!("读取出错：{why}", "i/o error: {why}"; why)
        }
        ZipError::InvalidArchive(why) => said!("zip 压缩包无效（{why}）", "invalid Zip archive: {why}"),
        ZipError::UnsupportedArchive(why) => said!("不支持这种 zip 压缩包（{why}）", "unsupported Zip archive: {why}"),
        error => said!("zip 压缩包无法读取（{error}）", "{error}"),
    }
}

/// What is wrong with packed content, as it comes out while it is unpacked.
pub(super) fn content(error: &io::Error) -> Said {
    let text = error.to_string();
    let zh = match text.as_str() {
        "Invalid checksum" | "corrupt gzip stream does not have a matching checksum" => "校验和不符",
        "File is larger than its declared uncompressed size" => "解压后大于所写长度",
        "corrupt deflate stream" => "压缩数据已损坏",
        "incomplete deflate stream" => "压缩数据不完整",
        "invalid gzip header" => "gzip 文件头无效",
        _ => return said!("内容无法读取（{text}）", "{text}"),
    };
    Said::new(zh, text)
}
