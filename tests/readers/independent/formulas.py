"""The indicators by their formulas, from the rows of the exports: enterprises are summed to areas directly.

Sums are integers of the smallest unit (fen, grams of standard coal, millionths of a mu) or fractions, and a ratio is one
division of two exact sums. Each function gives a frame of level, area and quarter with value, numerator and denominator.
"""

from fractions import Fraction

import pandas

AREA = ["level", "area", "quarter"]
# 10^-2 of a tonne, of 10 000 yuan and of 100 million yuan; a square kilometre is 1500 mu.
TEN_THOUSAND = 10**6  # 万元 in fen
MU = 10**6


def placed(frame, world):
    """Rows with `park` and `quarter` in every area that holds the park then."""
    joined = world.areas.merge(frame, on="park")
    return joined[(joined["from"] <= joined["quarter"]) & (joined["quarter"] <= joined["to"])]


def summed(frame, world, **sums):
    """Sums of a frame with `park` and `quarter` to every area; a sum over nothing is none."""
    groups = placed(frame, world).groupby(AREA)
    result = pandas.DataFrame({name: groups[column].sum(min_count=1) for name, column in sums.items()})
    return result.reset_index()


def plain(cell):
    """A cell as a Python number of any size, or none."""
    if cell is pandas.NA or cell is None:
        return None
    return cell if isinstance(cell, (str, Fraction)) else int(cell)


def figures(frame, value, numerator=None, denominator=None):
    """The three columns of an indicator, values made by a function of a row of Python numbers."""
    rows = [dict(zip(frame.columns, map(plain, row))) for row in frame.itertuples(False, None)]
    made = frame[AREA].copy()
    made["value"] = pandas.Series([value(row) for row in rows], dtype="Float64", index=frame.index)
    made["numerator"] = [row[numerator] if numerator else None for row in rows]
    made["denominator"] = [row[denominator] if denominator else None for row in rows]
    return made


def over(numerator, denominator, scale=1):
    """A ratio of exact sums; none if one is missing or nothing is below."""
    if numerator is None or denominator is None or denominator == 0:
        return None
    return float(Fraction(numerator) * Fraction(scale) / Fraction(denominator))


def ratio(frame, numerator, denominator, scale=1):
    return figures(frame, lambda row: over(row[numerator], row[denominator], scale), numerator, denominator)


def growth(frame, now, before, is_valid=lambda before: before != 0):
    """Same-scope growth in percent."""

    def value(row):
        if row[now] is None or row[before] is None or not is_valid(row[before]):
            return None
        return float(Fraction(row[now] - row[before], row[before]) * 100)

    return figures(frame, value, now, before)


def both(frame, *columns):
    """The rows that report all of these."""
    return frame[frame[list(columns)].notna().all(axis=1)]


def trailing(world, measure):
    """The four quarters of every enterprise that is on the register at their end, or left it within them.

    Since January, and of last year what came after the same quarter: the whole year less since January then, which this year's
    form says again where the form of then is missing. Who came onto the register after the turn of the year counts from January.
    A sum is none where one of its parts was not reported. `is_here` tells who is still on the register.
    """
    own = both(world.panel, measure)
    ytd = dict(zip(zip(own["unit"], own["quarter"]), own[measure]))
    again = both(world.panel, f"{measure}_prior")
    prior = dict(zip(zip(again["unit"], again["quarter"]), again[f"{measure}_prior"]))
    division = dict(zip(zip(own["unit"], own["quarter"]), own["finance_division"]))
    placed_at = {(row.unit, row.quarter): row.park for row in world.registered.itertuples()}
    rows = []
    for unit in world.spans:
        for quarter in world.quarters[3:]:
            end = next((at for at in range(quarter, quarter - 4, -1) if (unit, at) in placed_at), None)
            park = placed_at[unit, end] if end else None
            if pandas.isna(park):
                continue
            # Where it left a park that has become another one since, it counts there.
            park = world.lines.at(park, quarter)
            january = quarter - quarter % 4
            was_here = (unit, january - 1) in placed_at
            parts = [ytd.get((unit, end))] if end >= january else []
            is_new = world.first_quarter[unit] >= january
            if quarter % 4 != 3 and not is_new and end >= january and not was_here:
                # Off the register in between: what it did is reported in part only.
                parts.append(None)
            elif quarter % 4 != 3 and not is_new:
                told_again = prior.get((unit, quarter)) if end == quarter else None
                begun = ytd.get((unit, quarter - 4), told_again)
                whole = ytd.get((unit, january - 1 if was_here else end))
                parts.append(None if begun is None or whole is None else whole - begun)
            is_part_year = end == quarter and quarter % 4 != 3 and is_new
            amount = None if None in parts else sum(map(int, parts))
            rows.append((unit, quarter, park, division.get((unit, end)), amount, end == quarter, int(is_part_year)))
    columns = ["unit", "quarter", "park", "finance_division", "amount", "is_here", "is_part_year"]
    frame = pandas.DataFrame(rows, columns=columns).astype({"quarter": "Int64", "is_part_year": "Int64"})
    frame["amount"] = pandas.array(frame["amount"], dtype="Int64")
    return frame


def constant(frame, va, world, name):
    """Value added at prices of the same period of last year, deflated by division, summed as fractions."""
    joined = placed(frame[frame["division"].notna()], world)
    parts = joined.groupby([*AREA, "division"])[va].sum(min_count=1).dropna().reset_index()
    sums = {}
    for level, area, quarter, division, fen in parts.itertuples(False, None):
        index = world.price.get(division, {}).get(quarter)
        if index is not None:
            key = (level, area, quarter)
            sums[key] = sums.get(key, 0) + Fraction(int(fen)) * 100 / Fraction(index)
    return pandas.DataFrame([(*key, value) for key, value in sums.items()], columns=[*AREA, name])


def with_price(frame, world):
    """A division without a price index leaves both sides of every growth and intensity."""
    has = [division in world.price and quarter in world.price[division] for division, quarter in zip(frame["division"], frame["quarter"])]
    return frame[pandas.Series(has, index=frame.index, dtype=bool)]


# Per mu: only parks that have both the sum and industrial land (DOMAIN §4).


def per_mu(world, amounts):
    """Amounts of parks (park, quarter, amount) over their industrial land, in 10 000 yuan for a mu."""
    parks = amounts.groupby(["park", "quarter"])["amount"].sum(min_count=1).dropna().reset_index()
    on_land = parks.merge(world.land, on=["park", "quarter"])
    on_land = on_land[on_land["land"] > 0]
    return ratio(summed(on_land, world, numerator="amount", denominator="land"), "numerator", "denominator", Fraction(MU, TEN_THOUSAND))


def trailing_per_mu(world, measure):
    """None where most of those that count came this year: their sums are no four quarters."""
    window = trailing(world, measure).assign(one=1)
    made = per_mu(world, window[["park", "quarter", "amount"]])
    counts = summed(window.astype({"one": "Int64"}), world, part_year="is_part_year", all="one")
    made = made.merge(counts, on=AREA)
    made = made[2 * made["part_year"] <= made["all"]].drop(columns=["part_year", "all"])
    return made.merge(coverage_on_land(world, window), on=AREA, how="left")


def coverage_on_land(world, window):
    """Of the enterprises that count in parks with land, those that have an amount; and of the parks, those with land."""
    land = world.land[world.land["land"] > 0]
    on_land = window.merge(land, on=["park", "quarter"])
    on_land["known"] = on_land["amount"].notna().astype("Int64")
    enterprises = summed(on_land, world, known="known", expected="one")
    parks = pandas.DataFrame({"park": list(world.lines.end)}).merge(pandas.DataFrame({"quarter": world.quarters}), how="cross")
    parks = parks.astype({"quarter": "Int64"}).merge(land, on=["park", "quarter"], how="left").assign(one=1)
    parks["has_land"] = parks["land"].notna().astype("Int64")
    shares = enterprises.merge(summed(parks, world, with_land="has_land", parks="one"), on=AREA)
    return shares.assign(
        coverage=(shares["known"] / shares["expected"]).astype(float), parks_coverage=(shares["with_land"] / shares["parks"]).astype(float)
    )[[*AREA, "coverage", "parks_coverage"]]


def tax_per_mu_ytd(world):
    """Not annualised."""
    return per_mu(world, world.panel.rename(columns={"tax": "amount"}))


def tax_per_mu_ttm(world):
    return trailing_per_mu(world, "tax")


def value_added_per_mu_ttm(world):
    return trailing_per_mu(world, "va")


def revenue_per_mu_ttm(world):
    return trailing_per_mu(world, "revenue")


def profit_per_mu_ttm(world):
    """Losses count as they are."""
    return trailing_per_mu(world, "profit")


# Energy and emissions: both sides over the same enterprises.


def intensity(world, amount, scale):
    """An amount over value added in constant prices, over the enterprises that report both."""
    scope = both(with_price(world.panel, world), "va", amount)
    sums = summed(scope, world, amount=amount).merge(constant(scope, "va", world, "real"), on=AREA)
    return figures(sums, lambda row: over(row["amount"], row["real"], scale), "amount")


def intensity_change(world, amount):
    """(1 + growth of the amount) / (1 + real growth of value added) − 1 in percent, over those that report all four."""
    before = f"{amount}_prior"
    scope = both(with_price(world.panel, world), "va", "va_prior", amount, before)
    sums = summed(scope, world, now=amount, before=before, va_before="va_prior")
    sums = sums.merge(constant(scope, "va", world, "va_now"), on=AREA)

    def value(row):
        if not all(row[name] for name in ("before", "va_before", "va_now")):
            return None
        own, va = Fraction(row["now"], row["before"]), row["va_now"] / row["va_before"]
        return float((own / va - 1) * 100)

    return figures(sums, value)


def energy_intensity_ytd(world):
    """Tonnes of standard coal for 10 000 yuan."""
    return intensity(world, "energy", Fraction(TEN_THOUSAND, 10**6))


def energy_intensity_change_ytd(world):
    return intensity_change(world, "energy")


def emissions_per_va_ytd(world):
    """Kilograms for 10 000 yuan."""
    return intensity(world, "emission", Fraction(TEN_THOUSAND, 10**3))


def emissions_per_va_change_ytd(world):
    return intensity_change(world, "emission")


# Growth, share, contribution and pull.


def growth_sums(world):
    scope = both(with_price(world.panel, world), "va", "va_prior")
    return summed(scope, world, before="va_prior").merge(constant(scope, "va", world, "real"), on=AREA)


def real_growth_ytd(world):
    return growth(growth_sums(world), "real", "before").assign(numerator=None)


def share_sums(world):
    published = pandas.DataFrame({"quarter": list(world.published_va), "published": list(world.published_va.values())})
    return summed(world.panel, world, va="va").dropna().merge(published.astype("Int64"), on="quarter")


def share_of_province_va_ytd(world):
    return ratio(share_sums(world), "va", "published", 100)


def contribution(world, pull):
    """[s·g/(1+g)] / [G/(1+G)] in percent; pull is that times the province's growth. None where |G| is below half a percent."""

    def value(row):
        provincial = Fraction(world.published_growth.get(row["quarter"], 0)) / 100
        if abs(provincial) < Fraction(5, 1000) or not row["before"] or not row["real"] or not row["published"]:
            return None
        share, own = Fraction(row["va"], row["published"]), row["real"] / row["before"] - 1
        part = (share * own / (1 + own)) / (provincial / (1 + provincial))
        return float(part * provincial * 100 if pull else part * 100)

    return figures(share_sums(world).merge(growth_sums(world), on=AREA), value)


def contribution_ytd(world):
    return contribution(world, pull=False)


def pull_ytd(world):
    return contribution(world, pull=True)


def revenue_growth_ytd(world):
    pair = both(world.panel, "revenue", "revenue_prior")
    return growth(summed(pair, world, now="revenue", before="revenue_prior"), "now", "before")


def profit_growth_ytd(world):
    """After a loss there is no growth."""
    pair = both(world.panel, "profit", "profit_prior")
    return growth(summed(pair, world, now="profit", before="profit_prior"), "now", "before", lambda before: before > 0)


def labour_productivity_ytd(world):
    scope = both(world.panel, "va", "staff")
    return ratio(summed(scope, world, va="va", staff="staff"), "va", "staff", Fraction(1, TEN_THOUSAND))


# Counts of enterprises: those that filed B203.


def members(world):
    return both(world.panel, "revenue").assign(one=1)


def enterprises(world):
    return figures(summed(members(world), world, count="one"), lambda row: float(row["count"]), "count")


def smart_retrofit_coverage(world):
    first = world.retrofit.groupby("unit")["completed"].min()
    filed = members(world)
    filed["done"] = (filed["unit"].map(first) <= filed["quarter"]).fillna(False).astype("Int64")
    return ratio(summed(filed, world, done="done", count="one"), "done", "count", 100)


def turnover(world, pick):
    """Enterprises of an area now against the same quarter of last year, as sets."""
    sets = {key: set(units) for key, units in placed(members(world), world).groupby(["level", "line", "quarter"])["unit"]}
    sent = set(members(world)["quarter"])
    rows = set()
    for level, area, line, begin, end in world.areas[["level", "area", "line", "from", "to"]].itertuples(False, None):
        for quarter in world.quarters[4:]:
            now, before = (sets.get((level, line, when), set()) for when in (quarter, quarter - 4))
            # A park that came of others has nothing to compare with for four quarters; nor has anyone where a form did not come.
            is_there = begin <= quarter <= end and quarter in sent and quarter - 4 in sent
            is_new = level == "park" and quarter < world.lines.changed.get(line, 0) + 4
            if (now or before) and is_there and not is_new:
                rows.add((level, area, quarter, len(pick(now, before))))
    return figures(pandas.DataFrame(sorted(rows), columns=[*AREA, "count"]), lambda row: float(row["count"]))


def enterprises_stayed(world):
    return turnover(world, lambda now, before: now & before)


def enterprises_entered(world):
    return turnover(world, lambda now, before: now - before)


def enterprises_left(world):
    return turnover(world, lambda now, before: before - now)


# What the administrations of the parks file.


def of_park_form(world, column, scale):
    sums = summed(world.park_form, world, amount=column).dropna()
    return figures(sums, lambda row: float(Fraction(row["amount"]) * scale), "amount")


def planned_area(world):
    return of_park_form(world, "planned", Fraction(1, 1500 * MU))


def built_up_area(world):
    return of_park_form(world, "built_up", Fraction(1, 1500 * MU))


def employees_all(world):
    return of_park_form(world, "people", Fraction(1))


# Clusters: lists of (park, division) pairs.


def cluster_revenue(world):
    """Revenue of each cluster over the trailing four quarters."""
    revenue = both(trailing(world, "revenue"), "amount").merge(
        world.cluster, left_on=["park", "finance_division"], right_on=["park", "division"], suffixes=("", "_of_cluster")
    )
    return revenue.groupby(["cluster", "quarter"])["amount"].sum()


def clusters(world, billions):
    revenue = cluster_revenue(world)
    least = billions * 10**9 * 100
    large = revenue[revenue >= least].groupby("quarter").size()
    # A quarter without any large one has a count of zero.
    rows = [("province", world.province, quarter, int(large.get(quarter, 0))) for quarter in world.quarters[3:]]
    return figures(pandas.DataFrame(rows, columns=[*AREA, "count"]), lambda row: float(row["count"]), "count")


def clusters_100bn(world):
    return clusters(world, 100)


def clusters_30bn(world):
    return clusters(world, 30)


INDICATORS = {
    formula.__name__: formula
    for formula in (
        tax_per_mu_ytd, tax_per_mu_ttm, value_added_per_mu_ttm, revenue_per_mu_ttm, profit_per_mu_ttm, energy_intensity_ytd,
        energy_intensity_change_ytd, emissions_per_va_ytd, emissions_per_va_change_ytd, smart_retrofit_coverage,
        share_of_province_va_ytd, real_growth_ytd, contribution_ytd, pull_ytd, planned_area, built_up_area, employees_all,
        enterprises, enterprises_stayed, enterprises_entered, enterprises_left, revenue_growth_ytd, profit_growth_ytd,
        labour_productivity_ytd, clusters_100bn, clusters_30bn,
    )
}
