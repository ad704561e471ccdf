//! Mistakes in the blocks of measures are told at once, each with its place and a way out.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::catalogue::measures;
use crate::cli::{copy_config, replace};
use crate::support::{finish, folder, mujun, root};

#[test]
fn the_reference_has_every_key_that_the_blocks_use_and_no_other() {
    let text = fs::read_to_string(root().join("docs/measures.md")).unwrap();
    let first_cells = text.lines().filter(|line| line.starts_with("| `")).map(|line| line.split('|').nth(1).unwrap());
    let told: BTreeSet<&str> = first_cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect();
    let used: BTreeSet<String> = measures().flat_map(|measure| measure.into_iter().map(|(key, _)| key)).collect();
    assert_eq!(told, used.iter().map(String::as_str).collect());
}

/// What `check` says of a configuration folder.
fn check(config: &Path) -> (i32, String) {
    let (code, stdout, stderr) =
        finish(mujun(config).args(["--lang", "en", "check", "--config"]).arg(config.join("config")));
    (code, stdout + &stderr)
}

#[test]
fn every_mistake_of_the_measures_is_told_at_once_with_its_line_and_a_hint() {
    let copy = folder();
    copy_config(copy.path());
    let path = |name: &str| copy.path().join("config/measures").join(name);
    let added = |name: &str, text: &str| {
        let file = path(name);
        fs::write(&file, fs::read_to_string(&file).unwrap() + text).unwrap();
    };
    added(
        "tax.toml",
        "\n[[measure]]\nname = \"tax_paid\"\nzh = \"税\"\nsums = \"tax_ytd_fen\"\ncounts = \"tax_ytd_fen\"\nwhere = \"1 = 1\"\n\
         time = \"year\"\nadds_over = [\"area\"]\notherwise = 1\nby_division = \"tax_ytd_fen\"\nlevels = [\"citty\"]\n\
         parks = \"tax_unit > 0\"\n\n[[measure]]\nname = \"tax_units\"\nzh = \"税\"\nen = \"Tax\"\nterms = { tax_ytd_fen = 1.5 }\n\
         time = \"ytd\"\nadds_over = []\ndatasets = [\"taxes\"]\nunit_level = true\n",
    );
    let (code, said) = check(copy.path());
    assert_eq!(code, 2, "{said}");
    insta::assert_snapshot!("measure_mistakes", said);
}

#[test]
fn what_a_measure_is_made_from_must_be_there_and_fit() {
    let copy = folder();
    copy_config(copy.path());
    let alter = |name: &str, from: &str, to: &str| replace(&copy.path().join("config/measures").join(name), from, to);
    alter("tax.toml", "counts = \"tax_ytd_fen\"", "counts = \"tax_ytd_fenn\"");
    alter("tax.toml", "of = \"tax_units\"", "of = \"revenue_top_four_ytd_fen\"");
    alter("tax.toml", "parks = \"tax_ytd_on_land_fen IS NOT NULL\"", "parks = \"land_tax_ytd_micromu IS NOT\"");
    alter("parks.toml", "from = \"park_land\"", "from = \"park_lend\"");
    alter("parks.toml", "of = \"built_up_area_micromu\"", "of = \"built_rate_micromu\"");
    alter("research.toml", "from = \"park_rd\"", "from = \"county_share\"");
    alter("research.toml", "datasets = [\"finance\", \"rd\"]", "datasets = [\"finance\", \"meter\"]");
    alter("energy.toml", "from = \"park_division_quarter\"", "from = \"cluster_quarter\"");
    alter("counties.toml", "takes = \"county_units\"", "takes = \"counties_units\"");
    alter(
        "counties.toml",
        "from = \"county_share\"\ntakes = \"county_share_units\"",
        "from = \"park_rd\"\ntakes = \"rd_units\"",
    );
    alter("enterprises.toml", "unit_level = true", "unit_level = false");
    alter("enterprises.toml", "province = \"stayed_province_units\"", "prefecture = \"stayed_province_units\"");
    alter("emissions.toml", "sums = \"emission_ytd_g\"", "sums = \"ROUND(emission_ytd_g)\"");
    let (code, said) = check(copy.path());
    assert_eq!(code, 2, "{said}");
    insta::assert_snapshot!("measures_and_tables", said);
}

#[test]
fn an_indicator_needs_the_datasets_of_its_measures_and_speaks_of_their_time() {
    let copy = folder();
    copy_config(copy.path());
    let indicator = copy.path().join("config/indicators/tax_per_mu_ttm.toml");
    replace(&indicator, "datasets = [\"tax\", \"land_parcel\"]", "datasets = [\"tax\"]");
    replace(&indicator, "numerator = \"tax_ttm_on_land_fen\"", "numerator = \"tax_ytd_on_land_fen\"");
    let (code, said) = check(copy.path());
    assert_eq!(code, 2, "{said}");
    for expected in [
        "tax_per_mu_ttm.toml:21:12: `land_parcel` is missing, without which there is no `land_tax_ttm_micromu`",
        "tax_per_mu_ttm.toml:13:14: `tax_ytd_on_land_fen` is of the time ytd, and the `basis` here is ttm",
    ] {
        assert!(said.contains(expected), "{expected}: {said}");
    }
}
