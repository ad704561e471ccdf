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
        self.indicators = {path.stem: toml(path) for path in sorted((config / "indicators").glob("*.toml"))}
        self.traits = [trait(name, indicator, site["coverage"]) for name, indicator in self.indicators.items()]
        self.decimals = self.indicators["assessment_score"]["decimals"]


def trait(name, indicator, least):
    """What is said of an indicator beside its formula: how much of what was expected is enough, and how it is compared and ranked."""
    # What is on lists is not counted: it is always enough.
    usual = least.get(indicator.get("scope"), {"figure": 0, "flagged": 0})
    enough = indicator.get("least_coverage", usual)
    sign = {"higher": -1, "lower": 1, "none": 0}[indicator["direction"]]
    return (
        name, float(enough["figure"]), float(enough["flagged"]), indicator.get("estimated", False), indicator.get("history", 0),
        indicator["decimals"], sign, indicator["yoy"],
    )


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
            {", ".join(f"{figure} AS {name}" for name, (figure, _) in TRAILING.items())}, false AS is_retold
        FROM own WHERE quarter % 4 = 3
        UNION ALL
        SELECT a.unit, park, a.quarter, first_quarter, filing_division,
            {", ".join(sum_of(*figures) for figures in TRAILING.values())},
            {" OR ".join(f"b.{figure} IS NULL AND a.{prior} IS NOT NULL" for figure, prior in TRAILING.values() if prior)}
        FROM own AS a
        JOIN (SELECT unit, quarter // 4 AS year, {figures} FROM enterprise WHERE quarter % 4 = 3) AS y
            ON y.unit = a.unit AND y.year = a.quarter // 4 - 1
        LEFT JOIN (SELECT unit, quarter + 4 AS quarter, {figures} FROM enterprise WHERE quarter % 4 < 3) AS b
            ON b.unit = a.unit AND b.quarter = a.quarter
        WHERE a.quarter % 4 < 3;
    -- Whose records should have no hole: those of more than four quarters. Who is on no list of emissions has none there.
    CREATE TABLE park_record AS
        SELECT enterprise.park, enterprise.quarter, count(*) AS record_units, count(*) FILTER (is_retold) AS record_retold_units,
            count(*) FILTER (tax_ttm_fen IS NOT NULL AND sales_ttm_fen IS NOT NULL AND metered_ttm_gce IS NOT NULL
                AND (NOT is_listed OR emission_ttm_g IS NOT NULL)) AS record_whole_units
        FROM enterprise
        LEFT JOIN evaluation ON evaluation.unit = enterprise.unit AND evaluation.quarter = enterprise.quarter
        WHERE enterprise.park IS NOT NULL AND enterprise.quarter >= enterprise.first_quarter + 4 GROUP BY ALL;
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


def assessed(method, decimals):
    """The score of a park, its stars, and how far its rank moved since the last quarter.

    Without a part that was not reported, or with one that has a flag, they have a flag; the movement, which rests on the scores of
    all, already where one of them has.
    """

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
            SELECT ref_area, quarter, begun, is_unsure, {weights}, {", ".join(map(points, parts))}
            FROM (
                SELECT ref_area, quarter, quarter // 4 AS year, (quarter % 4 + 1) / 4 AS elapsed,
                    begun, bool_or(doubt BETWEEN 1 AND 3) AS is_unsure,
                    {", ".join(f"max(value) FILTER (indicator = '{name}') AS {name}" for name in names)}
                FROM judged WHERE level = 'park' AND indicator IN {tuple(names)} GROUP BY ALL
            )
        ),
        added AS (
            SELECT ref_area, quarter, begun, is_unsure,
                {added("CASE WHEN points_{0} IS NOT NULL THEN weight_{0} ELSE 0 END")} AS known,
                {added("coalesce(points_{0} * weight_{0}, 0)")} AS reached
            FROM part
        ),
        scored AS (
            SELECT ref_area, quarter, begun, is_unsure,
                CASE WHEN known > 0 AND known >= {method["minimum_weight"]} - 1e-9 THEN reached * 100 / known END AS score,
                -- As it is shown: one part in 10^12 above a half still counts as the half that binary fractions cannot hold.
                round(score * (1 + 1e-12), {decimals}) AS shown
            FROM added
        ),
        ranked AS (
            SELECT *, CASE WHEN score IS NOT NULL THEN rank() OVER (PARTITION BY quarter ORDER BY shown DESC NULLS LAST) END
                AS rank, bool_or(is_unsure AND score IS NOT NULL) OVER (PARTITION BY quarter) AS is_any_unsure
            FROM scored
        )
        SELECT ref_area, quarter, begun, score, CASE WHEN score IS NOT NULL THEN 1 + {stars} END AS stars, is_unsure,
            lag(rank) OVER own - rank AS movement, is_any_unsure OR lag(is_any_unsure) OVER own AS is_any_unsure
        FROM ranked WINDOW own AS (PARTITION BY ref_area ORDER BY quarter);
    """


def declined(indicator):
    """The geometric mean of the changes of the same quarter in every year since the base year, none of which may be missing.

    It is as sure as the least sure of them.
    """
    base = indicator["base_year"]
    return f"""
    CREATE TABLE declined AS
        SELECT level, ref_area, quarter, begun, max(doubt) OVER years AS doubt, min(coverage) OVER years AS coverage,
            CASE WHEN count(log_change) OVER years = quarter // 4 - {base}
                THEN (exp(sum(log_change) OVER years / (quarter // 4 - {base})) - 1) * 100 END AS decline,
            -- The first of the changes.
            {base} * 4 + 4 + quarter % 4 AS first
        FROM (
            SELECT level, ref_area, quarter, begun, doubt, coverage,
                ln(CASE WHEN computed > -100 THEN 1 + computed / 100 END) AS log_change
            FROM judged WHERE indicator = '{indicator["of"]}' AND quarter // 4 > {base}
        ) WINDOW years AS (PARTITION BY level, ref_area, quarter % 4 ORDER BY quarter);
    """


def composites(methods):
    """What is made from other indicators."""
    return assessed(methods.assessment, methods.decimals) + declined(methods.decline) + """
    CREATE TABLE composite AS
        SELECT 'park'::level_name AS level, ref_area, quarter, indicator, value, NULL AS coverage,
            CASE WHEN value IS NOT NULL THEN CAST(is_unsure AS INTEGER) WHEN quarter < begun + history THEN 4 ELSE 3 END AS doubt
        FROM (
            SELECT ref_area, quarter, begun, 'assessment_score'::indicator_name AS indicator, score AS value, is_unsure FROM assessed
            UNION ALL SELECT ref_area, quarter, begun, 'assessment_stars', stars, is_unsure FROM assessed
            UNION ALL SELECT ref_area, quarter, begun, 'assessment_movement', movement, is_any_unsure FROM assessed
        ) JOIN trait USING (indicator)
        UNION ALL
        SELECT level, ref_area, quarter, 'energy_intensity_decline'::indicator_name, CASE WHEN doubt < 2 THEN decline END, coverage,
            CASE WHEN decline IS NOT NULL THEN doubt WHEN begun > first THEN 4 ELSE 3 END
        FROM declined;
    """
