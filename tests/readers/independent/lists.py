"""Indicators of lists: what administrations of parks report of construction and reform, and what enterprises are recognised for.

Each takes part in a ratio only where both sides are known; a park that says nothing is no zero.
"""

from fractions import Fraction

from formulas import both, figures, members, ratio, summed

MU = 10**6

# One number of the form, summed: column, and what one of the unit is in the smallest.
AMOUNTS = {
    "parks_in_park": ("sub_parks", 1), "delegated_powers": ("powers", 1), "high_level_staff": ("high_level", 1),
    "contracted_investment_ytd": ("contracted", 10**10), "realised_investment_ytd": ("realised", 10**10),
    "in_place_funds_ytd": ("in_place", 10**10), "idle_land": ("idle", MU), "standard_factory_area": ("factories", 15 * MU),
}
# Parks that say yes.
FLAGS = {
    "green_parks": "green", "smart_parks": "smart", "chemical_parks": "chemical", "central_sewage_parks": "sewage",
    "monitoring_parks": "monitoring", "committee_company_parks": "committee", "operating_company_parks": "company",
}
# Sums of parks that have both: numerator, denominator, scale.
RATIOS = {
    "sub_park_revenue_share_ytd": ("sub_revenue", "revenue", 100), "market_financed_share_ytd": ("market", "financing", 100),
    "renovation_share_ytd": ("renovation", "investment", 100), "built_up_rate": ("built_up", "planned", 100),
    "high_level_staff_per_10000_employees": ("high_level", "people", 10_000),
    # 万元 for a mu; floor and land are both in millionths of a mu.
    "investment_intensity": ("projects", "land", Fraction(MU, 10**6)), "plot_ratio": ("floor", "land", 1),
    "idle_land_share": ("idle", "land", 100),
}
# Entries of the list of recognitions, each counted, or each enterprise once.
ENTRIES = {"brands": "驰名品牌", "smart_factories": "智能工厂", "smart_workshops": "智能车间", "industrial_internet_platforms": "工业互联网平台"}
HOLDERS = {"green_factories": "绿色工厂", "leading_enterprises": "头雁企业"}


def amount(column, unit):
    def formula(world):
        sums = summed(world.parks_said, world, amount=column).dropna()
        return figures(sums, lambda row: float(Fraction(row["amount"], unit)), "amount")

    return formula


def of_both(numerator, denominator, scale):
    def formula(world):
        known = both(world.parks_said, numerator, denominator)
        known = known[known[denominator] > 0] if denominator == "land" else known
        return ratio(summed(known, world, above=numerator, below=denominator), "above", "below", scale)

    return formula


def remediated(world):
    """Parks led by chemicals whose remediation is completed; not known where one of the two is not."""
    said = world.parks_said[world.parks_said["chemical"].notna()].copy()
    done = said["remediation"].map({"已完成": 1, "整治中": 0, "未启动": 0})
    said["done"] = done.where(said["chemical"] == 1, 0).astype("Int64")
    sums = summed(said, world, amount="done").dropna()
    return figures(sums, lambda row: float(row["amount"]), "amount")


# Recognitions: an entry counts from the quarter of its award until the one before its withdrawal, in the park of its holder.


def held(world, category):
    """Entries at the end of each quarter: unit, quarter, park."""
    entries = world.recognition[world.recognition["category"] == category]
    quarters = world.registered.merge(entries, on="unit")
    is_held = (quarters["awarded"] <= quarters["quarter"]) & (quarters["revoked"].isna() | (quarters["revoked"] > quarters["quarter"]))
    return quarters[is_held & quarters["park"].notna()]


def counted(world, entries, among):
    """How many for each area that has a row `among`; none is zero."""
    sums = summed(among.assign(one=1), world, below="one")
    above = summed(entries.assign(one=1), world, above="one")
    sums = sums.merge(above, on=["level", "area", "quarter"], how="left")
    sums["above"] = sums["above"].astype("Int64").fillna(0)
    return sums


def count_of(category, once):
    def formula(world):
        entries = held(world, category)
        entries = entries.drop_duplicates(["unit", "quarter"]) if once else entries
        present = world.registered[world.registered["park"].notna()]
        return figures(counted(world, entries, present), lambda row: float(row["above"]), "above")

    return formula


def filed(world, entries):
    """Those whose holder filed B203 in the quarter."""
    return entries.merge(members(world)[["unit", "quarter"]], on=["unit", "quarter"])


def cloud_coverage(world):
    entries = filed(world, held(world, "上云企业").drop_duplicates(["unit", "quarter"]))
    return ratio(counted(world, entries, members(world)), "above", "below", 100)


def rd_platforms_per_100_enterprises(world):
    return ratio(counted(world, filed(world, held(world, "研发平台")), members(world)), "above", "below", 100)


def high_tech_share_ytd(world):
    """Value added of recognised high-tech enterprises in all value added."""
    known = both(world.panel, "va").copy()
    holders = held(world, "高新技术企业")[["unit", "quarter"]].drop_duplicates().assign(is_held=1)
    known = known.merge(holders, on=["unit", "quarter"], how="left")
    known["own"] = known["va"].where(known["is_held"] == 1, 0)
    return ratio(summed(known, world, above="own", below="va"), "above", "below", 100)


INDICATORS = (
    {name: amount(*what) for name, what in AMOUNTS.items()}
    | {name: amount(column, 1) for name, column in FLAGS.items()}
    | {name: of_both(*what) for name, what in RATIOS.items()}
    | {name: count_of(category, once=False) for name, category in ENTRIES.items()}
    | {name: count_of(category, once=True) for name, category in HOLDERS.items()}
    | {
        "chemical_parks_remediated": remediated, "cloud_coverage": cloud_coverage, "high_tech_share_ytd": high_tech_share_ytd,
        "rd_platforms_per_100_enterprises": rd_platforms_per_100_enterprises,
    }
)
