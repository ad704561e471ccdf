//! What units measure, and the canonical unit of each, in which names of columns end.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What a unit measures. Values are only comparable within one dimension.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// Renminbi, in fen.
    Money,
    /// US dollars, in cents.
    Dollar,
    /// Energy as standard coal, in grams.
    Energy,
    /// Electricity, in watt-hours.
    Electricity,
    /// Land and floor area, in millionths of a mu.
    Area,
    /// Persons.
    Persons,
    /// Work of a person in a year: full-time equivalents.
    PersonYears,
    /// Things counted: enterprises, households, items.
    Count,
    /// Mass, in grams.
    Mass,
    /// Volume, in litres.
    Volume,
    /// Length, in millimetres.
    Length,
    /// A share, in millionths of one: 1 % is 10 000.
    Ratio,
    /// An index, in millionths of its base: 105.2 (上年同期=100) is 1 052 000.
    Index,
    /// Price or yield per floor area, in millionths of a yuan per square metre.
    MoneyPerFloor,
    /// Yield per land, in millionths of a yuan per mu.
    MoneyPerLand,
    /// Output or pay per person, in millionths of a yuan.
    MoneyPerPerson,
    /// Energy per value, in millionths of a ton of standard coal per 10 000 yuan.
    EnergyPerMoney,
    /// Power, in watts.
    Power,
    /// Heat and fuels by their heat, in joules.
    Heat,
    /// Goods carried, in kilogram-kilometres.
    Freight,
    /// Passengers carried, in person-kilometres.
    Travel,
    /// Length of time, in seconds.
    Time,
    /// Whole years, below a line.
    Years,
    /// Whole months, below a line.
    Months,
    /// Temperature, in thousandths of a degree Celsius.
    Temperature,
    /// Apparent power of transformers, in volt-amperes.
    Capacity,
    /// One quantity for each of another, in millionths: what is above the line and what is below.
    Per(&'static Dimension, &'static Dimension),
}

impl Dimension {
    /// The name of the canonical unit, as column names end in it.
    pub fn canonical(self) -> &'static str {
        match self {
            Dimension::Money => "fen",
            Dimension::Dollar => "cent",
            Dimension::Energy => "gce",
            Dimension::Electricity => "wh",
            Dimension::Area => "micromu",
            Dimension::Persons => "persons",
            Dimension::PersonYears => "person_years",
            Dimension::Count => "units",
            Dimension::Mass => "g",
            Dimension::Volume => "l",
            Dimension::Length => "mm",
            Dimension::Ratio | Dimension::Index => "micro",
            Dimension::MoneyPerFloor => "microyuan_per_m2",
            Dimension::MoneyPerLand => "microyuan_per_mu",
            Dimension::MoneyPerPerson => "microyuan_per_person",
            Dimension::EnergyPerMoney => "microtce_per_wanyuan",
            Dimension::Power => "w",
            Dimension::Heat => "j",
            Dimension::Freight => "kgkm",
            Dimension::Travel => "personkm",
            Dimension::Time => "s",
            Dimension::Years => "years",
            Dimension::Months => "months",
            Dimension::Temperature => "millidegrees",
            Dimension::Capacity => "va",
            Dimension::Per(..) => canonical_of_quotient(self),
        }
    }

    /// Whether its values are quotients, which hold no exact decimals: they are rounded to the canonical unit.
    pub fn is_quotient(self) -> bool {
        use Dimension as D;
        let per = matches!(self, D::MoneyPerFloor | D::MoneyPerLand | D::MoneyPerPerson | D::EnergyPerMoney);
        per || matches!(self, D::Ratio | D::Index | D::Per(..))
    }
}

/// What a quotient counts of a quantity: above the line and below it, with the canonical units in it.
type Part = (Dimension, (&'static str, i64), (&'static str, i64));

const PARTS: &[Part] = &[
    (Dimension::Money, ("yuan", 100), ("wanyuan", 1_000_000)),
    (Dimension::Dollar, ("usd", 100), ("usd", 100)),
    (Dimension::Energy, ("tce", 1_000_000), ("tce", 1_000_000)),
    (Dimension::Electricity, ("kwh", 1_000), ("kwh", 1_000)),
    (Dimension::Area, ("mu", 1_000_000), ("mu", 1_000_000)),
    (Dimension::Persons, ("person", 1), ("person", 1)),
    (Dimension::PersonYears, ("person_year", 1), ("person_year", 1)),
    (Dimension::Count, ("unit", 1), ("unit", 1)),
    (Dimension::Mass, ("g", 1), ("t", 1_000_000)),
    (Dimension::Volume, ("m3", 1_000), ("m3", 1_000)),
    (Dimension::Length, ("m", 1_000), ("m", 1_000)),
    (Dimension::Power, ("kw", 1_000), ("kw", 1_000)),
    (Dimension::Heat, ("kj", 1_000), ("kj", 1_000)),
    (Dimension::Freight, ("tkm", 1_000), ("tkm", 1_000)),
    (Dimension::Travel, ("pkm", 1), ("pkm", 1)),
    (Dimension::Time, ("second", 1), ("second", 1)),
    (Dimension::Years, ("year", 1), ("year", 1)),
    (Dimension::Months, ("month", 1), ("month", 1)),
    (Dimension::Temperature, ("degree", 1_000), ("degree", 1_000)),
    (Dimension::Capacity, ("kva", 1_000), ("kva", 1_000)),
];

/// What a quotient counts of a quantity of this dimension; none of a rate, an index or a quotient.
pub(super) fn part_of(dimension: Dimension) -> Option<&'static Part> {
    PARTS.iter().find(|(of, ..)| *of == dimension)
}

/// The names of the canonical units of all quotients, as columns end in them.
static QUOTIENTS: LazyLock<BTreeMap<(Dimension, Dimension), String>> = LazyLock::new(|| {
    let name = |above: &str, below: &str| format!("micro{above}_per_{below}");
    let pairs = PARTS.iter().flat_map(|above| PARTS.iter().map(move |below| (above, below)));
    pairs.map(|(above, below)| ((above.0, below.0), name(above.1.0, below.2.0))).collect()
});

/// The name of the canonical unit of a quotient.
fn canonical_of_quotient(dimension: Dimension) -> &'static str {
    let Dimension::Per(above, below) = dimension else { return "" };
    QUOTIENTS.get(&(*above, *below)).map_or("", String::as_str)
}

/// The quotient in whose canonical unit a name ends.
pub(super) fn quotient_of_name(name: &str) -> Option<Dimension> {
    let ends =
        |canonical: &str| name.strip_suffix(canonical).is_some_and(|before| before.is_empty() || before.ends_with('_'));
    let ((above, below), _) = QUOTIENTS.iter().find(|(_, canonical)| ends(canonical))?;
    let of = |dimension: &Dimension| PARTS.iter().map(|part| &part.0).find(|part| *part == dimension);
    Some(Dimension::Per(of(above)?, of(below)?))
}
