"""What an installation decides, as SQL: by which method enterprises are classified and parks are assessed.

Weights, quotas, exemptions, benchmarks, caps and the base year are read from the configuration, and no number of them is
written here. `catalogue.py` runs both parts: `classes` over the enterprises, `composites` over the indicators of areas.
"""

import sys
import tomllib


def toml(path):
    return tomllib.loads(path.read_text(encoding="utf-8"))


class Methods:
    """The methods that site.toml names, the indicator of the mean yearly change, and the digits that a score is shown with."""

    def __init__(self, config):
        site = toml(config / "site.toml")
        self.classification = toml(config / "classification" / f"{site['classification']}.toml")
        self.assessment = toml(config / "assessment" / f"{site['assessment']}.toml")
        self.decline = toml(config / "indicators" / "energy_intensity_decline.toml")
        self.decimals = toml(config / "indicators" / "assessment_score.toml")["decimals"]


# What a method of classification can name: sums of the trailing four quarters, each with the figure since January it is made of
# and what stands in where that of a year ago was never sent.
TRAILING = {
    "tax_ttm_fen": ("tax", "tax_prior"),
    "sales_ttm_fen": ("sales", None),
    "research_ttm_fen": ("research", None),
    "metered_ttm_gce": ("metered", None),
    "emission_ttm_g": ("emission", "emission_prior"),
}


def trailing_sums():
    """Year to date + last year − year to date a year ago; nothing where one of them is missing.

    Who is on the register for less than four quarters has nothing. The fourth quarter needs no join.
    """

    def sum_of(figure, prior):
        return f"a.{figure} + y.{figure} - " + (f"coalesce(b.{figure}, a.{prior})" if prior else f"b.{figure}")

    figures = ", ".join(figure for figure, _ in TRAILING.values())
    return f"""
    CREATE TABLE evaluation AS
        WITH own AS (SELECT * FROM enterprise WHERE park IS NOT NULL AND quarter >= first_quarter + 3)
        SELECT unit, park, quarter, first_quarter, filing_division AS division,
            {", ".join(f"{figure} AS {name}" for name, (figure, _) in TRAILING.items())}
        FROM own WHERE quarter % 4 = 3
        UNION ALL
        SELECT a.unit, park, a.quarter, first_quarter, filing_division,
            {", ".join(sum_of(*figures) for figures in TRAILING.values())}
        FROM own AS a
        JOIN (SELECT unit, quarter // 4 AS year, {figures} FROM enterprise WHERE quarter % 4 = 3) AS y
            ON y.unit = a.unit AND y.year = a.quarter // 4 - 1
        LEFT JOIN (SELECT unit, quarter + 4 AS quarter, {figures} FROM enterprise WHERE quarter % 4 < 3) AS b
            ON b.unit = a.unit AND b.quarter = a.quarter
        WHERE a.quarter % 4 < 3;
    """


def classes(method):
    """Enterprises of classes A, B and C in each park and quarter, by administrative data of the trailing four quarters.

    Points stay fractions: each measure is brought to the least common multiple of what the park's points are divided by, in
    128 bits, and nothing is rounded. All who are tied at a cut are within it; who is within both cuts is of class A.
    """
    measures, quota, exempt = method["measure"], method["quota"], method["exempt"]
    named = {measure[side] for measure in measures for side in ("numerator", "denominator")}
    ranked = all(measure["score"] == "rank" for measure in measures)
    if not ranked or named - {*TRAILING, "land_micromu"} or "minimum_land_mu" in exempt:
        sys.exit("classification is known here by ranks of tax, sales, research, energy, emissions and land only")

    def each(text, separator=", "):
        return separator.join(text.format(**measure, micro=round(measure["weight"] * 1e6)) for measure in measures)

    def part(measure):
        """The points of a measure over the common denominator; the mean of the others, or nothing, stands for missing ones."""
        own = "points_{id}::HUGEINT * (common // greatest(units_{id}, 1))"
        mean = "sum_{id}::HUGEINT * (common // greatest(units_{id}::HUGEINT * units_{id}, 1))"
        missing = {"exempt": "NULL", "zero": "0", "park_mean": f"coalesce({mean}, 0)"}[measure["missing"]]
        return f"coalesce({own}, {missing}) AS part_{{id}}".format(**measure)

    def common():
        """What all points of a park can be divided by."""
        under = "1::HUGEINT"
        for measure in measures:
            squared = "units_{id}::HUGEINT * units_{id}" if measure["missing"] == "park_mean" else "units_{id}::HUGEINT"
            under = f"lcm({under}, greatest({squared.format(**measure)}, 1))"
        return f"{under} AS common"

    def cut(share, rounding="down"):
        add = {"half_up": 500000, "up": 999999, "down": 0}[rounding]
        return f"(panel * {round(share * 1e6)} + {add}) // 1000000"

    def parts(ids):
        return " + ".join(f"part_{id}" for id in ids)

    # Each rank takes the place of its value, so that the next window has less to carry.
    values = "evaluated"
    for measure in measures:
        rank = "rank() OVER (PARTITION BY park, quarter ORDER BY {id} DESC NULLS LAST) AS {id}".format(**measure)
        values = f"(SELECT * REPLACE ({rank}) FROM {values})"
    there = "{numerator} IS NOT NULL AND {denominator} > 0"
    demands = [f"quarter >= first_quarter + {exempt.get('minimum_quarters', 0) - 1}"]
    demands += [f"division IS DISTINCT FROM {int(division)}" for division in exempt.get("divisions", [])]
    demands += [there.format(**measure) for measure in measures if measure["missing"] == "exempt"]
    return trailing_sums() + f"""
    -- What each enterprise holds from a quarter on, until the next change.
    CREATE TABLE held AS
        WITH change AS (
            SELECT unit, held_from AS quarter, area FROM holding WHERE held_to IS NULL OR held_to > held_from
            UNION ALL SELECT unit, held_to, -area FROM holding WHERE held_to > held_from
        )
        SELECT unit, quarter AS since, lead(quarter, 1, 99999) OVER own AS until,
            CAST(sum(sum(area)) OVER own AS BIGINT) AS land
        FROM change GROUP BY unit, quarter WINDOW own AS (PARTITION BY unit ORDER BY quarter);
    -- A quarter in which no one at all has one of the measures is not evaluated.
    CREATE TABLE evaluated AS
        WITH holder AS (
            SELECT evaluation.*, land AS land_micromu
            FROM evaluation LEFT JOIN held ON held.unit = evaluation.unit AND quarter >= since AND quarter < until
        )
        SELECT unit, park, quarter, {each("over({numerator}, {denominator}) AS {id}")}
        FROM holder
        SEMI JOIN (SELECT quarter FROM holder GROUP BY quarter HAVING {each(f"bool_or({there})", " AND ")}) USING (quarter)
        WHERE {" AND ".join(demands)};
    -- weight × (n − rank + 1), in millionths, to be divided by the n enterprises of the park that have a value; who has none
    -- comes last.
    CREATE TABLE scored AS
        SELECT unit, park, quarter, panel, {each('''
            CASE WHEN {id} <= units_{id} THEN (units_{id} - {id} + 1) * {micro} END AS points_{id}''')}
        FROM {values}
        JOIN (
            SELECT park, quarter, count(*) AS panel, {each("count({id}) AS units_{id}")} FROM evaluated GROUP BY ALL
        ) USING (park, quarter);
    CREATE TABLE total AS
        SELECT unit, park, quarter, panel, {parts(measure["id"] for measure in measures)} AS total,
            {parts(quota["a_order"])} AS order_a, {parts(quota["c_order"])} AS order_c
        FROM (
            SELECT unit, park, quarter, panel, {", ".join(map(part, measures))}
            FROM scored
            JOIN (
                SELECT *, {common()} FROM (
                    SELECT park, quarter, {each("sum(points_{id}) AS sum_{id}, count(points_{id}) AS units_{id}")}
                    FROM scored GROUP BY ALL
                )
            ) USING (park, quarter)
        );
    CREATE TABLE ordered AS
        SELECT *, rank() OVER place AS above, panel - CAST(round(panel * cume_dist() OVER place) AS BIGINT) + 1 AS below
        FROM total WINDOW place AS (PARTITION BY park, quarter ORDER BY total DESC);
    CREATE TABLE class_a AS
        SELECT unit, park, quarter FROM ordered WHERE above <= {cut(quota["a_pool"])}
        QUALIFY rank() OVER (PARTITION BY park, quarter ORDER BY order_a DESC) <= {cut(quota["a"], quota["rounding"])};
    CREATE TABLE class_c AS
        SELECT unit, park, quarter FROM ordered WHERE below <= {cut(quota["c_pool"])}
        QUALIFY rank() OVER (PARTITION BY park, quarter ORDER BY order_c) <= {cut(quota["c"], quota["rounding"])};
    -- A park without an evaluated enterprise has zeros in the quarters that were evaluated.
    CREATE TABLE park_class AS
        SELECT park, quarter, coalesce(evaluated, 0) AS evaluated, coalesce(of_a, 0) AS class_a, coalesce(of_c, 0) AS class_c,
            coalesce(evaluated - coalesce(of_a, 0) - coalesce(of_c, 0), 0) AS class_b, coalesce(land, 0) AS class_c_land
        FROM park_enterprise SEMI JOIN ordered USING (quarter)
        LEFT JOIN (SELECT park, quarter, count(*) AS evaluated FROM ordered GROUP BY ALL) USING (park, quarter)
        LEFT JOIN (SELECT park, quarter, count(*) AS of_a FROM class_a GROUP BY ALL) USING (park, quarter)
        LEFT JOIN (
            SELECT park, quarter, count(*) AS of_c, sum(land) AS land
            FROM class_c ANTI JOIN class_a USING (unit, quarter)
            LEFT JOIN held ON held.unit = class_c.unit AND quarter >= since AND quarter < until GROUP BY ALL
        ) USING (park, quarter);
    """


def assessed(method, decimals, indicators):
    """The score of a park, its stars, and how far its rank moved since the last quarter."""

    def yearly(figures):
        """Each figure holds from its year on."""
        steps = sorted(((int(year), float(figure)) for year, figure in figures.items()), reverse=True)
        return "CASE " + " ".join(f"WHEN year >= {year} THEN {figure}" for year, figure in steps) + " END"

    def points(part):
        """(value − zero) ÷ (benchmark − zero), from 0 to the cap; least() and greatest() would pass over a missing value."""
        name, zero, cap = part["indicator"], float(part.get("zero", 0)), float(part.get("cap", 1))
        benchmark, elapsed = yearly(part["benchmark"]), "elapsed" if part.get("whole_year") else "1.0"
        reached = f"({name} - {zero} * {elapsed}) / (({benchmark} - {zero}) * {elapsed})"
        return f"CASE WHEN {name} IS NOT NULL THEN greatest(least({reached}, {cap}), 0.0) END AS points_{name}"

    def added(text):
        return " + ".join(text.format(name) for name in names)

    parts = method["part"]
    names = [part["indicator"] for part in parts]
    weights = ", ".join(f"{yearly(part['weight'])} AS weight_{part['indicator']}" for part in parts)
    stars = " + ".join(f"CAST(score + 1e-9 >= {least} AS INTEGER)" for least in method["stars"].values())
    return f"""
    CREATE TABLE assessed AS
        WITH part AS (
            SELECT ref_area, quarter, {weights}, {", ".join(map(points, parts))}
            FROM (
                SELECT ref_area, quarter, quarter // 4 AS year, (quarter % 4 + 1) / 4 AS elapsed,
                    {", ".join(f"{indicators[name][0]} AS {name}" for name in names)}
                FROM area_quarter WHERE level = 'park'
            )
        ),
        added AS (
            SELECT ref_area, quarter, {added("CASE WHEN points_{0} IS NOT NULL THEN weight_{0} ELSE 0 END")} AS known,
                {added("coalesce(points_{0} * weight_{0}, 0)")} AS reached
            FROM part
        ),
        scored AS (
            SELECT ref_area, quarter,
                CASE WHEN known > 0 AND known >= {method["minimum_weight"]} - 1e-9 THEN reached * 100 / known END AS score,
                -- As it is shown: one part in 10^12 above a half still counts as the half that binary fractions cannot hold.
                round(score * (1 + 1e-12), {decimals}) AS shown
            FROM added
        ),
        ranked AS (
            SELECT *, CASE WHEN score IS NOT NULL THEN rank() OVER (PARTITION BY quarter ORDER BY shown DESC NULLS LAST) END
                AS rank
            FROM scored
        )
        SELECT 'park' AS level, ref_area, quarter, score, CASE WHEN score IS NOT NULL THEN 1 + {stars} END AS stars,
            lag(rank) OVER (PARTITION BY ref_area ORDER BY quarter) - rank AS movement
        FROM ranked;
    """


def declined(indicator, indicators):
    """The geometric mean of the changes of the same quarter in every year since the base year, none of which may be missing."""
    base = indicator["base_year"]
    return f"""
    CREATE TABLE declined AS
        SELECT level, ref_area, quarter, CASE WHEN count(log_change) OVER years = quarter // 4 - {base}
            THEN (exp(sum(log_change) OVER years / (quarter // 4 - {base})) - 1) * 100 END AS decline
        FROM (
            SELECT level, ref_area, quarter, {indicators[indicator["of"]][0]} AS change,
                ln(CASE WHEN change > -100 THEN 1 + change / 100 END) AS log_change
            FROM area_quarter WHERE quarter // 4 > {base}
        ) WINDOW years AS (PARTITION BY level, ref_area, quarter % 4 ORDER BY quarter);
    """


def composites(methods, indicators):
    """What is made from other indicators, given by name as (value, numerator, denominator) over area_quarter."""
    return assessed(methods.assessment, methods.decimals, indicators) + declined(methods.decline, indicators)
