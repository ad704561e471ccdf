//! Where in a sample a fault of an export strikes.

use super::kind::Kind;
use crate::admin;
use crate::dice::Dice;
use crate::quarter::Quarter;
use crate::register::World;
use crate::spoil::{self, Form};

/// An export: of a quarter, or one for the whole sample.
#[derive(Clone)]
pub(super) struct Export {
    pub dataset: &'static str,
    /// What its name begins with, behind the folder.
    name: String,
    pub quarter: Option<Quarter>,
}

impl Export {
    /// Whether a path is this export's.
    pub(super) fn is(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        let period = self.quarter.map_or_else(String::new, |quarter| format!("_{}_", quarter.cumulative()));
        name.starts_with(&self.name) && name.contains(&period)
    }
}

/// A fault, and the export that it is planted in.
pub(super) struct Place {
    pub kind: Kind,
    pub target: Export,
    /// The export that it is made of, where that is another one.
    pub source: Option<Export>,
    /// Column of the first amount, and what separates columns, in delimited forms.
    pub amount: usize,
    pub delimiter: char,
}

/// A form with an export in every quarter.
struct Periodic {
    dataset: &'static str,
    name: &'static str,
    /// Column of the first amount and the delimiter of forms that are text.
    text: Option<(usize, char)>,
    /// Which quarters it has a revised file for.
    revised: Option<Form>,
}

const fn form(
    dataset: &'static str,
    name: &'static str,
    text: Option<(usize, char)>,
    revised: Option<Form>,
) -> Periodic {
    Periodic { dataset, name, text, revised }
}

/// Forms in which every enterprise has a row.
const ENTERPRISES: [Periodic; 3] = [
    form("tax", "规上工业企业税收", Some((2, '\t')), None),
    form("output", "B204-1工业产销总值", Some((3, ',')), Some(Form::B204)),
    form("finance", "B203财务状况", Some((4, ',')), Some(Form::B203)),
];

/// Other forms that come every quarter.
const OTHERS: [Periodic; 5] = [
    form("energy", "205-1能源购进消费与库存", None, None),
    form("emission", "规上工业企业排放", Some((2, ',')), None),
    form("park_form", "JJQ201产业集聚区发展监测", None, None),
    form("meter", "规上工业企业用能计量", None, None),
    form("tax_filing", "规上工业企业申报", None, None),
];

/// The place of a fault of an export, apart from those that are taken; none if the sample has none.
pub(super) fn find(world: &World, kind: Kind, taken: &[Place], dice: &mut Dice) -> Option<Place> {
    let whole = |dataset, name: &str| {
        let target = Export { dataset, name: name.to_owned(), quarter: None };
        Some(Place { kind, target, source: None, amount: 0, delimiter: ',' })
    };
    match kind {
        Kind::ForeignSeries => whole("province_series", "规模以上工业增加值"),
        Kind::PriceIndex => whole("producer_price", "分行业工业生产者出厂价格指数"),
        Kind::BrokenReference => whole("", "enterprise_park.csv"),
        Kind::ListReissued => {
            let city = world.cities[dice.below(world.cities.len())];
            whole("land_parcel", &format!("{}工业用地台账", city.name))
        }
        Kind::CountyMissing => {
            quarterly(world, kind, &form("county_series", "分县（市）规模以上工业增加值", None, None), taken, dice)
        }
        Kind::MissingExport => {
            let which = dice.below(ENTERPRISES.len() + OTHERS.len());
            let form = ENTERPRISES.iter().chain(&OTHERS).nth(which)?;
            quarterly(world, kind, form, taken, dice)
        }
        _ => {
            let which = dice.below(ENTERPRISES.len());
            quarterly(world, kind, &ENTERPRISES[which], taken, dice)
        }
    }
}

/// A quarter of a form that no other fault has: not the last one, whose absence ends the calendar, nor the first, which nothing can be held
/// against.
fn quarterly(world: &World, kind: Kind, form: &Periodic, taken: &[Place], dice: &mut Dice) -> Option<Place> {
    let export = |quarter| Export { dataset: form.dataset, name: form.name.to_owned(), quarter: Some(quarter) };
    let is_free = |quarter: &Quarter| {
        let is_taken = |place: &Place| {
            let theirs = [Some(&place.target), place.source.as_ref()];
            theirs.into_iter().flatten().any(|one| one.dataset == form.dataset && one.quarter == Some(*quarter))
        };
        let is_revised = form.revised.is_some_and(|form| spoil::is_revised(world, form, *quarter));
        let is_lost = form.dataset == "emission" && admin::is_lost(world, *quarter);
        !is_revised && !is_lost && !taken.iter().any(is_taken)
    };
    let quarters: Vec<Quarter> = world.periods().skip(1).filter(|quarter| *quarter != world.last()).collect();
    // Content is repeated within a year, or a year later.
    let ago = if dice.chance(0.5) { 1 } else { 4 };
    let fits = |quarter: &Quarter| {
        let source = quarter.plus(-ago);
        let is_within = source >= world.from && (ago == 4 || source.year() == quarter.year());
        is_free(quarter) && (kind != Kind::ContentRepeated || is_within && is_free(&source))
    };
    let free: Vec<Quarter> = quarters.into_iter().filter(fits).collect();
    let quarter = *free.get(dice.below(free.len()))?;
    let (amount, delimiter) = form.text.unwrap_or((0, ','));
    let source = (kind == Kind::ContentRepeated).then(|| export(quarter.plus(-ago)));
    Some(Place { kind, target: export(quarter), source, amount, delimiter })
}
