//! The figures of a release, read from the tables that it holds: one file for each level and quarter that is asked
//! of.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use super::explained::{Published, Standing};
use crate::failure::Failure;
use config::indicator::Indicator;
use model::relations::Figure;
use store::{Manifest, Pointer, Store};
use vocab::frame::Frame;
use vocab::level::AreaKey;
use vocab::period::Quarter;
use vocab::{Place, Problem, rules};

/// Rows of a table by area, and by division or indicator.
type Rows = HashMap<(String, String), usize>;

/// One table of the release.
struct Table {
    frame: Frame,
    rows: Rows,
}

/// A release as far as it was read.
pub(super) struct Release<'s> {
    store: &'s Store,
    pub(super) manifest: Manifest,
    read: RefCell<BTreeMap<String, Option<Rc<Table>>>>,
}

/// The columns that are wanted of a table that a release lists.
pub(crate) fn read_table(
    store: &Store,
    manifest: &Manifest,
    path: String,
    wanted: impl Fn(&str) -> bool,
) -> Result<Frame, Failure> {
    let at = format!("releases/{}/{path}", manifest.release);
    let damaged = || store::Error::Damaged(Box::new(Problem::new(&rules::RELEASE_FILE_CHANGED, Place::file(&at))));
    let bytes = store.read_release_file(manifest, &path)?.ok_or_else(damaged)?;
    Ok(store::parquet::read(bytes, wanted).map_err(|source| Failure::Parquet { path, source })?.frame)
}

impl<'s> Release<'s> {
    pub(super) fn open(store: &'s Store, id: &str) -> Result<Release<'s>, Failure> {
        Ok(Release { store, manifest: store.manifest(id)?, read: RefCell::default() })
    }

    /// Whether it was made for the public: it then has no sums beneath its indicators, and nothing of an enterprise
    /// is told.
    pub(super) fn is_public(&self) -> bool {
        Pointer::of(&self.manifest) == Pointer::Public
    }

    /// The quarters of its indicators.
    pub(super) fn quarters(&self) -> Vec<String> {
        let of_province = |entry: &store::FileEntry| {
            let rest = entry.path.strip_prefix("indicators/level=province/quarter=")?;
            Some(rest.split('/').next()?.to_owned())
        };
        self.manifest.files.iter().filter_map(of_province).collect()
    }

    /// A table by its path; none where the release does not hold it.
    fn table(&self, folder: &str, second: &str) -> Result<Option<Rc<Table>>, Failure> {
        if let Some(read) = self.read.borrow().get(folder) {
            return Ok(read.clone());
        }
        let path = format!("{folder}/part-0.parquet");
        let table = match self.manifest.file(&path) {
            None => None,
            Some(_) => {
                let frame = read_table(self.store, &self.manifest, path, |_| true)?;
                let text =
                    |name: &str, row: usize| frame.column(name).and_then(|column| column.text(row)).unwrap_or_default();
                let rows = (0..frame.rows()).map(|row| ((text("ref_area", row), text(second, row)), row)).collect();
                Some(Rc::new(Table { frame, rows }))
            }
        };
        self.read.borrow_mut().insert(folder.to_owned(), table.clone());
        Ok(table)
    }

    /// A published indicator of an area; none where the release has no row of it.
    pub(super) fn published(
        &self,
        indicator: &str,
        area: AreaKey<'_>,
        quarter: Quarter,
    ) -> Result<Option<Published>, Failure> {
        let folder = format!("indicators/level={}/quarter={quarter}", area.level);
        let Some(table) = self.table(&folder, "indicator")? else { return Ok(None) };
        let Some(&row) = table.rows.get(&(area.code.to_owned(), indicator.to_owned())) else { return Ok(None) };
        let text = |name: &str| table.frame.column(name).and_then(|column| column.text(row));
        let int = |name: &str| table.frame.ints(name).and_then(|column| column.get(row));
        let float = |name: &str| table.frame.floats(name).and_then(|column| column.get(row));
        Ok(Some(Published {
            value: float("value"),
            obs_status: text("obs_status").unwrap_or_default(),
            reason: text("reason"),
            reason_dataset: text("reason_dataset"),
            missing_units: int("missing_units"),
            conf_status: text("conf_status").unwrap_or_default(),
            numerator: int("numerator"),
            denominator: int("denominator"),
            coverage: float("coverage"),
            yoy: float("yoy"),
            target: float("target"),
            gap: float("gap"),
            rank: int("rank"),
            rank_of: int("rank_of"),
            vintage: text("vintage"),
        }))
    }

    /// A figure beneath the indicators. A public release has none of these tables: what the indicator itself tells of
    /// its two sides is all there is.
    pub(super) fn figure(
        &self,
        figure: &Figure<'_>,
        indicator: &Indicator,
    ) -> Result<(Standing, Option<i64>), Failure> {
        if self.is_public() {
            return self.side(figure, indicator);
        }
        let (name, second) = match figure.division {
            Some(_) => ("park_industry_quarter".to_owned(), "division"),
            None => (format!("{}_quarter", figure.area.level), "time_period"),
        };
        let folder = format!("tables/{name}/quarter={}", figure.quarter);
        let Some(table) = self.table(&folder, second)? else { return Ok((Standing::Unpublished, None)) };
        let of_row = figure.division.map_or_else(|| figure.quarter.sdmx(), |division| division.to_string());
        let row = table.rows.get(&(figure.area.code.to_owned(), of_row));
        let value = row.and_then(|row| table.frame.ints(figure.column)?.get(*row));
        Ok((if value.is_some() { Standing::There } else { Standing::None }, value))
    }

    /// A side of the indicator in another area, as the indicator's own row tells it.
    fn side(&self, figure: &Figure<'_>, indicator: &Indicator) -> Result<(Standing, Option<i64>), Failure> {
        let is = |side: &Option<String>| side.as_deref() == Some(figure.column) && figure.division.is_none();
        let (over, under) = (is(&indicator.numerator), is(&indicator.denominator));
        let row = if over || under { self.published(&indicator.id, figure.area, figure.quarter)? } else { None };
        let Some(row) = row else { return Ok((Standing::Unpublished, None)) };
        if row.obs_status == "Q" {
            return Ok((Standing::Withheld, None));
        }
        let value = if over { row.numerator } else { row.denominator };
        Ok((if value.is_some() { Standing::There } else { Standing::None }, value))
    }

    /// The divisions of each park in a quarter.
    pub(super) fn divisions(&self, quarter: Quarter) -> Result<BTreeMap<(String, Quarter), Vec<i64>>, Failure> {
        let folder = format!("tables/park_industry_quarter/quarter={quarter}");
        let mut found: BTreeMap<(String, Quarter), Vec<i64>> = BTreeMap::new();
        let Some(table) = self.table(&folder, "division")? else { return Ok(found) };
        let (Some(areas), Some(divisions)) = (table.frame.texts("ref_area"), table.frame.ints("division")) else {
            return Ok(found);
        };
        for (area, division) in areas.iter().zip(divisions.iter()) {
            if let (Some(area), Some(division)) = (area, division) {
                found.entry((area.to_owned(), quarter)).or_default().push(division);
            }
        }
        Ok(found)
    }

    /// A table of `quality/`; none where the release does not hold it.
    pub(super) fn quality(&self, name: &str) -> Result<Frame, Failure> {
        let table = self.table(&format!("quality/{name}"), "time_period")?;
        Ok(table.map(|table| table.frame.clone()).unwrap_or_default())
    }
}
