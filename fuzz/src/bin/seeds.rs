//! Seeds for the targets, from files: `seeds <folder of files> <folder of seeds>`. Each file goes to the target of its kind, as its
//! name says; workbooks in archives are taken apart as the targets want them.

use std::fs;
use std::path::Path;

use mujun_fuzz::packages::{ODS, XLSX, taken_apart};

/// Targets that take files with this suffix as they are.
fn targets(suffix: &str) -> &'static [&'static str] {
    match suffix {
        "csv" => &["csv", "decode", "layout"],
        "tsv" | "txt" => &["csv", "decode"],
        "html" | "htm" => &["html"],
        "xls" => &["xls"],
        "xlsx" | "ods" | "zip" => &["zip"],
        "xml" => &["xml"],
        "json" => &["json"],
        "mht" | "mhtml" => &["mht"],
        _ => &[],
    }
}

fn main() {
    const LARGEST: usize = 64 << 10;
    let [files, seeds] = [1, 2].map(|n| std::env::args().nth(n).expect("two folders"));
    let put = |target: &str, name: &str, bytes: &[u8]| {
        let folder = Path::new(&seeds).join(target);
        fs::create_dir_all(&folder).expect("a folder for seeds");
        fs::write(folder.join(name), bytes).expect("a seed can be written");
    };
    for entry in fs::read_dir(files).expect("a folder of files") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let bytes = fs::read(&path).expect("a file can be read");
        if bytes.len() > LARGEST {
            continue;
        }
        let suffix = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        for target in targets(&suffix) {
            put(target, &name, &bytes);
        }
        let parts: &[&str] = if suffix == "ods" { &ODS } else { &XLSX };
        if let Some(parts) = taken_apart(&bytes, parts).filter(|parts| parts.len() <= LARGEST) {
            put(&suffix, &name, &parts);
        }
    }
}
