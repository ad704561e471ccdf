//! Mistakes in indicator definitions: all are told at once, each with its place and a way out.

use std::fs;
use std::path::Path;

use crate::cli::{copy_config, replace};
use crate::support::{finish, folder, mujun, root, tree};

/// What `check` says of a configuration folder.
fn check(config: &Path) -> (i32, String) {
    let (code, stdout, stderr) =
        finish(mujun(config).args(["--lang", "en", "check", "--config"]).arg(config.join("config")));
    (code, stdout + &stderr)
}

#[test]
fn every_mistake_in_the_catalogue_is_told_at_once() {
    let copy = folder();
    copy_config(copy.path());
    let alter = |file: &str, from: &str, to: &str| {
        replace(&copy.path().join("config/indicators").join(file), from, to);
    };
    alter("tax_per_mu_ttm.toml", "numerator = \"tax_ttm_on_land_fen\"", "numerator = \"tax_ttm_on_lamd_fen\"");
    alter("tax_per_mu_ttm.toml", "units = \"tax_ttm_land_units\"", "units = \"taxed_units\"");
    alter("tax_per_mu_ttm.toml", "\"land_parcel\"", "\"land_parcels\"");
    alter(
        "tax_per_mu_ttm.toml",
        "given = { window_units = 10, part_year_units = 0, tax_ttm_on_land_fen = 15000000000 }",
        "given = { tax_ttm_fenn = 1 }",
    );
    alter("tax_per_mu_ttm.toml", "document = \"豫集聚办〔2020〕2号\"", "headline = true");
    alter("tax_per_mu_ytd.toml", "unit = \"万元/亩\"", "unit = \"万元/人\"");
    alter("tax_per_mu_ytd.toml", "coverage = [\"tax_land_units\"", "coverage = [\"tax_lamd_units\"");
    alter("value_added_per_mu_ttm.toml", "task = \"1.2\"", "task = \"1.3\"");
    alter("value_added_per_mu_ttm.toml", "order = 20", "order = 10");
    alter(
        "value_added_per_mu_ttm.toml",
        "basis = \"ttm\"",
        "basis = \"ttm\"\nrequires = \"va_land_units > land_va_ttm_micromu\"",
    );
    alter(
        "clusters_100bn.toml",
        "levels = [\"province\"]\nlevels_reason_zh",
        "levels = [\"province\", \"citty\"]\nlevels_reason_zh",
    );
    alter("clusters_100bn.toml", "by = 2024", "by = 20244");
    alter(
        "clusters_30bn.toml",
        "levels = [\"province\"]\nlevels_reason_zh",
        "levels = [\"city\", \"province\"]\nlevels_reason_zh",
    );
    alter("clusters_30bn.toml", "levels = [\"province\"]\nheadline = true", "levels = [\"park\", \"province\"]");
    alter(
        "energy_intensity_change_ytd.toml",
        "energy_scope_ytd_gce AS DOUBLE) / NULLIF(CAST(energy_scope_prior_gce",
        "energy_scope_ytd_gce AS DOUBLE) / NULLIF(CAST(va_scope_prior_fen",
    );
    alter("pull_ytd.toml", "CAST(va_ytd_fen AS DOUBLE) / NULLIF", "CAST(ROUND(va_ytd_fenn) AS DOUBLE) / NULLIF");
    alter("enterprises_left.toml", "- COALESCE(stayed_units", "- COALESCE(tax_ytd_fen");
    alter("enterprises_stayed.toml", "THEN CAST(COALESCE", "THEN CAST((COALESCE");
    let labour = copy.path().join("config/indicators/labour_productivity_ytd.toml");
    let text = fs::read_to_string(&labour).unwrap();
    fs::write(&labour, text.split("[[test]]").next().unwrap()).unwrap();
    let mean = |of: &str, more: &str| {
        format!(
            "name_zh = \"年均\"\nname_en = \"Mean\"\ndefinition_zh = \"年均\"\ndefinition_en = \"Mean\"\ntask = \"3.4\"\n\
             formula_source = \"?\"\ncomparability_zh = \"可比\"\ncomparability_en = \"?\"\nbasis = \"ytd\"\nunit = \"%\"\n\
             formula = \"geometric_mean\"\nof = \"{of}\"\nbase_year = 2016\n{more}[[test]]\nname = \"a year\"\nyears = [1.0]\n\
             expect = 1.0\n"
        )
    };
    for (name, of, more) in [
        ("a_mean", "b_mean", "order = 901\n"),
        ("b_mean", "a_mean", "order = 902\n"),
        ("c_mean", "energy_intensity_chnge_ytd", "order = 903\n"),
        ("d_mean", "clusters_30bn", ""),
    ] {
        fs::write(copy.path().join(format!("config/indicators/{name}.toml")), mean(of, more)).unwrap();
    }
    let (code, said) = check(copy.path());
    assert_eq!(code, 2, "{said}");
    insta::assert_snapshot!("catalogue_errors", said);
}

#[test]
fn models_that_read_each_other_or_a_column_that_is_not_there_are_told() {
    let copy = folder();
    copy_config(copy.path());
    let model = |name: &str| copy.path().join("pipelines/models").join(name);
    replace(&model("area/cluster_count.sql"), "revenue_ttm_fen >= 3000000000000", "revenu_ttm_fen >= 3000000000000");
    let (code, said) = check(copy.path());
    let told = said.starts_with("area/cluster_count.sql:6:28: ") && said.contains("did you mean `revenue_ttm_fen`?");
    assert!(code == 2 && told, "{code}: {said}");
    replace(&model("area/cluster_quarter.sql"), "FROM cluster_park AS m", "FROM cluster_count AS m");
    let (code, said) = check(copy.path());
    assert!(code == 2 && said.contains("in a circle: area_quarter, cluster_count, cluster_quarter"), "{code}: {said}");
}

#[test]
fn a_model_of_a_table_that_is_there_already_is_told_with_both_of_them() {
    let copy = folder();
    copy_config(copy.path());
    let models = copy.path().join("pipelines/models");
    let area = fs::read_to_string(models.join("area/area.sql")).unwrap();
    for name in
        ["park/area.sql", "park/sum_enterprise_quarter.sql", "park/tax.sql", "park/classification.sql", "park/stay.sql"]
    {
        fs::write(models.join(name), &area).unwrap();
        let (code, said) = check(copy.path());
        let (told, already) = match name {
            "park/area.sql" => (name, "made by area/area.sql"),
            "park/tax.sql" => (name, "the facts of sources/tax.toml"),
            "park/stay.sql" => (name, "given by the registers"),
            "park/classification.sql" => (name, "made by config/classification/classification.sql"),
            _ => (name, "made of the measures in config/measures"),
        };
        let told = said.lines().any(|line| line.starts_with(told) && line.contains(already));
        assert!(code == 2 && told, "{name}: {code}: {said}");
        fs::remove_file(models.join(name)).unwrap();
    }
}

#[test]
fn a_word_that_is_not_given_what_it_is_about_is_told() {
    let copy = folder();
    copy_config(copy.path());
    let model = copy.path().join("pipelines/models/park/park_rd.sql");
    replace(&model, "or_zero(r.rd_expenditure_ytd_fen)", "or_zero(r.rd_expenditure_ytd_fen, 1)");
    let (code, said) = check(copy.path());
    assert!(code == 2 && said.starts_with("park/park_rd.sql:1:1: `or_zero` is about 1 thing: figure"), "{said}");
    let words = copy.path().join("pipelines/models/words.sql");
    replace(&words, "COALESCE(figure, CAST(0 AS BIGINT))", "ROUND(figure)");
    let (code, said) = check(copy.path());
    assert!(code == 2 && said.contains("words.sql:7:33: ROUND is outside the common SQL"), "{said}");
}

/// The blocks of all measures.
pub fn measures() -> impl Iterator<Item = toml::Table> {
    let file = |(_, bytes): (String, Vec<u8>)| {
        let file: toml::Table = toml::from_str(&String::from_utf8(bytes).unwrap()).unwrap();
        file["measure"].as_array().unwrap().iter().map(|one| one.as_table().unwrap().clone()).collect::<Vec<_>>()
    };
    tree(&root().join("config/measures")).into_iter().flat_map(file)
}

#[test]
fn measures_are_filled_at_exactly_the_levels_that_they_say() {
    use std::collections::{BTreeMap, BTreeSet};
    let said: BTreeMap<String, BTreeSet<String>> = measures()
        .filter(|measure| measure.contains_key("levels"))
        .map(|measure| {
            let levels = measure["levels"].as_array().unwrap().iter().map(|level| level.as_str().unwrap().to_owned());
            (measure["name"].as_str().unwrap().to_owned(), levels.collect())
        })
        .collect();
    let store = folder();
    let (code, _, stderr) = finish(mujun(store.path()).arg("run"));
    assert_eq!(code, 0, "{stderr}");
    let (mut filled, mut levels): (BTreeMap<String, BTreeSet<String>>, BTreeSet<String>) = Default::default();
    for level in vocab::level::Level::ALL {
        let folder = fs::canonicalize(store.path().join("current")).unwrap().join(format!("tables/{level}_quarter"));
        for (_, bytes) in tree(&folder) {
            let frame = store::parquet::read(bytes, |_| true).unwrap().frame;
            levels.insert(level.to_string());
            for (column, values) in frame.columns() {
                let levels = filled.entry(column.clone()).or_default();
                if (0..frame.rows()).any(|row| values.text(row).is_some()) {
                    levels.insert(level.to_string());
                }
            }
        }
    }
    assert!(levels.len() > 2, "{levels:?}");
    let wrong: Vec<_> =
        filled.iter().filter(|(column, found)| *found != said.get(*column).unwrap_or(&levels)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}
