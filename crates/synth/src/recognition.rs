//! What departments recognise enterprises for: of which kind, on which level, since when, and until when.

use super::dice::{Dice, Topic};
use super::quarter::{Month, Quarter};
use super::register::World;

/// A kind of recognition.
pub(super) struct Category {
    /// The word in the list.
    pub word: &'static str,
    levels: &'static [&'static str],
    /// Part of the ordinary and of the large enterprises that ever hold one.
    share: [f64; 2],
    /// Most that one enterprise holds at a time: one where it is the enterprise that is recognised.
    most: usize,
}

impl Category {
    /// Whether it is the enterprise that is recognised, and not a thing that it has.
    pub(super) fn is_of_enterprise(&self) -> bool {
        self.most == 1
    }
}

/// Number of kinds.
pub(super) const KINDS: usize = 9;

/// Positions in [`CATEGORIES`].
pub(super) const GREEN_FACTORY: usize = 0;
pub(super) const HIGH_TECH: usize = 1;
pub(super) const LEADING: usize = 2;
pub(super) const CLOUD: usize = 3;
pub(super) const SMART_FACTORY: usize = 4;
pub(super) const SMART_WORKSHOP: usize = 5;
pub(super) const PLATFORM: usize = 6;
pub(super) const BRAND: usize = 7;
pub(super) const INTERNET_PLATFORM: usize = 8;

const ALL_LEVELS: &[&str] = &["国家级", "省级", "市级"];

/// The kinds of recognition in the order of the list.
pub(super) const CATEGORIES: [Category; KINDS] = [
    Category { word: "绿色工厂", levels: &["国家级", "省级"], share: [0.03, 0.5], most: 1 },
    Category { word: "高新技术企业", levels: &["国家级"], share: [0.22, 0.6], most: 1 },
    Category { word: "头雁企业", levels: &["省级", "市级"], share: [0.008, 0.7], most: 1 },
    Category { word: "上云企业", levels: &["省级"], share: [0.38, 0.8], most: 1 },
    Category { word: "智能工厂", levels: &["国家级", "省级"], share: [0.02, 0.4], most: 2 },
    Category { word: "智能车间", levels: &["省级"], share: [0.05, 0.5], most: 3 },
    Category { word: "研发平台", levels: ALL_LEVELS, share: [0.12, 0.7], most: 3 },
    Category { word: "驰名品牌", levels: &["国家级", "省级"], share: [0.03, 0.4], most: 2 },
    Category { word: "工业互联网平台", levels: &["国家级", "省级"], share: [0.004, 0.2], most: 2 },
];

/// From this output (qianyuan a year) on an enterprise is large.
const LARGE: f64 = 1.0e6;

/// One entry of the list.
pub(super) struct Recognition {
    /// Position in [`CATEGORIES`].
    pub category: usize,
    pub level: &'static str,
    /// Counted from one within the enterprise and the category.
    pub serial: usize,
    pub awarded: Month,
    /// Month of its withdrawal.
    pub revoked: Option<Month>,
}

impl Recognition {
    /// Whether it holds at the end of a quarter.
    pub(super) fn holds(&self, quarter: Quarter) -> bool {
        let end = Month::of(quarter.last_day());
        self.awarded <= end && self.revoked.is_none_or(|month| month > end)
    }
}

/// Everything an enterprise was ever recognised for, up to the end of the sample.
pub(super) fn of(world: &World, index: usize) -> Vec<Recognition> {
    let is_large = world.enterprises[index].annual >= LARGE;
    let mut held = Vec::new();
    for (category, kind) in CATEGORIES.iter().enumerate() {
        let mut dice = world.seed.at(Topic::Recognition, index as u64, category as u64);
        if !dice.chance(kind.share[usize::from(is_large)]) {
            continue;
        }
        // An enterprise may be recognised once more on another level, or again after a withdrawal.
        let count =
            if kind.is_of_enterprise() { 1 + usize::from(dice.chance(0.15)) } else { 1 + dice.below(kind.most) };
        held.extend((1..=count).map(|serial| recognition(world, &mut dice, category, serial)));
    }
    held
}

fn recognition(world: &World, dice: &mut Dice, category: usize, serial: usize) -> Recognition {
    let start = Month::of(world.from.first_day()).plus(-24);
    let last = Month::of(world.last().last_day());
    let months = last.since(start).max(0) as usize + 1;
    let awarded = start.plus(dice.below(months) as i32);
    let revoked = dice.chance(0.12).then(|| awarded.plus(2 + dice.below(24) as i32)).filter(|&month| month <= last);
    let levels = CATEGORIES[category].levels;
    Recognition { category, level: levels[dice.below(levels.len())], serial, awarded, revoked }
}
