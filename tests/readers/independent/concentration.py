"""How revenue is spread over enterprises and industries, what is spent on R&D, and growth from the levels of last year."""

from fractions import Fraction

import pandas

from formulas import AREA, both, cluster_revenue, figures, growth, placed, ratio, summed, trailing


def filed_in_area(world):
    """Enterprises with revenue in every area that holds them."""
    return placed(both(world.panel, "revenue"), world)


def concentration_cr4_ytd(world):
    """Revenue of the four largest enterprises in that of all."""
    rows = []
    for key, revenue in filed_in_area(world).groupby(AREA)["revenue"]:
        known = sorted((int(value) for value in revenue), reverse=True)
        rows.append((*key, sum(known[:4]), sum(known)))
    return ratio(pandas.DataFrame(rows, columns=[*AREA, "four", "all"]), "four", "all", 100)


def concentration_hhi_ytd(world):
    """Sum of squared shares, times 10 000."""
    rows = []
    for key, revenue in filed_in_area(world).groupby(AREA)["revenue"]:
        known = [int(value) for value in revenue]
        index = Fraction(sum(value * value for value in known) * 10_000, sum(known) ** 2) if sum(known) else None
        rows.append((*key, index, sum(known)))
    frame = pandas.DataFrame(rows, columns=[*AREA, "index", "all"])
    return figures(frame, lambda row: None if row["index"] is None else float(row["index"]), None, "all")


def enterprises_10bn(world):
    """Those on the register that made 10 billion yuan in four quarters, where anyone's four quarters are known."""
    made = both(trailing(world, "revenue"), "amount")
    made["is_large"] = ((made["amount"] >= 10**10 * 100) & made["is_here"]).astype("Int64")
    return figures(summed(made, world, count="is_large"), lambda row: float(row["count"]), "count")


def revenue_growth_levels_ytd(world):
    """All that filed now against all that filed a year ago, each in the park of its own time."""
    sums = summed(both(world.panel, "revenue"), world, now="revenue")
    # A park is compared with itself, whatever its code was.
    lines = world.areas.drop_duplicates(["level", "area"])[["level", "area", "line"]]
    sums = sums.merge(lines, on=["level", "area"])
    before = sums.rename(columns={"now": "before"}).assign(quarter=sums["quarter"] + 4).drop(columns="area")
    return growth(sums.merge(before, on=["level", "line", "quarter"]), "now", "before")


def rd_intensity_ytd(world):
    """Who filed no R&D form has none; who filed it without the expenditure leaves both sides."""
    known = both(world.panel, "revenue").merge(world.research, on=["unit", "quarter"], how="left", indicator="which")
    known = known[known["quarter"].isin(world.research["quarter"])]
    known = known[(known["which"] == "left_only") | known["research"].notna()]
    known = known.assign(spent=known["research"].fillna(0))
    return ratio(summed(known, world, spent="spent", revenue="revenue"), "spent", "revenue", 100)


def leading_revenue(world):
    """Revenue of each park with an entry on the register of leading industries: of those industries, and of all; and what
    the same industries and all have in the parks of the whole province."""
    filed = both(world.panel, "revenue", "finance_division")
    filed = filed[filed["park"].notna()]
    provincial = filed.groupby(["quarter", "finance_division"])["revenue"].sum().to_dict()
    everything = filed.groupby("quarter")["revenue"].sum().to_dict()
    rows = []
    for (park, quarter), of_park in filed.groupby(["park", "quarter"]):
        leading = {division for division, begin, end in world.leading.get(park, []) if begin <= quarter <= end}
        if leading:
            own = int(of_park.loc[of_park["finance_division"].isin(leading), "revenue"].sum())
            of_province = sum(int(provincial.get((quarter, division), 0)) for division in leading)
            rows.append((park, quarter, own, int(of_park["revenue"].sum()), of_province, int(everything[quarter])))
    return pandas.DataFrame(rows, columns=["park", "quarter", "own", "base", "of_province", "everything"])


def leading_industry_share_ytd(world):
    return ratio(summed(leading_revenue(world), world, own="own", base="base"), "own", "base", 100)


def leading_location_quotient_ytd(world):
    """(share in the park) / (share in the province), for parks only: it does not add up."""

    def value(row):
        if not row["base"] or not row["of_province"] or not row["everything"]:
            return None
        return float(Fraction(row["own"], row["base"]) / Fraction(row["of_province"], row["everything"]))

    frame = placed(leading_revenue(world), world)
    return figures(frame[frame["level"] == "park"], value)


def largest_cluster_revenue(world):
    """Revenue of the largest cluster over four quarters, in 100 million yuan."""
    largest = cluster_revenue(world).groupby("quarter").max()
    rows = [("province", world.province, int(quarter), int(fen)) for quarter, fen in largest.items()]
    return figures(pandas.DataFrame(rows, columns=[*AREA, "fen"]), lambda row: row["fen"] / 10**10, "fen")


INDICATORS = {
    formula.__name__: formula
    for formula in (
        concentration_cr4_ytd, concentration_hhi_ytd, enterprises_10bn, revenue_growth_levels_ytd, rd_intensity_ytd,
        leading_industry_share_ytd, leading_location_quotient_ytd, largest_cluster_revenue,
    )
}
