"""The indicators as a DuckDB script, from the facts of a store: what the models and the catalogue compute, and how.

    python catalogue_duckdb.py --store STORE --registers DIR [--shared DIR] --out DIR [--threads N]

It begins where mujun's stage `model` begins, at the Parquet of clean facts, and ends where that ends, at the value,
numerator and denominator of every indicator, area and quarter. It computes no status, coverage, rank, change on the year or
gap to a target. DIR gets `indicators/level=*/quarter=*/*.parquet`, which is not part of the time. The wall time of each
step goes to standard error as JSON; `total` is from the first register to the last indicator, the import of DuckDB left out, and `cpu` its processor time.

Read from top to bottom it documents the formulas. Money is in fen, energy in grams of standard coal, land in millionths of a
mu: sums of integers are exact, and each ratio is divided once. A quarter is a number, year × 4 + 0…3.
"""

import argparse
import json
import resource
import shutil
import sys
import time
from pathlib import Path

import duckdb

CSV = "all_varchar = true, header = true, delim = ','"


def macros():
    return """
    CREATE MACRO register_quarter(x) AS CAST(x[1:4] AS INTEGER) * 4 + CAST(x[6:6] AS INTEGER) - 1;
    CREATE MACRO from_quarter(x) AS CASE WHEN x <> '' THEN register_quarter(x) ELSE 0 END;
    CREATE MACRO to_quarter(x) AS CASE WHEN x <> '' THEN register_quarter(x) ELSE 99999 END;
    """


def registers(folder, shared):
    """Parks and what they belong to, enterprises in their parks, clusters, value-added rates."""

    def register(name):
        path = folder / name
        return f"read_csv('{path if path.is_file() else shared / name}', {CSV})"

    return f"""
    -- A region that was given up is known by the code that holds now.
    CREATE TABLE successor AS
        WITH RECURSIVE chain AS (
            SELECT region_code, successor AS now FROM {register("regions.csv")} WHERE successor <> ''
            UNION ALL
            SELECT chain.region_code, r.successor FROM chain JOIN {register("regions.csv")} AS r ON r.region_code = chain.now
            WHERE r.successor <> ''
        )
        SELECT region_code, arg_max(now, depth) AS now
        FROM (SELECT *, row_number() OVER (PARTITION BY region_code) AS depth FROM chain) GROUP BY region_code;
    CREATE TABLE park AS
        SELECT CAST(park_code AS INTEGER) AS park, city_code AS city, nullif(coalesce(now, county_code), '') AS county,
            from_quarter(valid_from) AS from_quarter, to_quarter(valid_to) AS to_quarter
        FROM {register("parks.csv")} LEFT JOIN successor ON region_code = county_code;
    -- The counties that the province administers directly: their city counts them (city) or does not (city_net).
    CREATE TABLE direct AS
        SELECT DISTINCT coalesce(now, d.region_code) AS county
        FROM {register("directly_administered.csv")} AS d LEFT JOIN successor USING (region_code);
    CREATE TABLE area AS
        SELECT 'park' AS level, CAST(park AS VARCHAR) AS ref_area, park, from_quarter, to_quarter FROM park
        UNION ALL SELECT 'county', county, park, from_quarter, to_quarter FROM park WHERE county IS NOT NULL
        UNION ALL SELECT 'city_net', city, park, from_quarter, to_quarter FROM park ANTI JOIN direct USING (county)
        UNION ALL SELECT 'city', city, park, from_quarter, to_quarter FROM park
        UNION ALL SELECT 'province', '410000', park, from_quarter, to_quarter FROM park;
    CREATE TABLE stay AS
        SELECT unit_code, CAST(nullif(park_code, '') AS INTEGER) AS park, from_quarter(valid_from) AS from_quarter,
            to_quarter(valid_to) AS to_quarter, min(from_quarter(valid_from)) OVER (PARTITION BY unit_code) AS first_quarter
        FROM {register("enterprise_park.csv")};
    CREATE TABLE cluster AS
        SELECT cluster_code, CAST(park_code AS INTEGER) AS park, CAST(industry_division AS TINYINT) AS division
        FROM {register("clusters.csv")};
    CREATE TABLE leading_industry AS
        SELECT DISTINCT CAST(park_code AS INTEGER) AS park, CAST(industry_division AS TINYINT) AS division,
            from_quarter(valid_from) AS from_quarter, to_quarter(valid_to) AS to_quarter
        FROM {register("leading_industries.csv")};
    CREATE TABLE rate AS
        SELECT CAST(industry_division AS TINYINT) AS division, CAST(year AS INTEGER) AS year,
            CAST(10000 * CAST(rate AS DECIMAL(9, 4)) AS BIGINT) AS rate_e4
        FROM {register("value_added_rate.csv")};
    """


class Facts:
    """The facts of a store, each as the latest vintage of its rows."""

    def __init__(self, store):
        self.folder = store / "facts"

    def has(self, dataset):
        return any((self.folder / dataset).glob("*.parquet"))

    def read(self, dataset):
        return f"read_parquet('{self.folder}/{dataset}/*.parquet', union_by_name = true)"

    def latest(self, dataset, key, columns):
        """Of the rows of one key and quarter the one issued last. Only quarters that were issued twice need to be sorted."""
        read = self.read(dataset)
        return f"""
        CREATE TABLE {dataset} AS
            WITH again AS (SELECT quarter FROM {read} GROUP BY quarter HAVING min(vintage) < max(vintage))
            SELECT {key}, quarter, {columns} FROM {read} WHERE quarter NOT IN (FROM again)
            UNION ALL
            SELECT {key}, quarter, {columns} FROM {read} WHERE quarter IN (FROM again)
            QUALIFY row_number() OVER (PARTITION BY {key}, quarter ORDER BY vintage DESC) = 1;
        """


def enterprises(facts):
    """Everyone on the register in every quarter, with what each form says."""
    forms = [
        facts.latest("finance", "unit_code", """CAST(industry_code[1:2] AS TINYINT) AS division,
            revenue_ytd_fen AS revenue, revenue_prior_ytd_fen AS revenue_prior, profit_ytd_fen AS profit,
            profit_prior_ytd_fen AS profit_prior, employees_average_persons AS staff"""),
        facts.latest("output", "unit_code", """CAST(industry_code[1:2] AS TINYINT) AS division, output_ytd_fen AS output,
            output_prior_ytd_fen AS output_prior"""),
        facts.latest("energy", "unit_code", "energy_ytd_gce AS energy, energy_prior_ytd_gce AS energy_prior"),
        facts.latest("tax", "unit_code", "tax_ytd_fen AS tax"),
        # The four pollutants together; not known where one of them is missing.
        facts.latest("emission", "unit_code", """cod_ytd_g + nh3n_ytd_g + so2_ytd_g + nox_ytd_g AS emission,
            cod_prior_ytd_g + nh3n_prior_ytd_g + so2_prior_ytd_g + nox_prior_ytd_g AS emission_prior"""),
    ]
    return "".join(forms) + f"""
    CREATE TABLE calendar AS
        SELECT CAST(unnest(range(min(quarter), max(quarter) + 1)) AS INTEGER) AS quarter, min(quarter) AS record_start
        FROM finance;
    CREATE TABLE retrofit AS
        SELECT unit_code, min(completed_quarter) AS retrofit_quarter FROM {facts.read("retrofit")} GROUP BY unit_code;
    -- Value added is imputed: gross output × the rate of its division and year. Output is in whole hundreds of yuan, so that
    -- output / 10 000 × rate in ten-thousandths is exact.
    CREATE TABLE enterprise AS
        SELECT stay.unit_code, calendar.quarter, stay.park, stay.first_quarter, finance.unit_code IS NOT NULL AS filed,
            finance.division AS finance_division, revenue, revenue_prior, profit, profit_prior, staff,
            output.division, output // 10000 * now.rate_e4 AS va, output_prior // 10000 * before.rate_e4 AS va_prior,
            energy, energy_prior, tax, emission, emission_prior,
            filed AND coalesce(retrofit_quarter <= calendar.quarter, false) AS retrofitted
        FROM stay
        JOIN calendar ON calendar.quarter BETWEEN from_quarter AND to_quarter
        LEFT JOIN finance ON finance.unit_code = stay.unit_code AND finance.quarter = calendar.quarter
        LEFT JOIN output ON output.unit_code = stay.unit_code AND output.quarter = calendar.quarter
        LEFT JOIN energy ON energy.unit_code = stay.unit_code AND energy.quarter = calendar.quarter
        LEFT JOIN tax ON tax.unit_code = stay.unit_code AND tax.quarter = calendar.quarter
        LEFT JOIN emission ON emission.unit_code = stay.unit_code AND emission.quarter = calendar.quarter
        LEFT JOIN retrofit ON retrofit.unit_code = stay.unit_code
        LEFT JOIN rate AS now ON now.division = output.division AND now.year = calendar.quarter // 4
        LEFT JOIN rate AS before ON before.division = output.division AND before.year = calendar.quarter // 4 - 1;
    """


def areas(facts):
    """Land at the end of each quarter, the forms of the park administrations, price indices, the published series."""
    return facts.latest("park_form", "park_code", """planned_area_micromu AS planned, built_up_area_micromu AS built_up,
        standard_factory_area_micromu AS factories, employees_all_persons AS people""") + f"""
    CREATE TABLE land AS
        SELECT CAST(park_code AS INTEGER) AS park, quarter, CAST(sum(area_micromu) AS BIGINT) AS land
        FROM {facts.read("land_parcel")}
        JOIN calendar ON granted_quarter <= quarter AND (returned_quarter IS NULL OR returned_quarter > quarter)
        WHERE land_use = '工业用地'
        GROUP BY ALL HAVING sum(area_micromu) > 0;
    CREATE TABLE price AS
        SELECT CAST(industry_division AS TINYINT) AS division, quarter, index_micro FROM {facts.read("producer_price")};
    CREATE TABLE published AS
        SELECT quarter, max(value) FILTER (indicator = 'industrial_value_added_ytd') AS va,
            max(value) FILTER (indicator = 'industrial_value_added_growth_ytd') AS growth_micro
        FROM {facts.read("province_series")} GROUP BY quarter;
    """


MEASURES = ["tax", "va", "revenue", "profit"]


def trailing():
    """Increments between known year-to-date figures, and their sums over the four quarters that hold them whole.

    A quarter whose figure is missing is not split: the next increment spans it. The first one of a year begins in January, or
    when the enterprise came onto the register.
    """

    def increment(name):
        known = f"CASE WHEN {name} IS NOT NULL THEN quarter END"
        return (
            f"{name} - coalesce(lag({name} IGNORE NULLS) OVER year, 0) AS {name}, "
            f"coalesce(lag({known} IGNORE NULLS) OVER year + 1, greatest(quarter - quarter % 4, first_quarter)) AS {name}_from"
        )

    def sums(name, keys, more=""):
        return f"""
        SELECT {keys}, calendar.quarter, sum({name}) AS {name}_ttm FROM (
            SELECT {keys}, quarter, {name}_from, sum({name}) AS {name} FROM increment {more}
            WHERE {name} IS NOT NULL GROUP BY ALL
        ) AS part JOIN calendar ON calendar.quarter BETWEEN greatest(part.quarter, calendar.record_start + 3) AND {name}_from + 3
        GROUP BY ALL"""

    return f"""
    CREATE TABLE increment AS
        SELECT quarter, park, finance_division, {", ".join(map(increment, MEASURES))}
        FROM enterprise WINDOW year AS (PARTITION BY unit_code, quarter // 4 ORDER BY quarter)
        QUALIFY park IS NOT NULL;
    {"".join(f"CREATE TABLE {name}_ttm AS {sums(name, 'park')};" for name in MEASURES)}
    -- Clusters are lists of (park, division) pairs: those of 100 and of 30 billion yuan.
    CREATE TABLE clusters AS
        SELECT quarter, count(*) FILTER (revenue_ttm >= 10000000000000) AS at_100bn,
            count(*) FILTER (revenue_ttm >= 3000000000000) AS at_30bn, max(revenue_ttm) AS largest_cluster
        FROM ({sums("revenue", "cluster_code", "JOIN cluster ON cluster.park = increment.park AND division = finance_division")})
        GROUP BY quarter;
    """


def parks():
    """Sums of each park and quarter. A ratio uses only those that report both of its sides."""
    # Prices of the same period of last year are those of a division, in 10^-9 fen to stay with integers. A division without
    # an index leaves both sides of every growth and intensity.
    real = "sum(CAST({0} AS HUGEINT) * 1000000000000000 // index_micro) AS {0}_real"
    scopes = {
        "growth": "va_prior IS NOT NULL",
        "energy": "energy IS NOT NULL",
        "energy_pair": "energy IS NOT NULL AND energy_prior IS NOT NULL AND va_prior IS NOT NULL",
        "emission": "emission IS NOT NULL",
        "emission_pair": "emission IS NOT NULL AND emission_prior IS NOT NULL AND va_prior IS NOT NULL",
    }
    of_scope = ", ".join(f"sum(va) FILTER ({condition}) AS {name}_va" for name, condition in scopes.items())
    pairs = ", ".join(
        f"""sum({name}) FILTER (va IS NOT NULL) AS {name},
        sum({name}) FILTER (va IS NOT NULL AND {scopes[f"{name}_pair"]}) AS {name}_pair,
        sum({name}_prior) FILTER (va IS NOT NULL AND {scopes[f"{name}_pair"]}) AS {name}_pair_prior,
        sum(va_prior) FILTER (va IS NOT NULL AND {scopes[f"{name}_pair"]}) AS {name}_pair_va_prior"""
        for name in ("energy", "emission")
    )
    deflated = ["energy", "energy_pair", "energy_pair_prior", "energy_pair_va_prior", "emission", "emission_pair",
                "emission_pair_prior", "emission_pair_va_prior", "growth_va_prior"]
    stayed = lambda column: f"count(*) FILTER (of_now.{column} = of_before.{column}) AS stayed_{column}"
    return f"""
    CREATE TABLE park_enterprise AS
        WITH part AS (
            SELECT park, quarter, division, count(*) FILTER (filed) AS members, count(*) FILTER (retrofitted) AS retrofitted,
                sum(tax) AS tax, sum(va) AS va,
                sum(revenue) FILTER (revenue_prior IS NOT NULL) AS revenue,
                sum(revenue_prior) FILTER (revenue IS NOT NULL) AS revenue_prior,
                sum(profit) FILTER (profit_prior IS NOT NULL) AS profit,
                sum(profit_prior) FILTER (profit IS NOT NULL) AS profit_prior,
                sum(va) FILTER (staff IS NOT NULL) AS staff_va, sum(staff) FILTER (va IS NOT NULL) AS staff,
                sum(va_prior) FILTER (va IS NOT NULL) AS growth_va_prior, {of_scope}, {pairs}
            FROM enterprise WHERE park IS NOT NULL GROUP BY ALL
        )
        SELECT park, quarter,
            sum(COLUMNS(* EXCLUDE (park, quarter, division, {", ".join(f"{name}_va" for name in scopes)}, {", ".join(deflated)},
                index_micro))),
            {", ".join(f"sum({name}) FILTER (index_micro IS NOT NULL) AS {name}" for name in deflated)},
            {", ".join(real.format(f"{name}_va") for name in scopes)}
        FROM part LEFT JOIN price USING (division, quarter)
        GROUP BY park, quarter;
    -- Enterprises that filed now and in the same quarter of last year, by how near they stayed.
    CREATE TABLE place AS
        SELECT quarter, park.park, county, CASE WHEN direct.county IS NULL THEN city END AS city_net, city, '' AS province
        FROM park JOIN calendar ON quarter BETWEEN from_quarter AND to_quarter LEFT JOIN direct USING (county);
    CREATE TABLE park_stayed AS
        SELECT now.park, now.quarter, {", ".join(map(stayed, ("park", "county", "city_net", "city", "province")))}
        FROM enterprise AS now JOIN enterprise AS before ON before.unit_code = now.unit_code AND before.quarter = now.quarter - 4
        JOIN place AS of_now ON of_now.park = now.park AND of_now.quarter = now.quarter
        JOIN place AS of_before ON of_before.park = before.park AND of_before.quarter = before.quarter
        WHERE now.filed AND before.filed
        GROUP BY ALL;
    """


def spread(facts):
    """How revenue is spread over enterprises: the four largest, the squares, those of 10 billion yuan; and R&D beside it."""
    known = "coalesce(lag(CASE WHEN revenue IS NOT NULL THEN quarter END IGNORE NULLS) OVER year + 1, greatest(quarter - quarter % 4, first_quarter))"
    # Who filed no R&D form has none; who filed it without the expenditure leaves both sides.
    research = facts.latest("rd", "unit_code", "rd_expenditure_ytd_fen AS spent") + """
    CREATE TABLE park_rd AS
        SELECT park, quarter, sum(coalesce(spent, 0)) AS rd, sum(revenue) AS rd_revenue
        FROM enterprise LEFT JOIN (SELECT *, true AS filed_rd FROM rd) USING (unit_code, quarter)
        WHERE park IS NOT NULL AND revenue IS NOT NULL AND quarter IN (SELECT quarter FROM rd)
            AND (filed_rd IS NULL OR spent IS NOT NULL)
        GROUP BY ALL;
    """
    return f"""
    -- The four largest of an area are among the four largest of its parks.
    CREATE TABLE largest AS
        SELECT level, ref_area, quarter, sum(list_sum(list_slice(largest, 1, 4))) AS four
        FROM (
            SELECT level, ref_area, quarter, list_reverse_sort(flatten(list(largest))) AS largest
            FROM (
                SELECT park, quarter, max(revenue, 4) AS largest FROM enterprise
                WHERE park IS NOT NULL AND revenue IS NOT NULL GROUP BY ALL
            ) AS p JOIN area ON area.park = p.park AND quarter BETWEEN from_quarter AND to_quarter
            GROUP BY ALL
        ) GROUP BY ALL;
    -- Trailing four quarters of those that once reported a quarter of 10 billion yuan, wherever they were.
    CREATE TABLE ten_billion AS
        SELECT unit_code, calendar.quarter
        FROM (
            SELECT unit_code, quarter, {known} AS since, revenue - coalesce(lag(revenue IGNORE NULLS) OVER year, 0) AS increment
            FROM enterprise WHERE unit_code IN (SELECT unit_code FROM enterprise WHERE revenue >= 250000000000)
            WINDOW year AS (PARTITION BY unit_code, quarter // 4 ORDER BY quarter)
        ) AS part JOIN calendar ON calendar.quarter BETWEEN greatest(part.quarter, record_start + 3) AND since + 3
        WHERE increment IS NOT NULL
        GROUP BY ALL HAVING sum(increment) >= 1000000000000;
    CREATE TABLE park_spread AS
        SELECT park, quarter, sum(revenue) AS all_revenue, sum(CAST(revenue AS HUGEINT) * revenue) AS squares,
            CASE WHEN quarter >= min(record_start) + 3 THEN count(large.unit_code) END AS enterprises_10bn
        FROM enterprise JOIN calendar USING (quarter) LEFT JOIN ten_billion AS large USING (unit_code, quarter)
        WHERE park IS NOT NULL AND revenue IS NOT NULL GROUP BY park, quarter;
    -- The leading industries of each park, in its revenue and in that of all parks of the province.
    CREATE TABLE park_industry AS
        SELECT park, quarter, finance_division AS division, sum(revenue) AS revenue
        FROM enterprise WHERE park IS NOT NULL AND revenue IS NOT NULL GROUP BY ALL;
    CREATE TABLE park_leading AS
        WITH own AS (
            SELECT DISTINCT park, division, quarter FROM leading_industry JOIN calendar ON quarter BETWEEN from_quarter AND to_quarter
        ),
        base AS (SELECT park, quarter, sum(revenue) AS base FROM park_industry GROUP BY ALL),
        province AS (SELECT division, quarter, sum(revenue) AS of_province FROM park_industry GROUP BY ALL),
        everything AS (SELECT quarter, sum(revenue) AS everything FROM park_industry GROUP BY ALL)
        SELECT park, quarter, coalesce(sum(revenue), 0) AS leading_revenue, any_value(base) AS leading_base,
            sum(of_province) AS leading_province, any_value(everything) AS leading_everything
        FROM own JOIN base USING (park, quarter) JOIN everything USING (quarter)
        LEFT JOIN park_industry USING (park, division, quarter) LEFT JOIN province USING (division, quarter)
        GROUP BY park, quarter;
    """ + (research if facts.has("rd") else "")


# Sums of parks that there are if the store has the dataset.
PARK_TABLES = {"park_rd": "rd", "park_recognition": "recognition", "reform": "park_reform"}
RECOGNISED = {
    "green_factories": "绿色工厂", "leading_enterprises": "头雁企业", "cloud": "上云企业", "high_tech": "高新技术企业",
    "brands": "驰名品牌", "smart_factories": "智能工厂", "smart_workshops": "智能车间", "rd_platforms": "研发平台",
    "industrial_internet_platforms": "工业互联网平台",
}


def recognitions(facts):
    """What enterprises hold at the end of a quarter: from the quarter of the award to the one before its withdrawal.

    Green factories, leading enterprises and those in the cloud are enterprises, each counted once; the others are entries.
    """
    once = ("green_factories", "leading_enterprises", "cloud", "high_tech")
    counted = ", ".join(
        f"CAST({'max' if name in once else 'sum'}(CAST(category = '{text}' AS INTEGER)) AS BIGINT) AS {name}"
        for name, text in RECOGNISED.items()
    )
    plain = [name for name in RECOGNISED if name not in ("cloud", "high_tech", "rd_platforms")]
    sums = ", ".join(f"coalesce(sum({name}), 0) AS {name}" for name in plain)
    return f"""
    CREATE TABLE park_recognition AS
        WITH held AS (
            SELECT unit_code, quarter, {counted} FROM {facts.read("recognition")}
            JOIN calendar ON awarded_quarter <= quarter AND (revoked_quarter IS NULL OR revoked_quarter > quarter)
            GROUP BY ALL
        )
        SELECT park, quarter, {sums},
            CASE WHEN bool_or(filed) THEN coalesce(sum(cloud) FILTER (filed), 0) END AS cloud,
            CASE WHEN bool_or(filed) THEN coalesce(sum(rd_platforms) FILTER (filed), 0) END AS rd_platforms,
            CASE WHEN count(va) > 0 THEN coalesce(sum(va) FILTER (high_tech = 1), 0) END AS high_tech_va
        FROM enterprise LEFT JOIN held USING (unit_code, quarter)
        WHERE park IS NOT NULL GROUP BY ALL;
    """


# Numbers of the form on construction and reform, and pairs of which a ratio is made: numerator, denominator.
REFORM_SUMS = {
    "parks_in_park": "sub_parks_units", "delegated_powers": "delegated_powers_units", "high_level_staff": "high_level_persons",
    "contracted_investment_ytd": "contracted_ytd_fen", "realised_investment_ytd": "realised_ytd_fen",
    "in_place_funds_ytd": "in_place_ytd_fen", "idle_land": "idle_land_micromu",
}
REFORM_FLAGS = {
    "green_parks": "green_park", "smart_parks": "smart_park", "chemical_parks": "chemical_led",
    "central_sewage_parks": "central_sewage", "monitoring_parks": "online_monitoring",
    "committee_company_parks": "committee_company", "operating_company_parks": "operating_company",
}
REFORM_RATIOS = {
    "sub_park_revenue_share_ytd": ("sub_park_revenue_ytd_fen", "park_revenue_ytd_fen"),
    "market_financed_share_ytd": ("market_financing_ytd_fen", "financing_ytd_fen"),
    "renovation_share_ytd": ("renovation_investment_ytd_fen", "fixed_investment_ytd_fen"),
    "high_level_staff_per_10000_employees": ("high_level_persons", "people"),
    "investment_intensity": ("project_investment_fen", "land"), "plot_ratio": ("industrial_floor_micromu", "land"),
    "idle_land_share": ("idle_land_micromu", "land"),
}


def reform(facts):
    """What park administrations report of construction and reform. A park that does not say is left out, on both sides."""
    columns = dict.fromkeys([*REFORM_SUMS.values(), *REFORM_FLAGS.values(), "remediation"])
    columns |= dict.fromkeys(name for pair in REFORM_RATIOS.values() for name in pair if name not in ("people", "land"))
    yes = lambda name, column: f"CASE {column} WHEN '是' THEN 1 WHEN '否' THEN 0 END AS {name}"
    pair = lambda name, a, b: f"CASE WHEN {b} IS NOT NULL THEN {a} END AS {name}, CASE WHEN {a} IS NOT NULL THEN {b} END AS {name}_base"
    return facts.latest("park_reform", "park_code", ", ".join(columns)) + f"""
    CREATE TABLE reform AS
        SELECT CAST(r.park_code AS INTEGER) AS park, r.quarter,
            {", ".join(f"{column} AS {name}" for name, column in REFORM_SUMS.items())},
            {", ".join(yes(name, column) for name, column in REFORM_FLAGS.items())},
            CASE chemical_led WHEN '否' THEN 0 WHEN '是' THEN CAST(remediation = '已完成' AS INTEGER) END AS chemical_parks_remediated,
            {", ".join(pair(name, *columns) for name, columns in REFORM_RATIOS.items())}
        FROM park_reform AS r
        LEFT JOIN park_form AS f ON f.park_code = r.park_code AND f.quarter = r.quarter
        LEFT JOIN land ON land.park = CAST(r.park_code AS INTEGER) AND land.quarter = r.quarter;
    """


def sums_of_areas(facts):
    """All sums of parks side by side, and parks summed to areas. A park without land leaves the sums per mu altogether."""
    tables = ["park_spread", "park_leading"] + [table for table, dataset in PARK_TABLES.items() if facts.has(dataset)]
    joins = " ".join(f"LEFT JOIN {table} ON {table}.park = p.park AND {table}.quarter = c.quarter" for table in tables)
    more = ", ".join(f"{table}.* EXCLUDE (park, quarter)" for table in tables)
    ttm = ", ".join(
        f"CASE WHEN land > 0 THEN {name}_ttm END AS {name}_ttm, CASE WHEN {name}_ttm IS NOT NULL THEN land END AS {name}_ttm_land"
        for name in MEASURES
    )
    return f"""
    CREATE TABLE park_quarter AS
        SELECT p.park, c.quarter, e.* EXCLUDE (park, quarter, tax),
            CASE WHEN land > 0 THEN tax END AS tax, CASE WHEN tax IS NOT NULL THEN land END AS tax_land, {ttm},
            planned, built_up, factories, people,
            CASE WHEN planned IS NOT NULL THEN built_up END AS built_rate, CASE WHEN built_up IS NOT NULL THEN planned END AS planned_rate,
            s.* EXCLUDE (park, quarter), {more}
        FROM (SELECT DISTINCT park FROM park) AS p CROSS JOIN calendar AS c
        LEFT JOIN park_enterprise AS e ON e.park = p.park AND e.quarter = c.quarter
        LEFT JOIN land ON land.park = p.park AND land.quarter = c.quarter
        {" ".join(f"LEFT JOIN {name}_ttm ON {name}_ttm.park = p.park AND {name}_ttm.quarter = c.quarter" for name in MEASURES)}
        LEFT JOIN park_form AS f ON CAST(f.park_code AS INTEGER) = p.park AND f.quarter = c.quarter
        LEFT JOIN park_stayed AS s ON s.park = p.park AND s.quarter = c.quarter {joins};
    CREATE TABLE area_quarter AS
        WITH sums AS (
            SELECT level, ref_area, quarter, sum(COLUMNS(park_quarter.* EXCLUDE (park, quarter)))
            FROM area JOIN park_quarter ON park_quarter.park = area.park AND quarter BETWEEN from_quarter AND to_quarter
            GROUP BY level, ref_area, quarter
        )
        SELECT now.* REPLACE (coalesce(now.members, 0) AS members), four, before.all_revenue AS revenue_before, record_start, published.va AS published_va, growth_micro,
            at_100bn, at_30bn, largest_cluster, coalesce(before.members, 0) AS members_before,
            coalesce(CASE now.level WHEN 'park' THEN now.stayed_park WHEN 'county' THEN now.stayed_county
                WHEN 'city_net' THEN now.stayed_city_net WHEN 'city' THEN now.stayed_city ELSE now.stayed_province END, 0) AS stayed
        FROM sums AS now JOIN calendar USING (quarter)
        LEFT JOIN sums AS before ON before.level = now.level AND before.ref_area = now.ref_area AND before.quarter = now.quarter - 4
        LEFT JOIN largest ON largest.level = now.level AND largest.ref_area = now.ref_area AND largest.quarter = now.quarter
        LEFT JOIN published ON published.quarter = now.quarter
        LEFT JOIN clusters ON clusters.quarter = now.quarter AND now.level = 'province';
    """


def over(numerator, denominator, factor="1.0"):
    return f"CAST({numerator} AS DOUBLE) / nullif(CAST({denominator} AS DOUBLE), 0) * {factor}"


def ratio(numerator, denominator, factor="1.0"):
    return over(numerator, denominator, factor), numerator, denominator


def growth(now, before):
    return over(f"({now} - {before})", before, "100"), now, before


def level(sum, factor="1.0"):
    return f"CAST({sum} AS DOUBLE) * {factor}", sum, "NULL"


def definitions(facts):
    """Each indicator: value, numerator and denominator where they are exact sums."""
    nano = "(1000000000 * CAST({} AS HUGEINT))"
    real = f"CAST(growth_va_real - {nano.format('growth_va_prior')} AS DOUBLE)"
    # [s·g/(1+g)] / [G/(1+G)]; none where |G| is below half a percent.
    contribution = (
        f"CASE WHEN abs(growth_micro) >= 5000 AND growth_va_prior <> 0 THEN {over('va', 'published_va')} "
        f"* {real} / nullif(CAST(growth_va_real AS DOUBLE), 0) / (growth_micro / (1e6 + growth_micro)) * 100 END"
    )

    def turnover(sum):
        return level(f"CASE WHEN quarter >= record_start + 4 AND members + members_before > 0 THEN {sum} END")

    def change(name):
        per_va = over(f"{name}_pair_va_real", nano.format(f"{name}_pair_va_prior"))
        return f"(({over(f'{name}_pair', f'{name}_pair_prior')}) / nullif({per_va}, 0) - 1) * 100", "NULL", "NULL"

    profit = growth("profit", "profit_prior")
    rows = {
        "tax_per_mu_ytd": ratio("tax", "tax_land"),
        "tax_per_mu_ttm": ratio("tax_ttm", "tax_ttm_land"),
        "value_added_per_mu_ttm": ratio("va_ttm", "va_ttm_land"),
        "revenue_per_mu_ttm": ratio("revenue_ttm", "revenue_ttm_land"),
        "profit_per_mu_ttm": ratio("profit_ttm", "profit_ttm_land"),
        "energy_intensity_ytd": (over("energy", "energy_va_real", "1e9"), "energy", "NULL"),
        "energy_intensity_change_ytd": change("energy"),
        "emissions_per_va_ytd": (over("emission", "emission_va_real", "1e12"), "emission", "NULL"),
        "emissions_per_va_change_ytd": change("emission"),
        "smart_retrofit_coverage": ratio("CASE WHEN members > 0 THEN retrofitted END", "nullif(members, 0)", "100"),
        "share_of_province_va_ytd": ratio("va", "CASE WHEN va IS NOT NULL THEN published_va END", "100"),
        "real_growth_ytd": (
            f"{real} / nullif(CAST({nano.format('growth_va_prior')} AS DOUBLE), 0) * 100", "NULL", "growth_va_prior"),
        "contribution_ytd": (contribution, "NULL", "NULL"),
        "pull_ytd": (f"({contribution}) * growth_micro / 1e6", "NULL", "NULL"),
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
        "profit_growth_ytd": (f"CASE WHEN profit_prior > 0 THEN {profit[0]} END", *profit[1:]),
        "labour_productivity_ytd": ratio("staff_va", "staff", "1e-6"),
        "concentration_cr4_ytd": ratio("four", "all_revenue", "100"),
        "concentration_hhi_ytd": (
            f"10000.0 * {over('squares', 'CAST(all_revenue AS DOUBLE) * CAST(all_revenue AS DOUBLE)')}", "NULL", "all_revenue"),
        "leading_industry_share_ytd": ratio("leading_revenue", "leading_base", "100"),
        "leading_location_quotient_ytd": (
            f"CASE WHEN level = 'park' THEN ({over('leading_revenue', 'leading_base')}) / nullif("
            f"{over('leading_province', 'leading_everything')}, 0) END", "NULL", "NULL"),
        "largest_cluster_revenue": level("largest_cluster", "1e-10"),
        "enterprises_10bn": level("enterprises_10bn"),
        "revenue_growth_levels_ytd": growth("all_revenue", "revenue_before"),
        "clusters_100bn": level("at_100bn"),
        "clusters_30bn": level("at_30bn"),
    }
    if facts.has("rd"):
        rows["rd_intensity_ytd"] = ratio("rd", "rd_revenue", "100")
    if facts.has("recognition"):
        rows |= {name: level(name) for name in RECOGNISED if name not in ("cloud", "high_tech", "rd_platforms")}
        rows["cloud_coverage"] = ratio("cloud", "nullif(members, 0)", "100")
        rows["rd_platforms_per_100_enterprises"] = ratio("rd_platforms", "nullif(members, 0)", "100")
        rows["high_tech_share_ytd"] = ratio("high_tech_va", "va", "100")
    if facts.has("park_reform"):
        units = {"idle_land": "1e-6"} | dict.fromkeys(["contracted_investment_ytd", "realised_investment_ytd", "in_place_funds_ytd"], "1e-10")
        rows |= {name: level(name, units.get(name, "1.0")) for name in [*REFORM_SUMS, *REFORM_FLAGS, "chemical_parks_remediated"]}
        factors = {"high_level_staff_per_10000_employees": "10000", "investment_intensity": "1.0", "plot_ratio": "1.0"}
        rows |= {name: ratio(name, f"{name}_base", factors.get(name, "100")) for name in REFORM_RATIOS}
    return rows


def indicators(rows):
    structs = ",\n".join(
        f"{{indicator: '{name}', value: {value}, numerator: CAST({numerator} AS BIGINT), "
        f"denominator: CAST({denominator} AS BIGINT)}}"
        for name, (value, numerator, denominator) in rows.items()
    )
    return f"""
    CREATE TABLE indicator AS
        SELECT level, (quarter // 4) || 'Q' || (quarter % 4 + 1) AS quarter, ref_area,
            (quarter // 4) || '-Q' || (quarter % 4 + 1) AS time_period, cell.indicator AS indicator, cell.value AS value,
            cell.numerator AS numerator, cell.denominator AS denominator
        FROM (SELECT level, quarter, ref_area, unnest([{structs}]) AS cell FROM area_quarter)
        WHERE level = 'province' OR cell.indicator NOT LIKE '%cluster%';
    """


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--store", type=Path, required=True)
    arguments.add_argument("--registers", type=Path, required=True, help="those of the sample")
    shared = Path(__file__).resolve().parents[2] / "config" / "registers"
    arguments.add_argument("--shared", type=Path, default=shared, help="those that the sample does not bring")
    arguments.add_argument("--out", type=Path, required=True, help="indicators/ below it is replaced")
    arguments.add_argument("--threads", type=int)
    options = arguments.parse_args()
    out = options.out / "indicators"
    shutil.rmtree(out, ignore_errors=True)
    options.out.mkdir(parents=True, exist_ok=True)

    facts = Facts(options.store)
    rows = definitions(facts)
    base = duckdb.connect()
    base.execute("SET preserve_insertion_order = false")
    if options.threads:
        base.execute(f"SET threads = {options.threads}")
    seconds, started, used = {}, time.perf_counter(), time.process_time()
    base.execute(macros())
    for name, sql in [
        ("registers", registers(options.registers, options.shared)),
        ("enterprises", enterprises(facts)),
        ("areas", areas(facts)),
        ("trailing", trailing()),
        ("parks", parks()),
        ("spread", spread(facts)),
        ("recognitions", recognitions(facts) if facts.has("recognition") else ""),
        ("reform", reform(facts) if facts.has("park_reform") else ""),
        ("sums", sums_of_areas(facts)),
        ("indicators", indicators(rows)),
    ]:
        begun = time.perf_counter()
        base.execute(sql)
        seconds[name] = time.perf_counter() - begun
    seconds["total"] = time.perf_counter() - started
    seconds["cpu"] = time.process_time() - used
    # At its highest before anything is written.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    base.execute(f"COPY (FROM indicator ORDER BY ref_area, indicator) TO '{out}' "
                 "(FORMAT parquet, PARTITION_BY (level, quarter), FILENAME_PATTERN 'part-{i}')")
    told = {name: round(value, 4) for name, value in seconds.items()} | {"peak_mib": round(peak), "indicators": len(rows)}
    print(json.dumps(told), file=sys.stderr)


if __name__ == "__main__":
    main()
