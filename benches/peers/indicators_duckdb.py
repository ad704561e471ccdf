"""The whole job as a DuckDB script: from UTF-8 copies of the exports to park, city and province indicators in Parquet.

    python indicators_duckdb.py --data OUT_UTF8 --out DIR [--threads N]

It reads what `utf8_copies.py` writes and gives the same values, numerators and denominators as mujun for every quarter.
It does what right numbers need and no more: no ledger, no quarantine, no problems, no status, coverage or rank, and only
the columns that the indicators use are parsed. It is written for speed as an expert would: one `read_csv` per form over
all its files, keys checked once per spelling, cells cleaned only where a plain cast fails, integers throughout.

The wall time of each step goes to standard error as JSON.
"""

import time

STARTED = time.perf_counter()

import argparse
import json
import shutil
import sys
from pathlib import Path

import duckdb

LF, CRLF, TAB = "\\n", "\\r\\n", "\\t"

# GB 32100: 31 characters, weights 3^i mod 31. GB 11714: 0-9 A-Z, modulo 11.
CREDIT = ("0123456789ABCDEFGHJKLMNPQRTUWXY", [pow(3, place, 31) for place in range(17)])
ORGANISATION = ("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", [3, 7, 9, 10, 5, 8, 4, 2])

# translate() drops the characters that have no partner: blanks of all kinds and thousands separators.
ASCII = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ.-"
UNTIDY = "".join(chr(ord(character) + 0xFEE0) for character in ASCII) + " \t\r\u00a0\u3000,，"

B203 = """key name class region revenue revenue_prior cost cost_prior taxes taxes_prior research research_prior operating
    operating_prior profit profit_prior vat vat_prior staff"""
B204 = "key name class output output_prior sales sales_prior exports exports_prior"
ENERGY = "key name energy energy_prior power power_prior"
TAX = "key name tax tax_prior"
RETROFIT = "serial key name project completed"
LAND = "plot park_code park_name land_use area granted returned"
PARK_FORM = "park_code park_name planned built_up plants roads people"


def weighted(code):
    """The weighted sum of the characters of `k` as SQL."""
    alphabet, weights = code
    return " + ".join(
        f"{weight} * (instr('{alphabet}', substr(k, {place}, 1)) - 1)" for place, weight in enumerate(weights, 1)
    )


def forms(pattern, columns, skip, more="", delimiter=",", new_line=LF):
    """All files of a form at once, cells as text; nothing is sniffed, since the form is known."""
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in columns.split())
    return (
        f"read_csv('{pattern}', columns = {{{columns}}}, auto_detect = false, header = false, skip = {skip}, quote = '\"', "
        f"escape = '\"', delim = '{delimiter}', new_line = '{new_line}', filename = true{more})"
    )


def wide(pattern):
    """A table with one column for each period, below three lines of preamble and above notes."""
    return (
        f"read_csv('{pattern}', all_varchar = true, header = true, skip = 3, delim = ',', null_padding = true, "
        "strict_mode = false)"
    )


def macros():
    # A quarter is year * 4 + (0..3). Period and vintage stand in a file's name, the same for all rows of a chunk.
    return f"""
    -- Nearly every cell is tidy, and translate() is dear.
    CREATE MACRO plain(x) AS CASE WHEN regexp_matches(x, '[{UNTIDY}]') THEN translate(x, '{UNTIDY}', '{ASCII}') ELSE x END;
    CREATE MACRO whole(x) AS coalesce(TRY_CAST(x AS BIGINT), TRY_CAST(plain(x) AS BIGINT));
    CREATE MACRO hundredths(x) AS
        CAST(100 * coalesce(TRY_CAST(x AS DECIMAL(15, 2)), TRY_CAST(plain(x) AS DECIMAL(15, 2))) AS BIGINT);
    CREATE MACRO ten_thousandths(x) AS CAST(10000 * TRY_CAST(plain(x) AS DECIMAL(13, 4)) AS BIGINT);
    CREATE MACRO tenths(x) AS CAST(10 * TRY_CAST(plain(x) AS DECIMAL(15, 1)) AS BIGINT);
    CREATE MACRO register_quarter(x) AS CAST(x[1:4] AS INTEGER) * 4 + CAST(x[6:6] AS INTEGER) - 1;
    CREATE MACRO month_quarter(year, month) AS CAST(year AS INTEGER) * 4 + (CAST(month AS INTEGER) - 1) // 3;
    CREATE MACRO span_quarter(x) AS
        month_quarter(regexp_extract(x, '(\\d{{4}})年1-(\\d+)月', 1), regexp_extract(x, '(\\d{{4}})年1-(\\d+)月', 2));
    CREATE MACRO date_quarter(x) AS CASE WHEN x <> '' THEN month_quarter(
        regexp_extract(x, '^(\\d{{4}})\\D?(\\d{{1,2}})', 1), regexp_extract(x, '^(\\d{{4}})\\D?(\\d{{1,2}})', 2)) END;
    CREATE MACRO vintage(x) AS CAST(regexp_extract(x, '_(\\d{{8}})\\.[.a-z]+$', 1) AS INTEGER);
    -- The first two of four digits; a class may have lost its leading zero.
    CREATE MACRO division_of(x) AS CAST(whole(x) // 100 AS TINYINT);
    CREATE MACRO is_credit_code(k) AS regexp_full_match(k, '[{CREDIT[0]}]{{18}}')
        AND instr('{CREDIT[0]}', k[18:18]) - 1 = (31 - ({weighted(CREDIT)}) % 31) % 31;
    CREATE MACRO is_organisation_code(k) AS regexp_full_match(k, '[0-9A-Z]{{8}}[0-9X]')
        AND instr('0123456789X0', k[9:9]) - 1 = (11 - ({weighted(ORGANISATION)}) % 11) % 11;
    """


def registers(folder):
    csv = "all_varchar = true, header = true, delim = ','"
    return f"""
    CREATE TABLE park AS
        SELECT CAST(park_code AS INTEGER) AS park, CAST(city_code AS INTEGER) AS city
        FROM read_csv('{folder}/parks.csv', {csv});
    CREATE TABLE area AS
        SELECT 'park' AS level, park AS ref_area, park FROM park
        UNION ALL SELECT 'city', city, park FROM park
        UNION ALL SELECT 'province', 410000, park FROM park;
    CREATE TABLE stay AS
        WITH read AS (
            SELECT unit_code, CAST(nullif(park_code, '') AS INTEGER) AS park, register_quarter(valid_from) AS from_quarter,
                CASE WHEN valid_to <> '' THEN register_quarter(valid_to) ELSE 99999 END AS to_quarter
            FROM read_csv('{folder}/enterprise_park.csv', {csv})
        )
        SELECT CAST(dense_rank() OVER (ORDER BY unit_code) AS INTEGER) AS unit, unit_code, park, from_quarter, to_quarter,
            min(from_quarter) OVER (PARTITION BY unit_code) AS first_quarter
        FROM read;
    CREATE TABLE cluster AS
        SELECT cluster_code, CAST(park_code AS INTEGER) AS park, CAST(industry_division AS TINYINT) AS division
        FROM read_csv('{folder}/clusters.csv', {csv});
    CREATE TABLE rate AS
        SELECT CAST(industry_division AS TINYINT) AS division, CAST(year AS INTEGER) AS year,
            CAST(10000 * CAST(rate AS DECIMAL(9, 4)) AS BIGINT) AS rate_e4
        FROM read_csv('{folder}/value_added_rate.csv', {csv});
    """


def read_forms(exports):
    """Enterprise forms in fen, grams of standard coal and persons. A row without its required number stays out."""
    when = "key, span_quarter(filename) AS quarter, vintage(filename) AS vintage"
    return f"""
    CREATE TABLE read_b203 AS FROM (
        SELECT {when}, division_of(class) AS division, whole(revenue) * 100000 AS revenue,
            whole(revenue_prior) * 100000 AS revenue_prior, whole(profit) * 100000 AS profit,
            whole(profit_prior) * 100000 AS profit_prior, whole(staff) AS staff
        FROM {forms(f"{exports}/统计局/B203*.csv", B203, 6, new_line=CRLF)}
    ) WHERE revenue IS NOT NULL;
    CREATE TABLE read_b204 AS FROM (
        SELECT {when}, division_of(class) AS division, whole(output) AS output, whole(output_prior) AS output_prior
        FROM {forms(f"{exports}/统计局/B204-1*.csv", B204, 5)}
    ) WHERE output IS NOT NULL;
    CREATE TABLE read_energy AS
        SELECT {when}, hundredths(energy) * 10000 AS energy, hundredths(energy_prior) * 10000 AS energy_prior
        FROM {forms(f"{exports}/能源/205-1*.csv", ENERGY, 5)};
    CREATE TABLE read_tax AS
        SELECT {when}, hundredths(tax) * 10000 AS tax
        FROM {forms(f"{exports}/税务/*.txt", TAX, 4, delimiter=TAB)};
    CREATE TABLE read_retrofit AS
        SELECT key, date_quarter(plain(completed)) AS quarter
        FROM {forms(f"{exports}/工信/*.csv", RETROFIT, 3)};
    CREATE TABLE calendar AS
        SELECT CAST(unnest(range(min(quarter), max(quarter) + 1)) AS INTEGER) AS quarter, min(quarter) AS record_start
        FROM read_b203;
    """


def read_areas(exports):
    """Land, the park form, price indices and the published series: small, each in a layout of its own."""
    return f"""
    CREATE TABLE read_land AS
        FROM {forms(f"{exports}/自然资源/*.csv", LAND, 0, more=", null_padding = true, strict_mode = false")};
    CREATE TABLE land AS
        WITH ledger AS (
            SELECT filename, plain(split_part(plot, '：', 2)) AS land_unit FROM read_land WHERE plot LIKE '单位：%'
        ),
        plot AS (SELECT DISTINCT * FROM read_land WHERE plain(land_use) = '工业用地'),
        parcel AS (
            SELECT park, date_quarter(plain(granted)) AS granted, date_quarter(plain(returned)) AS returned,
                CASE land_unit WHEN '亩' THEN ten_thousandths(area) * 100 WHEN '公顷' THEN ten_thousandths(area) * 1500
                    WHEN '平方米' THEN ten_thousandths(area) * 15 // 100 END AS land
            FROM plot JOIN ledger USING (filename) JOIN park ON park = TRY_CAST(plain(park_code) AS INTEGER)
        )
        SELECT park, quarter, CAST(sum(land) AS BIGINT) AS land
        FROM parcel JOIN calendar ON granted <= quarter AND (returned IS NULL OR returned > quarter)
        GROUP BY park, quarter HAVING sum(land) > 0;
    CREATE TABLE park_form AS
        SELECT park, quarter, planned, built_up, people
        FROM (
            SELECT TRY_CAST(plain(park_code) AS INTEGER) AS park, span_quarter(filename) AS quarter,
                vintage(filename) AS vintage, hundredths(planned) * 15000000 AS planned,
                hundredths(built_up) * 15000000 AS built_up, whole(people) AS people
            FROM {forms(f"{exports}/集聚区/*.csv", PARK_FORM, 5)}
        ) SEMI JOIN park USING (park)
        QUALIFY row_number() OVER (PARTITION BY park, quarter ORDER BY vintage DESC) = 1;
    CREATE TABLE price AS
        SELECT TRY_CAST(plain(行业大类代码) AS TINYINT) AS division, span_quarter(span) AS quarter, tenths(cell) AS index_e1
        FROM (UNPIVOT (FROM {wide(f"{exports}/统计局/分行业*.csv")})
            ON COLUMNS(* EXCLUDE (行业大类代码, 行业大类名称)) INTO NAME span VALUE cell);
    -- Fen, and tenths of a percent.
    CREATE TABLE published AS
        SELECT CAST(span[1:4] AS INTEGER) * 4 + instr('一二三四', span[7:7]) - 1 AS quarter,
            max(hundredths(cell) * 100000000) FILTER (指标 LIKE '规模以上工业增加值累计值%') AS va,
            max(tenths(cell)) FILTER (指标 LIKE '规模以上工业增加值累计增长%') AS growth_e1
        FROM (UNPIVOT (FROM {wide(f"{exports}/国家统计局/*.csv")}) ON COLUMNS(* EXCLUDE (指标)) INTO NAME span VALUE cell)
        GROUP BY ALL;
    """


def facts():
    """Keys become units; of several sendings the latest counts, and an exact repetition counts once."""

    def latest(form, columns):
        return f"""CREATE VIEW {form} AS
        SELECT unit, quarter, {columns} FROM read_{form} JOIN key USING (key) WHERE read_{form}.rowid IN (
            SELECT arg_max(read_{form}.rowid, vintage) FROM read_{form} JOIN key USING (key) GROUP BY unit, quarter
        );"""

    return f"""
    CREATE TABLE key AS
        WITH spelling AS (
            SELECT key, replace(plain(key), '-', '') AS k FROM (
                SELECT key FROM read_b203 UNION ALL SELECT key FROM read_b204 UNION ALL SELECT key FROM read_energy
                UNION ALL SELECT key FROM read_tax UNION ALL SELECT key FROM read_retrofit
            ) GROUP BY key
        ),
        checked AS (
            SELECT key, k[9:17] AS unit_code FROM spelling WHERE length(k) = 18 AND is_credit_code(k)
            UNION ALL
            SELECT key, k FROM spelling WHERE length(k) = 9 AND is_organisation_code(k)
        )
        SELECT key, unit FROM checked JOIN (SELECT DISTINCT unit, unit_code FROM stay) USING (unit_code);
    {latest("b203", "division, revenue, revenue_prior, profit, profit_prior, staff")}
    {latest("b204", "division, output, output_prior")}
    {latest("energy", "energy, energy_prior")}
    {latest("tax", "tax")}
    CREATE TABLE retrofit AS
        SELECT unit, min(quarter) AS retrofit_quarter FROM read_retrofit JOIN key USING (key) GROUP BY unit;
    -- Everyone on the register in every quarter, with what each form says. Output is in thousands of yuan: times 10 times a
    -- rate in ten-thousandths is fen.
    CREATE TABLE enterprise AS
        SELECT stay.unit, calendar.quarter, stay.park, park.city, stay.first_quarter,
            b203.unit IS NOT NULL AS filed, b203.division AS division_b203, revenue, revenue_prior, profit, profit_prior, staff,
            b204.division AS division_b204, output * 10 * now.rate_e4 AS va, output_prior * 10 * prior.rate_e4 AS va_prior,
            energy, energy_prior, tax, filed AND coalesce(retrofit_quarter <= calendar.quarter, false) AS retrofitted
        FROM stay
        JOIN calendar ON calendar.quarter BETWEEN from_quarter AND to_quarter
        LEFT JOIN park ON park.park = stay.park
        LEFT JOIN b203 ON b203.unit = stay.unit AND b203.quarter = calendar.quarter
        LEFT JOIN b204 ON b204.unit = stay.unit AND b204.quarter = calendar.quarter
        LEFT JOIN energy ON energy.unit = stay.unit AND energy.quarter = calendar.quarter
        LEFT JOIN tax ON tax.unit = stay.unit AND tax.quarter = calendar.quarter
        LEFT JOIN retrofit ON retrofit.unit = stay.unit
        LEFT JOIN rate AS now ON now.division = b204.division AND now.year = calendar.quarter // 4
        LEFT JOIN rate AS prior ON prior.division = b204.division AND prior.year = calendar.quarter // 4 - 1;
    """


def trailing():
    """Increments between known year-to-date values, and their sums over the four quarters that hold them whole."""

    def increment(name):
        known = f"CASE WHEN {name} IS NOT NULL THEN quarter END"
        return (
            f"{name} - coalesce(lag({name} IGNORE NULLS) OVER year, 0) AS {name}, "
            f"coalesce(lag({known} IGNORE NULLS) OVER year + 1, greatest(quarter - quarter % 4, first_quarter)) AS {name}_from"
        )

    def sums(name, keys, more=""):
        return f"""
        SELECT {keys}, calendar.quarter, sum({name}) AS {name} FROM (
            SELECT {keys}, quarter, {name}_from, sum({name}) AS {name} FROM increment {more}
            WHERE {name} IS NOT NULL GROUP BY ALL
        ) AS part JOIN calendar ON calendar.quarter BETWEEN greatest(part.quarter, calendar.record_start + 3) AND {name}_from + 3
        GROUP BY ALL"""

    return f"""
    CREATE TABLE increment AS
        SELECT quarter, park, division_b203, {increment("tax")}, {increment("va")}, {increment("revenue")}
        FROM enterprise WINDOW year AS (PARTITION BY unit, quarter // 4 ORDER BY quarter)
        QUALIFY park IS NOT NULL;
    CREATE TABLE tax_ttm AS {sums("tax", "park")};
    CREATE TABLE va_ttm AS {sums("va", "park")};
    -- 100 and 30 billion yuan.
    CREATE TABLE clusters AS
        SELECT quarter, count(*) FILTER (revenue >= 10000000000000) AS at_100bn,
            count(*) FILTER (revenue >= 3000000000000) AS at_30bn
        FROM ({sums("revenue", "cluster_code", "JOIN cluster ON cluster.park = increment.park AND division = division_b203")})
        GROUP BY quarter;
    """


def parks():
    """Sums of each park and quarter. Prices of last year are those of a division, in 10^-9 fen to stay with integers."""
    real = "sum(CAST({} AS HUGEINT) * 1000000000000 // index_e1) AS {}"
    return f"""
    CREATE TABLE park_enterprise AS
        WITH part AS (
            SELECT park, quarter, division_b204 AS division,
                count(*) FILTER (filed) AS members, count(*) FILTER (retrofitted) AS retrofitted,
                count(tax) AS tax_members, sum(tax) AS tax,
                count(va) AS va_members, sum(va) AS va,
                sum(revenue) FILTER (revenue_prior IS NOT NULL) AS revenue, sum(revenue_prior) AS revenue_prior,
                sum(profit) FILTER (profit_prior IS NOT NULL) AS profit,
                sum(profit_prior) FILTER (profit IS NOT NULL) AS profit_prior,
                sum(va) FILTER (staff IS NOT NULL) AS staff_va, sum(staff) FILTER (va IS NOT NULL) AS staff,
                sum(va) FILTER (va_prior IS NOT NULL) AS growth_va, sum(va_prior) AS growth_va_prior,
                sum(energy) FILTER (va IS NOT NULL) AS energy, sum(va) FILTER (energy IS NOT NULL) AS energy_va,
                sum(energy) FILTER (matched) AS matched_energy, sum(energy_prior) FILTER (matched) AS matched_energy_prior,
                sum(va) FILTER (matched) AS matched_va, sum(va_prior) FILTER (matched) AS matched_va_prior
            FROM (
                SELECT *, energy IS NOT NULL AND energy_prior IS NOT NULL AND va IS NOT NULL AND va_prior IS NOT NULL AS matched
                FROM enterprise WHERE park IS NOT NULL
            )
            GROUP BY ALL
        )
        SELECT park, quarter, sum(COLUMNS(* EXCLUDE (park, quarter, division, growth_va, energy_va, matched_va))),
            {real.format("growth_va", "growth_real")}, {real.format("energy_va", "energy_real")},
            {real.format("matched_va", "matched_real")}
        FROM part LEFT JOIN price USING (division, quarter)
        GROUP BY park, quarter;
    CREATE TABLE park_stayed AS
        SELECT now.park, now.quarter, count(*) FILTER (now.park = before.park) AS stayed_park,
            count(*) FILTER (now.city = before.city) AS stayed_city, count(*) AS stayed_province
        FROM enterprise AS now JOIN enterprise AS before ON before.unit = now.unit AND before.quarter = now.quarter - 4
        WHERE now.filed AND before.filed AND now.park IS NOT NULL AND before.park IS NOT NULL
        GROUP BY ALL;
    -- A park without land leaves the sums per mu altogether.
    CREATE TABLE park_quarter AS
        SELECT park.park, calendar.quarter, e.* EXCLUDE (park, quarter, tax, tax_members), land,
            CASE WHEN land > 0 THEN e.tax END AS land_tax,
            CASE WHEN land > 0 THEN tax_ttm.tax END AS land_tax_ttm, CASE WHEN land > 0 THEN va_ttm.va END AS land_va_ttm,
            planned, built_up, people, stayed_park, stayed_city, stayed_province
        FROM park CROSS JOIN calendar
        LEFT JOIN park_enterprise AS e ON e.park = park.park AND e.quarter = calendar.quarter
        LEFT JOIN land ON land.park = park.park AND land.quarter = calendar.quarter
        LEFT JOIN tax_ttm ON tax_ttm.park = park.park AND tax_ttm.quarter = calendar.quarter
        LEFT JOIN va_ttm ON va_ttm.park = park.park AND va_ttm.quarter = calendar.quarter
        LEFT JOIN park_form ON park_form.park = park.park AND park_form.quarter = calendar.quarter
        LEFT JOIN park_stayed AS stayed ON stayed.park = park.park AND stayed.quarter = calendar.quarter;
    """


def indicators(out):
    """Parks to areas, sums to indicators: id, value, numerator and denominator where they are exact sums."""

    def over(numerator, denominator, factor="1.0"):
        return f"CAST({numerator} AS DOUBLE) / nullif(CAST({denominator} AS DOUBLE), 0) * {factor}"

    def ratio(numerator, denominator, factor="1.0"):
        return over(numerator, denominator, factor), numerator, denominator

    def growth(now, before):
        return over(f"({now} - {before})", before, "100"), now, before

    def level(sum, factor="1.0"):
        return f"CAST({sum} AS DOUBLE) * {factor}", sum, "NULL"

    def turnover(sum):
        return level(f"CASE WHEN quarter >= record_start + 4 AND members + members_before > 0 THEN {sum} END")

    profit = growth("profit", "profit_prior")
    nano = "(1000000000 * CAST({} AS HUGEINT))"
    real = f"CAST(growth_real - {nano.format('growth_va_prior')} AS DOUBLE)"
    contribution = (
        f"CASE WHEN abs(growth_e1) >= 5 AND growth_va_prior <> 0 THEN {over('va', 'published_va')} "
        f"* {real} / nullif(CAST(growth_real AS DOUBLE), 0) / (growth_e1 / (1000.0 + growth_e1)) * 100 END"
    )
    rows = {
        "tax_per_mu_ytd": ratio("land_tax", "CASE WHEN land_tax IS NOT NULL THEN land END"),
        "tax_per_mu_ttm": ratio("land_tax_ttm", "CASE WHEN land_tax_ttm IS NOT NULL THEN land END"),
        "value_added_per_mu_ttm": ratio("land_va_ttm", "CASE WHEN land_va_ttm IS NOT NULL THEN land END"),
        "energy_intensity_ytd": (over("energy", "energy_real", "1e9"), "energy", "NULL"),
        "energy_intensity_change_ytd": (
            f"(({over('matched_energy', 'matched_energy_prior')}) / nullif("
            f"{over('matched_real', nano.format('matched_va_prior'))}, 0) - 1) * 100", "NULL", "NULL"),
        "smart_retrofit_coverage": ratio("CASE WHEN members > 0 THEN retrofitted END", "nullif(members, 0)", "100"),
        "share_of_province_va_ytd": ratio("va", "CASE WHEN va IS NOT NULL THEN published_va END", "100"),
        "real_growth_ytd": (
            f"{real} / nullif(CAST({nano.format('growth_va_prior')} AS DOUBLE), 0) * 100", "NULL", "growth_va_prior"),
        "contribution_ytd": (contribution, "NULL", "NULL"),
        "pull_ytd": (f"({contribution}) * growth_e1 / 1000.0", "NULL", "NULL"),
        "planned_area": level("planned", "1e-9 / 1.5"),
        "built_up_area": level("built_up", "1e-9 / 1.5"),
        "employees_all": level("people"),
        "enterprises": level("nullif(members, 0)"),
        "enterprises_stayed": turnover("stayed"),
        "enterprises_entered": turnover("members - stayed"),
        "enterprises_left": turnover("members_before - stayed"),
        "revenue_growth_ytd": growth("revenue", "revenue_prior"),
        "profit_growth_ytd": (f"CASE WHEN profit_prior > 0 THEN {profit[0]} END", *profit[1:]),
        "labour_productivity_ytd": ratio("staff_va", "staff", "1e-6"),
        "clusters_100bn": level("at_100bn"),
        "clusters_30bn": level("at_30bn"),
    }
    structs = ",\n".join(
        f"{{indicator: '{name}', value: {value}, numerator: CAST({numerator} AS BIGINT), "
        f"denominator: CAST({denominator} AS BIGINT)}}"
        for name, (value, numerator, denominator) in rows.items()
    )
    return f"""
    CREATE TABLE area_quarter AS
        WITH sums AS (
            SELECT level, ref_area, quarter, sum(COLUMNS(park_quarter.* EXCLUDE (park, quarter)))
            FROM area JOIN park_quarter USING (park) GROUP BY level, ref_area, quarter
        )
        SELECT sums.*, record_start, published.va AS published_va, growth_e1, at_100bn, at_30bn,
            coalesce(lag(members, 4) OVER (PARTITION BY sums.level, sums.ref_area ORDER BY sums.quarter), 0) AS members_before,
            coalesce(CASE level WHEN 'park' THEN stayed_park WHEN 'city' THEN stayed_city ELSE stayed_province END, 0) AS stayed
        FROM sums JOIN calendar USING (quarter) LEFT JOIN published USING (quarter)
        LEFT JOIN clusters ON clusters.quarter = sums.quarter AND level = 'province';
    COPY (
        SELECT level, (quarter // 4) || 'Q' || (quarter % 4 + 1) AS quarter, CAST(ref_area AS VARCHAR) AS ref_area,
            (quarter // 4) || '-Q' || (quarter % 4 + 1) AS time_period, cell.indicator AS indicator, cell.value AS value,
            cell.numerator AS numerator, cell.denominator AS denominator
        FROM (
            SELECT level, quarter, ref_area, unnest([{structs}]) AS cell
            FROM (SELECT * REPLACE (coalesce(members, 0) AS members) FROM area_quarter)
        )
        WHERE level = 'province' OR cell.indicator NOT LIKE 'clusters%'
        ORDER BY ref_area, indicator
    ) TO '{out}' (FORMAT parquet, PARTITION_BY (level, quarter), FILENAME_PATTERN 'part-{{i}}');
    """


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--data", type=Path, required=True, help="what utf8_copies.py wrote")
    arguments.add_argument("--out", type=Path, required=True, help="indicators/ below it is replaced")
    arguments.add_argument("--threads", type=int)
    options = arguments.parse_args()
    exports, out = options.data / "exports", options.out / "indicators"
    shutil.rmtree(out, ignore_errors=True)
    options.out.mkdir(parents=True, exist_ok=True)

    base = duckdb.connect()
    base.execute("SET preserve_insertion_order = false")
    if options.threads:
        base.execute(f"SET threads = {options.threads}")
    base.execute(macros())
    seconds = {"start": time.perf_counter() - STARTED}
    for name, sql in [
        ("registers", registers(options.data / "config" / "registers")),
        ("forms", read_forms(exports)),
        ("areas", read_areas(exports)),
        ("facts", facts()),
        ("trailing", trailing()),
        ("parks", parks()),
        ("indicators", indicators(out)),
    ]:
        begun = time.perf_counter()
        base.execute(sql)
        seconds[name] = time.perf_counter() - begun
    seconds["total"] = time.perf_counter() - STARTED
    print(json.dumps({name: round(value, 4) for name, value in seconds.items()}), file=sys.stderr)


if __name__ == "__main__":
    main()
