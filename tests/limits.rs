//! Limits: what a setting allows, what it says when it is wrong, and that it holds wherever files are read.

use std::collections::BTreeMap;
use std::fs;

use config::Config;
use read::Limits;

use crate::support::{finish, folder, mujun, root, tree};

fn site(limits: &str) -> Result<Config, Vec<String>> {
    let text =
        format!("calendar = \"finance\"\n[province]\ncode = \"410000\"\nname = \"河南省\"\n[limits]\n{limits}\n");
    Config::resolve(&BTreeMap::from([("site.toml".to_owned(), text)]))
        .map_err(|errors| errors.into_iter().map(|error| format!("{}: {}", error.line, error.message)).collect())
}

#[test]
fn what_the_settings_leave_out_is_what_the_reader_itself_allows() {
    let (of, usual) = (site("").unwrap().site, Limits::default());
    let l = of.limits;
    assert_eq!(
        Limits {
            bytes: usize::try_from(of.max_file_bytes).unwrap(),
            inflated_bytes: l.inflated_bytes,
            expansion: l.expansion,
            members: l.members,
            sheets: l.sheets,
            rows: l.rows,
            columns: l.columns,
            cells: l.cells,
            cell_bytes: l.cell_bytes,
            elements: l.elements,
            nesting: l.nesting,
            attributes: l.attributes,
            problems: of.max_problems,
        },
        usual
    );
    // The settings of the sample show them all.
    let shown: toml::Table = toml::from_str(&fs::read_to_string(root().join("config/site.toml")).unwrap()).unwrap();
    let shown = shown["limits"].as_table().unwrap();
    assert_eq!(shown.len(), 13);
    let lines: Vec<String> =
        shown.iter().map(|(key, value)| format!("{key} = {}", value.as_integer().unwrap())).collect();
    let config = site(&lines.join("\n")).unwrap();
    assert_eq!((config.site.limits, config.site.max_file_bytes, config.site.max_problems), (l, 256 << 20, 1000));
}

#[test]
fn a_limit_that_cannot_be_is_told_with_what_can_be() {
    let errors =
        site("max_rows = 0\nmax_cells = 99_999_999_999\nmax_file_bytes = -1\nmax_row = 5\nmax_nesting = \"deep\"")
            .unwrap_err();
    assert_eq!(
        errors,
        [
            "6: `max_rows` must be from 1 to 4294967295; left out, it is 4000000",
            "7: `max_cells` must be from 1 to 4294967295; left out, it is 32000000",
            "8: `max_file_bytes` must be from 1 to 4294967295; left out, it is 268435456",
            "9: unknown key `max_row`; did you mean `max_rows`?",
            "10: `max_nesting` must be a whole number, not string",
        ]
    );
}

#[test]
fn a_file_that_a_limit_refused_is_read_once_the_limit_is_raised() {
    let (config, store) = (folder(), folder());
    for (name, bytes) in tree(&root().join("config")) {
        let path = config.path().join("config").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    let settings = config.path().join("config/site.toml");
    let text = fs::read_to_string(&settings).unwrap();
    let text = text.replace("\"../", &format!("\"{}/", root().display()));
    let with = |rows: usize| {
        fs::write(&settings, text.replace("max_rows = 4_000_000", &format!("max_rows = {rows}"))).unwrap()
    };
    let refused = || {
        let mut command = mujun(store.path());
        let (code, stdout, stderr) = finish(command.arg("run").arg("--config").arg(config.path().join("config")));
        assert!(code == 0 || code == 4, "{stdout}{stderr}");
        (stdout + &stderr).matches("R006").count()
    };
    with(40);
    assert!(refused() > 0);
    with(4_000_000);
    assert_eq!(refused(), 0);
}
