"""All indicators as SQL for DuckDB: from tables of facts to value, numerator and denominator of every area and quarter.

This is the one body of formulas of two scripts that begin elsewhere: `catalogue_duckdb.py` takes the facts from the Parquet
of a store, `indicators_duckdb.py` from UTF-8 copies of the exports. Both make the registers here, then these tables, in which
every row is good, stands once and is of its latest vintage (more columns do no harm), then run the steps:

    finance      unit, quarter, division, revenue, revenue_prior, profit, profit_prior, staff
    output       unit, quarter, division, output, output_prior
    energy       unit, quarter, energy, energy_prior
    tax          unit, quarter, tax, tax_prior
    emission     unit, quarter, emission, emission_prior       the four pollutants together; nothing where one is missing
    rd           unit, quarter, spent
    filing       unit, quarter, division, sales, research
    meter        unit, quarter, metered
    retrofit     unit, quarter                                 one row for each project
    recognition  unit, category, awarded, revoked
    holding      unit, area, held_from, held_to
    parcel       park, area, granted, returned                 industrial land only
    park_form    park, quarter, planned, built_up, factories, people
    park_reform  park, quarter, REFORM_FIGURES, REFORM_ANSWERS, remediation
    price        division, quarter, index_micro
    published    quarter, va, growth_micro                     of the province
    county       region, quarter, va

Everything is an integer: money in fen, energy in grams of standard coal, emissions in grams, land in millionths of a mu, a
quarter as year × 4 + 0…3, an enterprise as its number in the register, a division as its two digits. Sums are exact, and each
ratio is divided once. A value of which too little was reported is withheld or has a flag, as in the tables that are published, and
coverage, status, change on the year and rank are computed too; the gap to a target is not.
"""

import shutil
import time
from pathlib import Path

import duckdb

from methods import classes, composites

CONFIG = Path(__file__).resolve().parents[2] / "config"

# Columns of the form on construction and reform: figures, and what is answered with 是 or 否.
REFORM_FIGURES = [
    "sub_parks", "park_revenue", "sub_park_revenue", "delegated_powers", "financing", "market_financing", "high_level_staff",
    "contracted_investment", "realised_investment", "in_place_funds", "fixed_investment", "renovation_investment",
    "project_investment", "industrial_floor", "idle_land",
]
REFORM_ANSWERS = [
    "green_park", "smart_park", "chemical_led", "central_sewage", "online_monitoring", "committee_company", "operating_company",
]


def macros():
    return """
    CREATE MACRO register_quarter(x) AS CAST(x[1:4] AS INTEGER) * 4 + CAST(x[6:6] AS INTEGER) - 1;
    CREATE MACRO from_quarter(x) AS CASE WHEN x <> '' THEN register_quarter(x) ELSE 0 END;
    CREATE MACRO to_quarter(x) AS CASE WHEN x <> '' THEN register_quarter(x) ELSE 99999 END;
    CREATE MACRO over(a, b) AS CAST(a AS DOUBLE) / CASE WHEN b > 0 THEN CAST(b AS DOUBLE) END;
    -- Whether enough of what was expected is there: for a figure (0), for one with a flag (1), or not (2).
    CREATE MACRO enough(reported, expected, figure, flagged) AS CASE
        WHEN expected IS NULL OR coalesce(reported, 0) >= figure * expected THEN 0
        WHEN coalesce(reported, 0) >= flagged * expected THEN 1 ELSE 2 END;
    -- As it is shown: one part in 10^12 above a half still counts as the half that binary fractions cannot hold.
    CREATE MACRO shown(x, decimals) AS round(x * pow(10, decimals) + sign(x) * greatest(abs(x * pow(10, decimals)), 1) * 1e-12);
    -- At prices of the same period of last year, from fen to millionths of a yuan.
    CREATE MACRO constant(fen, index_micro) AS CAST(floor(CAST(fen AS DOUBLE) * 1e10 / index_micro + 0.5) AS BIGINT);
    """


def registers(folder, config):
    """Parks and what they belong to, enterprises in their parks, clusters, leading industries, value-added rates."""

    def register(name):
        path = folder / name
        path = path if path.is_file() else config / "registers" / name
        return f"read_csv('{path}', all_varchar = true, header = true, delim = ',')"

    return f"""
    -- A region that was given up is known by the code that holds now.
    CREATE TABLE region AS
        WITH RECURSIVE given AS (
            SELECT CAST(region_code AS INTEGER) AS region, TRY_CAST(successor AS INTEGER) AS successor
            FROM {register("regions.csv")}
        ),
        chain AS (
            SELECT region, region AS now, successor FROM given
            UNION ALL
            SELECT chain.region, given.region, given.successor FROM chain JOIN given ON given.region = chain.successor
        )
        SELECT region, now FROM chain WHERE successor IS NULL;
    CREATE TABLE park AS
        SELECT CAST(park_code AS INTEGER) AS park, CAST(city_code AS INTEGER) AS city, now AS county,
            from_quarter(valid_from) AS from_quarter, to_quarter(valid_to) AS to_quarter
        FROM {register("parks.csv")} LEFT JOIN region ON region = TRY_CAST(county_code AS INTEGER);
    -- The counties that the province administers directly: their city counts them (city) or does not (city_net).
    CREATE TABLE direct AS
        SELECT DISTINCT now AS county
        FROM {register("directly_administered.csv")} JOIN region ON region = CAST(region_code AS INTEGER);
    CREATE TABLE area AS
        SELECT 'park' AS level, park AS ref_area, park, from_quarter, to_quarter FROM park
        UNION ALL SELECT 'county', county, park, from_quarter, to_quarter FROM park WHERE county IS NOT NULL
        UNION ALL SELECT 'city_net', city, park, from_quarter, to_quarter FROM park ANTI JOIN direct USING (county)
        UNION ALL SELECT 'city', city, park, from_quarter, to_quarter FROM park
        UNION ALL SELECT 'province', 410000, park, from_quarter, to_quarter FROM park;
    CREATE TABLE stay AS
        SELECT CAST(dense_rank() OVER (ORDER BY unit_code) AS INTEGER) AS unit, unit_code, credit_code,
            CAST(nullif(park_code, '') AS INTEGER) AS park, from_quarter(valid_from) AS from_quarter,
            to_quarter(valid_to) AS to_quarter, min(from_quarter(valid_from)) OVER (PARTITION BY unit_code) AS first_quarter
        FROM {register("enterprise_park.csv")};
    CREATE TABLE cluster AS
        SELECT cluster_code, CAST(park_code AS INTEGER) AS park, CAST(industry_division AS SMALLINT) AS division
        FROM {register("clusters.csv")};
    CREATE TABLE leading_industry AS
        SELECT DISTINCT CAST(park_code AS INTEGER) AS park, CAST(industry_division AS SMALLINT) AS division,
            from_quarter(valid_from) AS from_quarter, to_quarter(valid_to) AS to_quarter
        FROM {register("leading_industries.csv")};
    CREATE TABLE rate AS
        SELECT CAST(industry_division AS SMALLINT) AS division, CAST(year AS INTEGER) AS year,
            CAST(10000 * CAST(rate AS DECIMAL(9, 4)) AS BIGINT) AS rate_e4
        FROM {register("value_added_rate.csv")};
    """


def enterprises():
    """Everyone on the register in every quarter, with what each form says."""
    forms = ["finance", "output", "energy", "tax", "emission", "rd", "filing", "meter"]
    joins = " ".join(
        f"LEFT JOIN {form} ON {form}.unit = stay.unit AND {form}.quarter = calendar.quarter" for form in [*forms, "listed"]
    )
    return f"""
    -- Who is on a list of emissions, or was in the quarter or the year before, is expected on it.
    CREATE TABLE listed AS
        SELECT DISTINCT unit, unnest([quarter, quarter + 1, quarter + 4]) AS quarter FROM emission WHERE unit IS NOT NULL;
    CREATE TABLE calendar AS
        SELECT CAST(unnest(range(min(quarter), max(quarter) + 1)) AS INTEGER) AS quarter, min(quarter) AS record_start
        FROM finance;
    -- Value added is imputed: gross output × the rate of its division and year. Output is in whole hundreds of yuan, so that
    -- output / 10 000 × rate in ten-thousandths is exact.
    CREATE TABLE enterprise AS
        SELECT stay.unit, calendar.quarter, stay.park, stay.first_quarter, finance.unit IS NOT NULL AS filed,
            finance.division AS finance_division, revenue, revenue_prior, profit, profit_prior, staff,
            output.division, output // 10000 * now.rate_e4 AS va, output_prior // 10000 * before.rate_e4 AS va_prior,
            index_micro, energy, energy_prior, tax, tax_prior, emission, emission_prior,
            rd.unit IS NOT NULL AS filed_rd, spent, filing.division AS filing_division, sales, research, metered,
            filed AND coalesce(retrofit_quarter <= calendar.quarter, false) AS retrofitted, listed.unit IS NOT NULL AS is_listed
        FROM stay
        JOIN calendar ON calendar.quarter BETWEEN from_quarter AND to_quarter
        {joins}
        LEFT JOIN (SELECT unit, min(quarter) AS retrofit_quarter FROM retrofit GROUP BY unit) AS first ON first.unit = stay.unit
        LEFT JOIN rate AS now ON now.division = output.division AND now.year = calendar.quarter // 4
        LEFT JOIN rate AS before ON before.division = output.division AND before.year = calendar.quarter // 4 - 1
        LEFT JOIN price ON price.division = output.division AND price.quarter = calendar.quarter;
    """


MEASURES = ["tax", "va", "revenue", "profit"]


def trailing():
    """The four quarters of everyone who is on the register at their end, or left it within them, and what they add up to.

    Since January + last year − since January a year ago, none where one of these was not reported; this year's form says again what
    was so a year ago. Who came after the turn of the year counts from January.
    """

    def here(name):
        begun = f"coalesce(b.{name}, e.{name}_prior)"
        return f"""CASE WHEN whole THEN e.{name} ELSE e.{name} + y.{name} - {begun} END AS {name}_ttm,
            b.{name} IS NULL AND now % 4 < 3 AND e.first_quarter <= now - 4 AS {name}_retold"""

    def left(name):
        return f"""CASE WHEN e.quarter < year_start THEN e.{name} - b.{name} WHEN whole THEN e.{name}
            ELSE e.{name} + y.{name} - b.{name} END AS {name}_ttm, false AS {name}_retold"""

    joins = """LEFT JOIN enterprise AS y ON y.unit = e.unit AND y.quarter = year_start - 1
        LEFT JOIN enterprise AS b ON b.unit = e.unit AND b.quarter = now - 4"""
    whole = "(now % 4 = 3 OR e.first_quarter >= year_start) AS whole"
    return f"""
    CREATE TABLE four_quarters AS
        SELECT e.unit, now AS quarter, e.park, e.finance_division, true AS is_here,
            now % 4 < 3 AND e.first_quarter >= year_start AS is_part_year,
            {whole}, {", ".join(map(here, MEASURES))}
        FROM (SELECT *, quarter AS now, quarter - quarter % 4 AS year_start FROM enterprise) AS e {joins}
        JOIN calendar ON calendar.quarter = now WHERE e.park IS NOT NULL AND now >= record_start + 3
        UNION ALL
        SELECT e.unit, now, e.park, e.finance_division, false, false, {whole}, {", ".join(map(left, MEASURES))}
        FROM (
            SELECT stay.unit, calendar.quarter AS now, max(to_quarter) AS last
            FROM stay JOIN calendar ON calendar.quarter BETWEEN to_quarter + 1 AND to_quarter + 3
            ANTI JOIN enterprise ON enterprise.unit = stay.unit AND enterprise.quarter = calendar.quarter
            WHERE calendar.quarter >= record_start + 3 GROUP BY ALL
        ) AS leaver
        JOIN (SELECT *, quarter - quarter % 4 AS own_year FROM enterprise) AS e ON e.unit = leaver.unit AND e.quarter = last
        JOIN (SELECT quarter, quarter - quarter % 4 AS year_start FROM calendar) AS c ON c.quarter = now {joins}
        WHERE e.park IS NOT NULL;
    CREATE TABLE park_trailing AS
        SELECT park, quarter, count(*) AS in_window, count(*) FILTER (is_part_year) AS part_year,
            count(*) FILTER (is_here AND revenue_ttm >= 1000000000000) AS over_10bn,
            {", ".join(f"sum({name}_ttm) AS {name}_ttm, count({name}_ttm) AS {name}_ttm_units" for name in MEASURES)},
            {", ".join(f"count({name}_ttm) FILTER ({name}_retold) AS {name}_retold_units" for name in MEASURES)}
        FROM four_quarters GROUP BY ALL;
    -- Clusters are lists of (park, division) pairs: those of 100 and of 30 billion yuan.
    CREATE TABLE clusters AS
        SELECT quarter, count(*) FILTER (revenue_ttm >= 10000000000000) AS at_100bn,
            count(*) FILTER (revenue_ttm >= 3000000000000) AS at_30bn, max(revenue_ttm) AS largest_cluster
        FROM (
            SELECT cluster_code, quarter, sum(revenue_ttm) AS revenue_ttm
            FROM four_quarters JOIN cluster ON cluster.park = four_quarters.park AND cluster.division = finance_division
            WHERE revenue_ttm IS NOT NULL GROUP BY ALL
        ) GROUP BY quarter;
    """


# Whom the ratios over value added in constant prices rest on, beside value added itself and a price index of the division.
SCOPES = {
    "growth": "va_prior IS NOT NULL",
    "energy": "energy IS NOT NULL",
    "energy_pair": "energy IS NOT NULL AND energy_prior IS NOT NULL AND va_prior IS NOT NULL",
    "emission": "emission IS NOT NULL",
    "emission_pair": "emission IS NOT NULL AND emission_prior IS NOT NULL AND va_prior IS NOT NULL",
}


# Whom what rests on, among the enterprises of a park.
COUNTED = {
    "register": "true",
    "listed": "is_listed",
    "revenue": "revenue IS NOT NULL",
    "revenue_pair": "revenue IS NOT NULL AND revenue_prior IS NOT NULL",
    "profit": "profit IS NOT NULL",
    "profit_pair": "profit IS NOT NULL AND profit_prior IS NOT NULL",
    "tax": "tax IS NOT NULL",
    "tax_staff": "tax IS NOT NULL AND staff IS NOT NULL",
    "va": "va IS NOT NULL",
    "va_staff": "va IS NOT NULL AND staff IS NOT NULL",
    "va_energy": "va IS NOT NULL AND energy IS NOT NULL",
    "rd": "revenue IS NOT NULL AND (spent IS NOT NULL OR NOT filed_rd)",
} | {name: f"priced AND {condition}" for name, condition in SCOPES.items()}


def parks():
    """Sums of each park and quarter. A ratio uses only those that report both of its sides."""

    def pairs(name):
        both = f"priced AND {SCOPES[f'{name}_pair']}"
        return f"""sum({name}) FILTER (priced) AS {name}, sum({name}) FILTER ({both}) AS {name}_pair,
            sum({name}_prior) FILTER ({both}) AS {name}_pair_prior, sum(va_prior) FILTER ({both}) AS {name}_pair_va_prior"""

    counted = ", ".join(f"count(*) FILTER ({condition}) AS {name}_units" for name, condition in COUNTED.items())
    of_scope = ", ".join(f"sum(va) FILTER ({condition}) AS {name}_va" for name, condition in SCOPES.items())
    constant = ", ".join(f"sum(constant({name}_va, index_micro)) AS {name}_va" for name in SCOPES)
    stayed = ", ".join(
        f"sum(units) FILTER (of_now.{near} = of_before.{near}) AS stayed_{near}"
        for near in ("park", "county", "city_net", "city", "province")
    )
    return f"""
    CREATE TABLE park_enterprise AS
        SELECT park, quarter, count(*) FILTER (filed) AS members, count(*) FILTER (retrofitted) AS retrofitted,
            sum(tax) AS tax, sum(va) AS va,
            sum(revenue) FILTER (revenue_prior IS NOT NULL) AS revenue,
            sum(revenue_prior) FILTER (revenue IS NOT NULL) AS revenue_prior,
            sum(profit) FILTER (profit_prior IS NOT NULL) AS profit,
            sum(profit_prior) FILTER (profit IS NOT NULL) AS profit_prior,
            sum(va) FILTER (staff IS NOT NULL) AS staff_va, sum(staff) FILTER (va IS NOT NULL) AS staff,
            sum(tax) FILTER (staff IS NOT NULL) AS tax_of_staff, sum(staff) FILTER (tax IS NOT NULL) AS staff_of_tax,
            sum(va) FILTER (energy IS NOT NULL) AS va_of_energy, sum(energy) FILTER (va IS NOT NULL) AS energy_of_va,
            count(*) FILTER (profit < 0) AS loss_making, {counted},
            sum(va_prior) FILTER (priced) AS growth_va_prior, {pairs("energy")}, {pairs("emission")},
            sum(revenue) AS all_revenue, sum(CAST(revenue AS HUGEINT) * revenue) AS squares,
            -- Who filed no R&D form has none; who filed it without the expenditure, or no revenue, leaves both sides.
            sum(coalesce(spent, 0)) FILTER ({COUNTED["rd"]}) AS rd, sum(revenue) FILTER ({COUNTED["rd"]}) AS rd_revenue
        FROM (SELECT *, va IS NOT NULL AND index_micro IS NOT NULL AS priced FROM enterprise WHERE park IS NOT NULL)
        GROUP BY park, quarter;
    -- Prices are those of a division. One without an index leaves both sides of every growth and intensity.
    CREATE TABLE park_constant AS
        SELECT park, quarter, {constant}
        FROM (
            SELECT park, quarter, division, any_value(index_micro) AS index_micro, {of_scope}
            FROM enterprise WHERE park IS NOT NULL AND va IS NOT NULL AND index_micro IS NOT NULL
            GROUP BY park, quarter, division
        ) GROUP BY park, quarter;
    -- Enterprises that filed now and in the same quarter of last year, by how near they stayed.
    CREATE TABLE place AS
        SELECT quarter, park.park, county, CASE WHEN direct.county IS NULL THEN city END AS city_net, city, 0 AS province
        FROM park JOIN calendar ON quarter BETWEEN from_quarter AND to_quarter LEFT JOIN direct USING (county);
    CREATE TABLE park_stayed AS
        WITH filed AS (SELECT unit, quarter, park FROM enterprise WHERE filed AND park IS NOT NULL),
        moved AS (
            SELECT now.quarter, now.park, before.park AS park_before, count(*) AS units
            FROM filed AS now JOIN filed AS before ON before.unit = now.unit AND before.quarter = now.quarter - 4 GROUP BY ALL
        )
        SELECT moved.park, moved.quarter, {stayed}
        FROM moved
        JOIN place AS of_now ON of_now.park = moved.park AND of_now.quarter = moved.quarter
        JOIN place AS of_before ON of_before.park = park_before AND of_before.quarter = moved.quarter - 4
        GROUP BY ALL;
    -- Land at the end of each quarter.
    CREATE TABLE land AS
        SELECT park, quarter, CAST(sum(area) AS BIGINT) AS land
        FROM parcel JOIN calendar ON granted <= quarter AND (returned IS NULL OR returned > quarter)
        GROUP BY ALL HAVING sum(area) > 0;
    """


def spread():
    """How revenue is spread over enterprises and industries."""
    return """
    -- The four largest of an area are among the four largest of its parks.
    CREATE TABLE largest AS
        SELECT level, ref_area, quarter, list_sum(list_reverse_sort(flatten(list(largest)))[1:4]) AS four
        FROM (
            SELECT park, quarter, max(revenue, 4) AS largest FROM enterprise
            WHERE park IS NOT NULL AND revenue IS NOT NULL GROUP BY ALL
        ) AS p JOIN area ON area.park = p.park AND quarter BETWEEN from_quarter AND to_quarter
        GROUP BY ALL;
    -- The leading industries of each park, in its revenue and in that of all parks of the province.
    CREATE TABLE park_leading AS
        WITH own AS (
            SELECT DISTINCT park, division, quarter
            FROM leading_industry JOIN calendar ON quarter BETWEEN from_quarter AND to_quarter
        ),
        industry AS (
            SELECT park, quarter, finance_division AS division, sum(revenue) AS revenue FROM enterprise
            WHERE park IS NOT NULL AND revenue IS NOT NULL GROUP BY ALL
        ),
        province AS (SELECT division, quarter, sum(revenue) AS of_province FROM industry GROUP BY ALL),
        everything AS (SELECT quarter, sum(of_province) AS everything FROM province GROUP BY ALL)
        SELECT park, quarter, coalesce(sum(revenue), 0) AS leading_revenue, any_value(all_revenue) AS leading_base,
            sum(of_province) AS leading_province, any_value(everything) AS leading_everything
        FROM own
        JOIN (SELECT park, quarter, all_revenue FROM park_enterprise WHERE all_revenue IS NOT NULL) USING (park, quarter)
        JOIN everything USING (quarter)
        LEFT JOIN industry USING (park, division, quarter) LEFT JOIN province USING (division, quarter)
        GROUP BY park, quarter;
    """


RECOGNISED = {
    "green_factories": "绿色工厂", "leading_enterprises": "头雁企业", "cloud": "上云企业", "high_tech": "高新技术企业",
    "brands": "驰名品牌", "smart_factories": "智能工厂", "smart_workshops": "智能车间", "rd_platforms": "研发平台",
    "industrial_internet_platforms": "工业互联网平台",
}
# These are enterprises, each counted once; the others are entries.
COUNTED_ONCE = ("green_factories", "leading_enterprises", "cloud", "high_tech")
# These become the numerator of a share.
OF_A_SHARE = ("cloud", "high_tech", "rd_platforms")


def recognitions():
    """What enterprises hold at the end of a quarter: from the quarter of the award to the one before its withdrawal."""
    held = ", ".join(
        f"sum(sum(CASE WHEN category = '{text}' THEN entries ELSE 0 END)) OVER own AS {name}"
        for name, text in RECOGNISED.items()
    )
    sums = ", ".join(
        f"count_if({name} > 0) AS {name}" if name in COUNTED_ONCE else f"sum({name}) AS {name}"
        for name in RECOGNISED if name not in OF_A_SHARE
    )
    plain = ", ".join(f"coalesce({name}, 0) AS {name}" for name in RECOGNISED if name not in OF_A_SHARE)
    return f"""
    CREATE TABLE park_recognition AS
        WITH change AS (
            SELECT unit, awarded AS quarter, category, 1 AS entries FROM recognition WHERE revoked IS NULL OR revoked > awarded
            UNION ALL SELECT unit, revoked, category, -1 FROM recognition WHERE revoked > awarded
        ),
        held AS (
            SELECT unit, quarter AS since, lead(quarter, 1, 99999) OVER own AS until, {held}
            FROM change GROUP BY unit, quarter WINDOW own AS (PARTITION BY unit ORDER BY quarter)
        ),
        counted AS (
            SELECT park, quarter, {sums}, count_if(cloud > 0 AND filed) AS cloud,
                sum(rd_platforms) FILTER (filed) AS rd_platforms, sum(va) FILTER (high_tech > 0) AS high_tech_va
            FROM enterprise JOIN held ON held.unit = enterprise.unit AND quarter >= since AND quarter < until
            WHERE park IS NOT NULL GROUP BY park, quarter
        )
        SELECT park, quarter, {plain}, CASE WHEN members > 0 THEN coalesce(cloud, 0) END AS cloud,
            CASE WHEN members > 0 THEN coalesce(rd_platforms, 0) END AS rd_platforms,
            CASE WHEN va IS NOT NULL THEN coalesce(high_tech_va, 0) END AS high_tech_va
        FROM park_enterprise LEFT JOIN counted USING (park, quarter);
    """


# Figures of the form on construction and reform, and pairs of which a ratio is made: numerator, denominator.
REFORM_SUMS = {
    "parks_in_park": "sub_parks", "delegated_powers": "delegated_powers", "high_level_staff": "high_level_staff",
    "contracted_investment_ytd": "contracted_investment", "realised_investment_ytd": "realised_investment",
    "in_place_funds_ytd": "in_place_funds", "idle_land": "idle_land",
}
REFORM_FLAGS = {
    "green_parks": "green_park", "smart_parks": "smart_park", "chemical_parks": "chemical_led",
    "central_sewage_parks": "central_sewage", "monitoring_parks": "online_monitoring",
    "committee_company_parks": "committee_company", "operating_company_parks": "operating_company",
}
REFORM_RATIOS = {
    "sub_park_revenue_share_ytd": ("sub_park_revenue", "park_revenue"),
    "market_financed_share_ytd": ("market_financing", "financing"),
    "renovation_share_ytd": ("renovation_investment", "fixed_investment"),
    "high_level_staff_per_10000_employees": ("high_level_staff", "people"),
    "investment_intensity": ("project_investment", "land"),
    "plot_ratio": ("industrial_floor", "land"),
    "idle_land_share": ("idle_land", "land"),
}


def reform():
    """What park administrations report of construction and reform. A park that does not say is left out, on both sides."""
    flags = ", ".join(
        f"CASE {column} WHEN '是' THEN 1 WHEN '否' THEN 0 END AS {name}" for name, column in REFORM_FLAGS.items()
    )
    said = ", ".join(
        f"CAST({name} IS NOT NULL AS INTEGER) AS {name}_units"
        for name in [*REFORM_SUMS, *REFORM_FLAGS, *REFORM_RATIOS, "chemical_parks_remediated"]
    )
    ratios = ", ".join(
        f"CASE WHEN {b} IS NOT NULL THEN {a} END AS {name}, CASE WHEN {a} IS NOT NULL THEN {b} END AS {name}_base"
        for name, (a, b) in REFORM_RATIOS.items()
    )
    return f"""
    CREATE TABLE reform AS
        SELECT park, quarter, {", ".join(f"{column} AS {name}" for name, column in REFORM_SUMS.items())}, {flags},
            CASE chemical_led WHEN '否' THEN 0 WHEN '是' THEN CAST(remediation = '已完成' AS INTEGER) END
                AS chemical_parks_remediated,
            {ratios}, {said}
        FROM park_reform LEFT JOIN park_form USING (park, quarter) LEFT JOIN land USING (park, quarter);
    """


COUNTY_SUMS = {
    "county_va": "county_va", "county_parks_va": "county_parks_va",
    "county_output_units": "va_units", "county_register_units": "register_units",
}


def areas():
    """All sums of parks side by side, and parks summed to areas. A park without land leaves the sums per mu altogether."""
    ttm = ", ".join(
        f"CASE WHEN land > 0 THEN {name}_ttm END AS {name}_ttm, "
        f"CASE WHEN {name}_ttm IS NOT NULL THEN land END AS {name}_ttm_land, "
        f"CASE WHEN land > 0 THEN {name}_ttm_units END AS {name}_land_units, "
        f"CASE WHEN land > 0 THEN {name}_retold_units END AS {name}_land_retold_units"
        for name in MEASURES
    )
    tables = ["park_enterprise", "park_constant", "land", "park_trailing", "park_form", "park_stayed",
              "park_leading", "park_recognition", "reform", "park_class", "park_record"]
    joins = " ".join(f"LEFT JOIN {table} ON {table}.park = place.park AND {table}.quarter = place.quarter" for table in tables)
    whole = ", ".join(
        f"{table}.* EXCLUDE (park, quarter)"
        for table in ("park_constant", "park_stayed", "park_leading", "park_recognition", "reform", "park_class", "park_record")
    )
    return f"""
    CREATE TABLE park_quarter AS
        SELECT place.park, place.quarter, park_enterprise.* EXCLUDE (park, quarter, tax, tax_units, rd, rd_revenue, rd_units),
            CASE WHEN land > 0 THEN tax END AS tax, CASE WHEN tax IS NOT NULL THEN land END AS tax_land, {ttm},
            CASE WHEN land > 0 THEN tax_units END AS tax_units, CASE WHEN land > 0 THEN register_units END AS register_land_units,
            CASE WHEN in_rd THEN rd END AS rd, CASE WHEN in_rd THEN rd_revenue END AS rd_revenue,
            CASE WHEN in_rd THEN rd_units END AS rd_units, 1 AS park_units, CAST(land > 0 AS INTEGER) AS land_park_units,
            CAST(park_form.park IS NOT NULL AS INTEGER) AS form_park_units,
            CAST(park_leading.park IS NOT NULL AS INTEGER) AS leading_park_units,
            CAST(built_up IS NOT NULL AND planned IS NOT NULL AS INTEGER) AS built_rate_units,
            revenue_ttm_units, revenue_retold_units, CASE WHEN land > 0 THEN in_window END AS window_land_units,
            planned, built_up, factories, people, CASE WHEN planned IS NOT NULL THEN built_up END AS built_rate,
            CASE WHEN built_up IS NOT NULL THEN planned END AS planned_rate,
            CASE WHEN revenue_ttm IS NOT NULL THEN over_10bn END AS enterprises_10bn, in_window, part_year, {whole}
        FROM place JOIN calendar ON calendar.quarter = place.quarter {joins}
        LEFT JOIN (SELECT DISTINCT quarter, true AS in_rd FROM rd) AS filed_rd ON filed_rd.quarter = place.quarter;
    CREATE TABLE area_sum AS
        SELECT level, ref_area, quarter, sum(COLUMNS(park_quarter.* EXCLUDE (park, quarter)))
        FROM area JOIN park_quarter ON park_quarter.park = area.park AND quarter BETWEEN from_quarter AND to_quarter
        GROUP BY level, ref_area, quarter;
    -- Published value added of counties and county-level cities under the code that holds now, beside that of their parks.
    -- What is a county follows from the code of the time. Counties that became one are taken together only where all of them
    -- are there; one whose parks have no value added, or that has no figure, leaves both sides.
    CREATE TABLE county_share AS
        WITH published AS (
            SELECT now, quarter, CASE WHEN count(*) = count(va) AND (count_if(region = now) = 1 OR count(*) = any_value(former))
                THEN sum(va) END AS county_va
            FROM county JOIN region USING (region)
            LEFT JOIN (SELECT now, count(*) AS former FROM region WHERE region <> now GROUP BY now) USING (now)
            WHERE region // 100 % 100 = 90 OR region % 100 BETWEEN 21 AND 70 OR region % 100 >= 81
            GROUP BY now, quarter
        ),
        -- Who was published in one of the three quarters before is expected, in a quarter in which any county is.
        expected AS (
            SELECT DISTINCT now, unnest([quarter, quarter + 1, quarter + 2, quarter + 3]) AS quarter FROM published
        ),
        shared AS (
            SELECT now AS county, CASE WHEN now // 100 % 100 = 90 THEN now ELSE now // 100 * 100 END AS city,
                now NOT IN (FROM direct) AS in_net, expected.quarter, county_va, coalesce(va, 0) AS county_parks_va, va_units,
                register_units, county_va IS NOT NULL AND (s.ref_area IS NULL OR va IS NOT NULL) AS is_whole
            FROM expected SEMI JOIN (SELECT quarter FROM published) USING (quarter) LEFT JOIN published USING (now, quarter)
            LEFT JOIN area_sum AS s ON s.level = 'county' AND s.ref_area = now AND s.quarter = expected.quarter
        )
        SELECT level, ref_area, quarter, count(*) AS county_units, count_if(is_whole) AS county_share_units,
            {", ".join(f"sum({column}) FILTER (is_whole) AS {name}" for name, column in COUNTY_SUMS.items())}
        FROM (
            SELECT 'county' AS level, county AS ref_area, * FROM shared
            UNION ALL SELECT 'city_net', city, * FROM shared WHERE in_net
            UNION ALL SELECT 'city', city, * FROM shared
            UNION ALL SELECT 'province', 410000, * FROM shared
        ) GROUP BY ALL;
    CREATE TABLE area_quarter AS
        SELECT now.* REPLACE (coalesce(now.members, 0) AS members), four, before.all_revenue AS revenue_before, record_start,
            published.va AS published_va, growth_micro, at_100bn, at_30bn, largest_cluster, c.* EXCLUDE (level, ref_area, quarter),
            coalesce(before.members, 0) AS members_before, before.register_units AS register_before,
            before.revenue_units AS revenue_units_before, whole.register_units AS parks_register_units,
            whole.revenue_units AS parks_revenue_units, whole.growth_units AS parks_growth_units,
            coalesce(CASE now.level WHEN 'park' THEN now.stayed_park WHEN 'county' THEN now.stayed_county
                WHEN 'city_net' THEN now.stayed_city_net WHEN 'city' THEN now.stayed_city
                ELSE now.stayed_province END, 0) AS stayed,
            -- Millionths of a yuan; fen × 10 000 are as many.
            now.growth_va - now.growth_va_prior * 10000 AS growth_delta,
            whole.growth_va - whole.growth_va_prior * 10000 AS parks_delta, whole.growth_va_prior AS parks_prior
        FROM area_sum AS now JOIN calendar USING (quarter)
        JOIN area_sum AS whole ON whole.level = 'province' AND whole.quarter = now.quarter
        LEFT JOIN area_sum AS before
            ON before.level = now.level AND before.ref_area = now.ref_area AND before.quarter = now.quarter - 4
        LEFT JOIN largest ON largest.level = now.level AND largest.ref_area = now.ref_area AND largest.quarter = now.quarter
        LEFT JOIN county_share AS c ON c.level = now.level AND c.ref_area = now.ref_area AND c.quarter = now.quarter
        LEFT JOIN published ON published.quarter = now.quarter
        LEFT JOIN clusters ON clusters.quarter = now.quarter AND now.level = 'province';
    """


def ratio(numerator, denominator, factor="1.0"):
    return f"over({numerator}, {denominator}) * {factor}", numerator, denominator


def growth(now, before):
    return f"over({now} - {before}, {before}) * 100", now, before


def level(total, factor="1.0"):
    return f"CAST({total} AS DOUBLE) * {factor}", total, "NULL"


def value(expression):
    """An indicator that is no quotient of two sums."""
    return expression, "NULL", "NULL"


def definitions():
    """Each indicator: value, numerator and denominator where they are exact sums."""
    real = "over(growth_va - growth_va_prior * 10000, growth_va)"
    # [s·g/(1+g)] / [G/(1+G)]; none where |G| is below half a percent.
    contribution = (
        f"CASE WHEN abs(growth_micro) >= 5000 THEN over(va, published_va) * {real} "
        "/ (growth_micro / (1e6 + growth_micro)) * 100 END"
    )
    moves = "abs(CAST(parks_delta AS DOUBLE)) >= 0.005 * CAST(parks_prior AS DOUBLE) * 10000.0"

    def turnover(units):
        return value(f"CASE WHEN quarter >= record_start + 4 AND members + members_before > 0 THEN CAST({units} AS DOUBLE) END")

    def per_mu(name):
        """None where most came this year: their sums are no four quarters."""
        return ratio(f"CASE WHEN 2 * part_year <= in_window THEN {name}_ttm END", f"{name}_ttm_land")

    def change(name):
        per_va = f"over({name}_pair_va, {name}_pair_va_prior * 10000)"
        return value(f"(over({name}_pair, {name}_pair_prior) / nullif({per_va}, 0) - 1) * 100")

    rows = {
        "tax_per_mu_ytd": ratio("tax", "tax_land"),
        "tax_per_mu_ttm": per_mu("tax"),
        "value_added_per_mu_ttm": per_mu("va"),
        "revenue_per_mu_ttm": per_mu("revenue"),
        "profit_per_mu_ttm": per_mu("profit"),
        "energy_intensity_ytd": ratio("energy", "energy_va", "1e4"),
        "energy_intensity_change_ytd": change("energy"),
        "emissions_per_va_ytd": ratio("emission", "emission_va", "1e7"),
        "emissions_per_va_change_ytd": change("emission"),
        "smart_retrofit_coverage": ratio("CASE WHEN members > 0 THEN retrofitted END", "members", "100"),
        "share_of_province_va_ytd": ratio("va", "CASE WHEN va IS NOT NULL THEN published_va END", "100"),
        "share_of_county_va_ytd": ratio("county_parks_va", "county_va", "100"),
        "real_growth_ytd": ("over(growth_delta, growth_va_prior * 10000) * 100", "growth_va", "growth_va_prior"),
        "contribution_ytd": value(contribution),
        "pull_ytd": value(f"({contribution}) * growth_micro / 1e6"),
        "contribution_to_parks_growth_ytd": value(
            f"CASE WHEN {moves} THEN CAST(growth_delta AS DOUBLE) / nullif(CAST(parks_delta AS DOUBLE), 0) * 100 END"),
        "contribution_to_parks_growth_flag_ytd": value(
            f"CASE WHEN growth_delta IS NULL OR parks_delta IS NULL THEN NULL WHEN NOT {moves} THEN 0.0 "
            "WHEN parks_delta > 0 AND growth_delta >= 0 THEN 1.0 WHEN parks_delta > 0 THEN 2.0 "
            "WHEN growth_delta <= 0 THEN -1.0 ELSE -2.0 END"),
        "pull_on_parks_growth_ytd": ratio("growth_delta", "parks_prior", "0.01"),
        "planned_area": level("planned", "1e-9 / 1.5"),
        "built_up_area": level("built_up", "1e-9 / 1.5"),
        "built_up_rate": ratio("built_rate", "planned_rate", "100"),
        "standard_factory_area": level("factories", "1e-7 / 1.5"),
        "employees_all": level("people"),
        "enterprises": level("nullif(members, 0)"),
        "enterprises_stayed": turnover("stayed"),
        "enterprises_entered": turnover("members - stayed"),
        "enterprises_left": turnover("members_before - stayed"),
        "revenue_growth_ytd": growth("revenue", "revenue_prior"),
        "profit_growth_ytd": growth("profit", "profit_prior"),
        "labour_productivity_ytd": ratio("staff_va", "staff", "1e-6"),
        "tax_per_employee_ytd": ratio("tax_of_staff", "staff_of_tax", "1e-6"),
        "value_added_per_energy_ytd": ratio("va_of_energy", "energy_of_va"),
        "loss_making_share_ytd": ratio("loss_making", "profit_units", "100"),
        "concentration_cr4_ytd": ratio("four", "all_revenue", "100"),
        "concentration_hhi_ytd": (
            "10000.0 * over(squares, CAST(all_revenue AS DOUBLE) * CAST(all_revenue AS DOUBLE))", "NULL", "all_revenue"),
        "leading_industry_share_ytd": ratio("leading_revenue", "leading_base", "100"),
        "leading_location_quotient_ytd": value(
            "over(leading_revenue, leading_base) / nullif(over(leading_province, leading_everything), 0)"),
        "largest_cluster_revenue": level("largest_cluster", "1e-10"),
        "enterprises_10bn": level("enterprises_10bn"),
        "revenue_growth_levels_ytd": growth("all_revenue", "revenue_before"),
        "clusters_100bn": level("at_100bn"),
        "clusters_30bn": level("at_30bn"),
        "rd_intensity_ytd": ratio("rd", "rd_revenue", "100"),
        "cloud_coverage": ratio("cloud", "members", "100"),
        "rd_platforms_per_100_enterprises": ratio("rd_platforms", "members", "100"),
        "high_tech_share_ytd": ratio("high_tech_va", "va", "100"),
        "evaluated_enterprises": level("evaluated"),
        "class_a_share": ratio("class_a", "evaluated", "100"),
        "class_b_share": ratio("class_b", "evaluated", "100"),
        "class_c_share": ratio("class_c", "evaluated", "100"),
        "class_c_land": level("class_c_land", "1e-6"),
    }
    rows |= {name: level(name) for name in RECOGNISED if name not in OF_A_SHARE}
    units = {"idle_land": "1e-6"}
    units |= dict.fromkeys(["contracted_investment_ytd", "realised_investment_ytd", "in_place_funds_ytd"], "1e-10")
    rows |= {name: level(name, units.get(name, "1.0")) for name in [*REFORM_SUMS, *REFORM_FLAGS, "chemical_parks_remediated"]}
    factors = {"high_level_staff_per_10000_employees": "10000", "investment_intensity": "1.0", "plot_ratio": "1.0"}
    return rows | {name: ratio(name, f"{name}_base", factors.get(name, "100")) for name in REFORM_RATIOS}


def coverage():
    """Of each indicator: who reported and who was expected; the same of areas; who is in it with an estimate; whether it is left out.

    What comes on lists has no count: it is taken as it was sent.
    """
    of_units = {
        "register_units": {
            "va_units": "share_of_province_va_ytd high_tech_share_ytd",
            "members": "enterprises smart_retrofit_coverage cloud_coverage rd_platforms_per_100_enterprises",
            "revenue_units": "concentration_cr4_ytd concentration_hhi_ytd leading_industry_share_ytd",
            "revenue_pair_units": "revenue_growth_ytd", "profit_pair_units": "profit_growth_ytd",
            "profit_units": "loss_making_share_ytd", "va_staff_units": "labour_productivity_ytd",
            "tax_staff_units": "tax_per_employee_ytd", "va_energy_units": "value_added_per_energy_ytd",
            "energy_units": "energy_intensity_ytd", "energy_pair_units": "energy_intensity_change_ytd",
            "growth_units": "real_growth_ytd contribution_ytd pull_ytd", "rd_units": "rd_intensity_ytd",
        },
        "listed_units": {"emission_units": "emissions_per_va_ytd", "emission_pair_units": "emissions_per_va_change_ytd"},
        # Both the area and all parks.
        "register_units + parks_register_units": {
            "growth_units + parks_growth_units": "contribution_to_parks_growth_ytd contribution_to_parks_growth_flag_ytd "
            "pull_on_parks_growth_ytd",
            "revenue_units + parks_revenue_units": "leading_location_quotient_ytd",
        },
        # Both years.
        "register_units + coalesce(register_before, 0)": {
            "members + members_before": "enterprises_stayed enterprises_entered enterprises_left",
            "revenue_units + coalesce(revenue_units_before, 0)": "revenue_growth_levels_ytd",
        },
        "in_window": {"revenue_ttm_units": "enterprises_10bn clusters_100bn clusters_30bn largest_cluster_revenue"},
        "window_land_units": {
            "tax_land_units": "tax_per_mu_ttm", "va_land_units": "value_added_per_mu_ttm",
            "revenue_land_units": "revenue_per_mu_ttm", "profit_land_units": "profit_per_mu_ttm",
        },
        "register_land_units": {"tax_units": "tax_per_mu_ytd"},
        "record_units": {
            "record_whole_units": "evaluated_enterprises class_a_share class_b_share class_c_share class_c_land",
        },
        "county_register_units": {"county_output_units": "share_of_county_va_ytd"},
        "park_units": {
            "form_park_units": "planned_area built_up_area standard_factory_area employees_all",
            "built_rate_units": "built_up_rate",
        } | {f"{name}_units": name for name in [*REFORM_SUMS, *REFORM_FLAGS, *REFORM_RATIOS, "chemical_parks_remediated"]},
    }
    of_areas = {
        "tax_per_mu_ytd tax_per_mu_ttm value_added_per_mu_ttm revenue_per_mu_ttm profit_per_mu_ttm":
            ("land_park_units", "park_units"),
        "leading_industry_share_ytd leading_location_quotient_ytd": ("leading_park_units", "park_units"),
        "share_of_county_va_ytd": ("county_share_units", "county_units"),
    }
    estimates = {
        "tax_land_retold_units": "tax_per_mu_ttm", "revenue_land_retold_units": "revenue_per_mu_ttm",
        "profit_land_retold_units": "profit_per_mu_ttm",
        "revenue_retold_units": "enterprises_10bn clusters_100bn clusters_30bn largest_cluster_revenue",
        "record_retold_units": "class_a_share class_b_share class_c_share class_c_land",
    }
    excluded = {"2 * part_year > in_window": "tax_per_mu_ttm value_added_per_mu_ttm revenue_per_mu_ttm profit_per_mu_ttm"}
    counts = {
        name: (reported, expected)
        for expected, known in of_units.items() for reported, names in known.items() for name in names.split()
    }
    areas = {name: pair for names, pair in of_areas.items() for name in names.split()}

    def own(table, otherwise):
        named = {name: expression for expression, names in table.items() for name in names.split()}
        return lambda name: named.get(name, otherwise)

    estimate, exclude, none = own(estimates, "NULL"), own(excluded, "false"), ("NULL", "NULL")
    return {
        name: (*counts.get(name, none), *areas.get(name, none), estimate(name), exclude(name)) for name in definitions()
    }


# What must be in a sum of areas: for a figure, and for one with a flag.
LEAST_AREAS = (0.9, 0.6)

LEVELS = ["park", "county", "city_net", "city", "province"]
# Indicators that are not at every level.
ONLY_AT = {
    "leading_location_quotient_ytd": ["park"],
    "contribution_to_parks_growth_ytd": LEVELS[:4], "contribution_to_parks_growth_flag_ytd": LEVELS[:4],
    "share_of_county_va_ytd": LEVELS[1:],
    "largest_cluster_revenue": ["province"], "clusters_100bn": ["province"], "clusters_30bn": ["province"],
}


def side_by_side(expressions, kind):
    return ", ".join(f"CAST({expression} AS {kind})" for expression in expressions)


def indicators(traits):
    """One row for each indicator, area and quarter, for all indicators of a set of levels at once, and what may be made of it."""
    rows, counts = definitions(), coverage()
    groups = {}
    for name in rows:
        groups.setdefault(tuple(ONLY_AT.get(name, LEVELS)), []).append(name)

    def rows_of(levels, names):
        values, numerators, denominators = zip(*(rows[name] for name in names))
        reported, expected, areas_reported, areas_expected, estimates, excluded = zip(*(counts[name] for name in names))
        whole = {
            "value": (values, "DOUBLE"), "numerator": (numerators, "BIGINT"), "denominator": (denominators, "BIGINT"),
            "reported": (reported, "INTEGER"), "expected": (expected, "INTEGER"), "areas_reported": (areas_reported, "INTEGER"),
            "areas_expected": (areas_expected, "INTEGER"), "estimates": (estimates, "INTEGER"),
            "is_excluded": (excluded, "BOOLEAN"),
        }
        columns = ", ".join(f"unnest([{side_by_side(*column)}]) AS {name}" for name, column in whole.items())
        return f"""
        SELECT level, ref_area, quarter, begun, unnest({names}::indicator_name[]) AS indicator, {columns}
        FROM area WHERE level IN ({", ".join(f"'{level}'" for level in levels)})"""

    every = ", ".join(f"'{name}'" for name, *_ in traits)
    return f"""
    -- Grouped and joined as numbers.
    CREATE TYPE indicator_name AS ENUM ({every});
    CREATE TYPE level_name AS ENUM ({", ".join(f"'{level}'" for level in LEVELS)});
    CREATE TABLE trait AS
        SELECT * REPLACE (indicator::indicator_name AS indicator) FROM (VALUES {", ".join(map(str, traits))}) AS trait(
            indicator, figure, flagged, is_estimated, history, decimals, sign, change
        );
    CREATE TABLE computed AS
        WITH area AS (
            SELECT * REPLACE (level::level_name AS level),
                greatest(min(quarter) OVER (PARTITION BY level, ref_area), record_start) AS begun
            FROM area_quarter
        )
        {" UNION ALL ".join(rows_of(*group) for group in groups.items())};
    -- Whether there is a figure: 0 for one, 1 for one with a flag, 2 for none since too little was reported, 3 where nothing was,
    -- 4 where there cannot be one. Of what is counted in two ways the worse holds.
    CREATE TABLE judged AS
        SELECT * EXCLUDE (value, numerator, denominator, reported, expected, areas_reported, areas_expected),
            CASE WHEN value IS NULL THEN
                CASE WHEN quarter < begun + history OR denominator <= 0 OR is_excluded THEN 4 ELSE 3 END
                ELSE greatest(of_units, of_areas) END AS doubt,
            CASE WHEN doubt < 2 THEN value END AS value, value AS computed,
            CASE WHEN doubt <> 2 THEN numerator END AS numerator, CASE WHEN doubt <> 2 THEN denominator END AS denominator,
            CASE WHEN value IS NOT NULL AND of_areas > of_units THEN areas_reported / areas_expected
                WHEN expected > 0 THEN reported / expected END AS coverage
        FROM (
            SELECT *, enough(reported, expected, figure, flagged) AS of_units,
                enough(areas_reported, areas_expected, {LEAST_AREAS[0]}, {LEAST_AREAS[1]}) AS of_areas
            FROM computed JOIN trait USING (indicator)
        );
    """


def finish():
    """The status of each value, its change on the year, and its rank among the areas of its level that have a figure."""
    return """
    CREATE TABLE indicator AS
        WITH value AS (
            SELECT level, ref_area, quarter, indicator, value, numerator, denominator, coverage, doubt,
                is_estimated OR coalesce(estimates > 0, false) AS is_estimated, sign, decimals, change
            FROM judged
            UNION ALL
            SELECT level, ref_area, quarter, indicator, value, NULL, NULL, coverage, doubt, is_estimated, sign, decimals, change
            FROM composite JOIN trait USING (indicator)
        ),
        sure AS (SELECT level, ref_area, quarter + 4 AS quarter, indicator, value FROM value WHERE doubt = 0)
        SELECT value.level, (quarter // 4) || 'Q' || (quarter % 4 + 1) AS quarter, CAST(ref_area AS VARCHAR) AS ref_area,
            (quarter // 4) || '-Q' || (quarter % 4 + 1) AS time_period, value.indicator, value.value, numerator, denominator,
            coverage, CASE doubt WHEN 0 THEN CASE WHEN is_estimated THEN 'E' ELSE 'A' END
                WHEN 1 THEN 'U' WHEN 4 THEN 'M' ELSE 'O' END AS obs_status,
            CASE WHEN doubt = 0 THEN CASE change WHEN 'difference' THEN value.value - sure.value
                WHEN 'relative' THEN CASE WHEN sure.value > 0 THEN (value.value / sure.value - 1) * 100 END END END AS yoy,
            CASE WHEN is_ranked THEN rank() OVER (
                PARTITION BY value.level, quarter, value.indicator, is_ranked ORDER BY shown(sign * value.value, decimals)
            ) END AS rank
        FROM (SELECT *, doubt = 0 AND sign <> 0 AND level <> 'province' AS is_ranked FROM value) AS value
        LEFT JOIN sure USING (level, ref_area, quarter, indicator);
    """


def steps(methods):
    """The steps from the facts to the indicators."""
    return [
        ("enterprises", enterprises()),
        ("trailing", trailing()),
        ("parks", parks()),
        ("spread", spread()),
        ("recognitions", recognitions()),
        ("reform", reform()),
        ("classes", classes(methods.classification)),
        ("areas", areas()),
        ("indicators", indicators(methods.traits)),
        ("composites", composites(methods)),
        ("finish", finish()),
    ]


def superseded(form, key, among):
    """Takes away all but the last sent of rows of one key and quarter; `among` says which rows need to be looked at."""
    return f"""
    DELETE FROM {form} WHERE rowid IN (
        SELECT rowid FROM {form} WHERE {among}
        QUALIFY row_number() OVER (PARTITION BY {key}, quarter ORDER BY vintage DESC) > 1
    );"""


def database(threads=None):
    """A connection that is ready for the steps."""
    base = duckdb.connect()
    # Nothing is kept, so nothing needs to be made compact.
    base.execute("SET preserve_insertion_order = false; SET checkpoint_threshold = '1TB'")
    if threads:
        base.execute(f"SET threads = {threads}")
    base.execute(macros())
    return base


def timed(base, steps):
    """Runs steps of SQL in turn; gives the wall seconds of each."""
    seconds = {}
    for name, sql in steps:
        begun = time.perf_counter()
        base.execute(sql)
        seconds[name] = time.perf_counter() - begun
    return seconds


def write(base, out):
    """The indicators as Parquet below `indicators/` of a folder, which is replaced."""
    folder = out / "indicators"
    shutil.rmtree(folder, ignore_errors=True)
    out.mkdir(parents=True, exist_ok=True)
    base.execute(f"COPY indicator TO '{folder}' (FORMAT parquet, PARTITION_BY (level, quarter), FILENAME_PATTERN 'part-{{i}}')")
