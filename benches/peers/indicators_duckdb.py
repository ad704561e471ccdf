"""The whole job as a DuckDB script: from UTF-8 copies of the exports to all indicators in Parquet.

    python indicators_duckdb.py --data OUT_UTF8 --out DIR [--config DIR] [--threads N]

It reads what `utf8_copies.py` writes and gives the same values, numerators and denominators as mujun for every area and
quarter, the same status and coverage, change on the year and rank; the formulas are in `catalogue.py`. It does what right numbers need
and no more: no ledger, no quarantine, no problems, and only the columns that the indicators use are parsed, where what is no number
counts as missing. What exports say of one another (figures in another unit, contents that repeat) it does not ask, nor does it know
parks that became others, or lists that take the place of earlier ones.
It is written for speed as an expert would: one `read_csv` per form over all its files, keys looked up as they stand and checked
once per spelling where that finds nothing, cells cleaned only where a plain cast fails, integers throughout.

The wall time of each step goes to standard error as JSON.
"""

import time

STARTED = time.perf_counter()

import argparse
import json
import sys
from pathlib import Path

import catalogue
from methods import Methods

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
EMISSION = "key name cod cod_prior nh3n nh3n_prior so2 so2_prior nox nox_prior"
RD = "key name spent spent_prior"
FILING = "key name class sales income_va research insured"
METER = "key name metered"
RETROFIT = "serial key name project completed"
RECOGNITION = "serial entry key name category grade awarded revoked"
HOLDING = "parcel key name area held_from held_to"
LAND = "parcel park_code park_name land_use area granted returned"
PARK_FORM = "park_code park_name planned built_up factories roads people"
PARK_REFORM = """park_code park_name sub_parks park_revenue sub_park_revenue green_park smart_park chemical_led remediation
    central_sewage online_monitoring committee_company operating_company delegated_powers financing market_financing
    high_level_staff managers contracted_investment realised_investment in_place_funds fixed_investment renovation_investment
    project_investment industrial_floor idle_land"""
COUNTY = "region county va"

# What brings a cell of the form on construction and reform to whole fen, millionths of a mu, persons or units.
REFORM_UNITS = {
    "100000000 * hundredths": "park_revenue sub_park_revenue contracted_investment realised_investment fixed_investment "
    "project_investment",
    "10000 * hundredths": "financing market_financing in_place_funds renovation_investment idle_land",
    "150000 * hundredths": "industrial_floor",
    "whole": "sub_parks delegated_powers high_level_staff",
}


def weighted(code):
    """The weighted sum of the characters of `k` as SQL."""
    alphabet, weights = code
    return " + ".join(
        f"{weight} * (instr('{alphabet}', substr(k, {place}, 1)) - 1)" for place, weight in enumerate(weights, 1)
    )


def forms(pattern, columns, skip, new_line=LF, delimiter=",", more=""):
    """All files of a form at once, cells as text; nothing is sniffed, since the form is known."""
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in columns.split())
    return (
        f"read_csv('{pattern}', columns = {{{columns}}}, auto_detect = false, header = false, skip = {skip}, quote = '\"', "
        f"escape = '\"', delim = '{delimiter}', new_line = '{new_line}', filename = true{more})"
    )


# With notes below or other lines among the rows.
RAGGED = ", null_padding = true, strict_mode = false"


def wide(pattern):
    """A table with one column for each period, below three lines of preamble and above notes."""
    return f"read_csv('{pattern}', all_varchar = true, header = true, skip = 3, delim = ','{RAGGED})"


def macros():
    # A quarter is year * 4 + (0..3). Period and vintage stand in a file's name, the same for all rows of a chunk.
    return f"""
    -- Nearly every cell is tidy, and translate() is dear.
    CREATE MACRO plain(x) AS CASE WHEN regexp_matches(x, '[{UNTIDY}]') THEN translate(x, '{UNTIDY}', '{ASCII}') ELSE x END;
    CREATE MACRO whole(x) AS coalesce(TRY_CAST(x AS BIGINT), TRY_CAST(plain(x) AS BIGINT));
    CREATE MACRO hundredths(x) AS
        CAST(100 * coalesce(TRY_CAST(x AS DECIMAL(15, 2)), TRY_CAST(plain(x) AS DECIMAL(15, 2))) AS BIGINT);
    CREATE MACRO thousandths(x) AS
        CAST(1000 * coalesce(TRY_CAST(x AS DECIMAL(14, 3)), TRY_CAST(plain(x) AS DECIMAL(14, 3))) AS BIGINT);
    CREATE MACRO ten_thousandths(x) AS CAST(10000 * TRY_CAST(plain(x) AS DECIMAL(13, 4)) AS BIGINT);
    CREATE MACRO tenths(x) AS CAST(10 * TRY_CAST(plain(x) AS DECIMAL(15, 1)) AS BIGINT);
    CREATE MACRO month_quarter(year, month) AS CAST(year AS INTEGER) * 4 + (CAST(month AS INTEGER) - 1) // 3;
    CREATE MACRO span_quarter(x) AS
        month_quarter(regexp_extract(x, '(\\d{{4}})年1-(\\d+)月', 1), regexp_extract(x, '(\\d{{4}})年1-(\\d+)月', 2));
    CREATE MACRO date_quarter(x) AS CASE WHEN x <> '' THEN month_quarter(
        regexp_extract(x, '^(\\d{{4}})\\D?(\\d{{1,2}})', 1), regexp_extract(x, '^(\\d{{4}})\\D?(\\d{{1,2}})', 2)) END;
    CREATE MACRO vintage(x) AS CAST(regexp_extract(x, '_(\\d{{8}})\\.[.a-z]+$', 1) AS INTEGER);
    -- The first two of four digits; a class may have lost its leading zero.
    CREATE MACRO division_of(x) AS CAST(whole(x) // 100 AS SMALLINT);
    CREATE MACRO is_credit_code(k) AS regexp_full_match(k, '[{CREDIT[0]}]{{18}}')
        AND instr('{CREDIT[0]}', k[18:18]) - 1 = (31 - ({weighted(CREDIT)}) % 31) % 31;
    CREATE MACRO is_organisation_code(k) AS regexp_full_match(k, '[0-9A-Z]{{8}}[0-9X]')
        AND instr('0123456789X0', k[9:9]) - 1 = (11 - ({weighted(ORGANISATION)}) % 11) % 11;
    -- From the unit of a ledger to millionths of a mu.
    CREATE MACRO micromu(area, unit) AS CASE unit WHEN '亩' THEN ten_thousandths(area) * 100
        WHEN '公顷' THEN ten_thousandths(area) * 1500 WHEN '平方米' THEN ten_thousandths(area) * 15 // 100 END;
    """


# Each form of enterprises: its files, how they are laid out, its columns, which rows can be believed. In fen and grams.
ENTERPRISE_FORMS = {
    "finance": (
        ("统计局/B203*.csv", B203, 6, CRLF),
        """division_of(class) AS division, whole(revenue) * 100000 AS revenue, whole(revenue_prior) * 100000 AS revenue_prior,
        whole(profit) * 100000 AS profit, whole(profit_prior) * 100000 AS profit_prior, whole(staff) AS staff""",
        "revenue >= 0",
    ),
    "output": (
        ("统计局/B204-1*.csv", B204, 5),
        """division_of(class) AS division, whole(output) * 100000 AS output, whole(output_prior) * 100000 AS output_prior""",
        "output >= 0",
    ),
    "energy": (
        ("能源/205-1*.csv", ENERGY, 5),
        "hundredths(energy) * 10000 AS energy, hundredths(energy_prior) * 10000 AS energy_prior", "true",
    ),
    "tax": (
        ("税务/规上工业企业税收*.txt", TAX, 4, LF, TAB),
        "hundredths(tax) * 10000 AS tax, hundredths(tax_prior) * 10000 AS tax_prior", "true",
    ),
    "emission": (
        ("生态环境/规上工业企业排放*.csv", EMISSION, 5, CRLF),
        """(thousandths(cod) + thousandths(nh3n) + thousandths(so2) + thousandths(nox)) * 1000 AS emission,
        (thousandths(cod_prior) + thousandths(nh3n_prior) + thousandths(so2_prior) + thousandths(nox_prior)) * 1000
            AS emission_prior""", "true",
    ),
    "rd": (("统计局/规上工业企业研发活动*.csv", RD, 5, CRLF), "whole(spent) * 100000 AS spent", "spent IS NULL OR spent >= 0"),
    "filing": (
        ("税务/规上工业企业申报*.txt", FILING, 4, LF, TAB),
        "division_of(class) AS division, hundredths(sales) * 10000 AS sales, hundredths(research) * 10000 AS research",
        "sales IS NULL OR sales >= 0",
    ),
    "meter": (
        ("供能企业/规上工业企业用能计量*.csv", METER, 4, CRLF),
        "hundredths(metered) * 10000 AS metered", "metered IS NULL OR metered >= 0",
    ),
    "retrofit": (("工信/规上工业企业智能化改造项目名单*.csv", RETROFIT, 3), "date_quarter(plain(completed)) AS quarter", "true"),
}


def read_forms(exports):
    """Forms of enterprises, each row with the number of its enterprise or else with its key."""

    def read(form):
        (pattern, *layout), columns, believed = ENTERPRISE_FORMS[form]
        when = "" if form == "retrofit" else "span_quarter(filename) AS quarter, vintage(filename) AS vintage, "
        return f"""
        CREATE TABLE {form} AS
            SELECT unit, CASE WHEN unit IS NULL THEN key END AS stray, row.* EXCLUDE (key)
            FROM (SELECT key, {when}{columns} FROM {forms(f"{exports}/{pattern}", *layout)}) AS row
            LEFT JOIN spelling USING (key) WHERE {believed};"""

    return f"""
    -- The codes of the register that are right, in the spellings that are tidy.
    CREATE TABLE spelling AS
        SELECT DISTINCT unit, unnest([
            CASE WHEN is_credit_code(credit_code) AND credit_code[9:17] = unit_code THEN credit_code END,
            CASE WHEN is_organisation_code(unit_code) THEN unit_code END,
            CASE WHEN is_organisation_code(unit_code) THEN unit_code[1:8] || '-' || unit_code[9:9] END
        ]) AS key
        FROM stay;
    {"".join(map(read, ENTERPRISE_FORMS))}
    """


def read_lists(exports):
    """What enterprises hold: recognitions, and land by lists of their cities, each in its own unit."""
    return f"""
    CREATE TABLE recognition AS
        SELECT DISTINCT entry, unit, CASE WHEN unit IS NULL THEN key END AS stray, plain(category) AS category,
            date_quarter(plain(awarded)) AS awarded, date_quarter(plain(revoked)) AS revoked
        FROM {forms(f"{exports}/工信/企业认定与上云名单*.csv", RECOGNITION, 3)} LEFT JOIN spelling USING (key)
        WHERE plain(category) IN {tuple(catalogue.RECOGNISED.values())};
    CREATE TABLE read_holding AS
        FROM {forms(f"{exports}/自然资源/*规上工业企业用地*.csv", HOLDING, 0, more=RAGGED)};
    CREATE TABLE holding AS
        WITH list AS (
            SELECT filename, plain(split_part(parcel, '：', 2)) AS area_unit FROM read_holding WHERE parcel LIKE '单位：%'
        )
        SELECT DISTINCT parcel, unit, CASE WHEN unit IS NULL THEN key END AS stray, micromu(area, area_unit) AS area,
            date_quarter(plain(held_from)) AS held_from, date_quarter(plain(held_to)) AS held_to
        FROM read_holding JOIN list USING (filename) LEFT JOIN spelling USING (key)
        WHERE ten_thousandths(area) > 0;
    """


def read_areas(exports):
    """Land, the forms of parks, price indices and the published series: small, each in a layout of its own."""
    factors = {name: factor for factor, names in REFORM_UNITS.items() for name in names.split()}
    figures = ", ".join(f"{factors[name]}({name}) AS {name}" for name in catalogue.REFORM_FIGURES)
    words = ", ".join(f"plain({name}) AS {name}" for name in [*catalogue.REFORM_ANSWERS, "remediation"])

    def of_parks(table, pattern, layout, columns):
        return f"""
        CREATE TABLE {table} AS
            SELECT * FROM (
                SELECT TRY_CAST(plain(park_code) AS INTEGER) AS park, span_quarter(filename) AS quarter,
                    vintage(filename) AS vintage, {columns}
                FROM {forms(f"{exports}/集聚区/{pattern}", layout, 5)}
            ) SEMI JOIN park USING (park)
            QUALIFY row_number() OVER (PARTITION BY park, quarter ORDER BY vintage DESC) = 1;"""

    return f"""
    CREATE TABLE read_land AS FROM {forms(f"{exports}/自然资源/*工业用地台账*.csv", LAND, 0, more=RAGGED)};
    CREATE TABLE parcel AS
        WITH ledger AS (
            SELECT filename, plain(split_part(parcel, '：', 2)) AS area_unit FROM read_land WHERE parcel LIKE '单位：%'
        )
        SELECT DISTINCT parcel, park, micromu(area, area_unit) AS area, date_quarter(plain(granted)) AS granted,
            date_quarter(plain(returned)) AS returned
        FROM read_land JOIN ledger USING (filename) JOIN park ON park = TRY_CAST(plain(park_code) AS INTEGER)
        WHERE plain(land_use) = '工业用地' AND ten_thousandths(area) > 0;
    {of_parks("park_form", "JJQ201*.csv", PARK_FORM, '''hundredths(planned) * 15000000 AS planned,
        hundredths(built_up) * 15000000 AS built_up, hundredths(factories) * 150000 AS factories, whole(people) AS people''')}
    {of_parks("park_reform", "产业集聚区建设与改革情况*.csv", PARK_REFORM, f"{figures}, {words}")}
    CREATE TABLE price AS
        SELECT TRY_CAST(plain(行业大类代码) AS SMALLINT) AS division, span_quarter(span) AS quarter,
            tenths(cell) * 1000 AS index_micro
        FROM (UNPIVOT (FROM {wide(f"{exports}/统计局/分行业*.csv")})
            ON COLUMNS(* EXCLUDE (行业大类代码, 行业大类名称)) INTO NAME span VALUE cell);
    CREATE TABLE published AS
        SELECT CAST(span[1:4] AS INTEGER) * 4 + instr('一二三四', span[7:7]) - 1 AS quarter,
            max(hundredths(cell) * 100000000) FILTER (指标 LIKE '规模以上工业增加值累计值%') AS va,
            max(tenths(cell) * 1000) FILTER (指标 LIKE '规模以上工业增加值累计增长%') AS growth_micro
        FROM (UNPIVOT (FROM {wide(f"{exports}/国家统计局/*.csv")}) ON COLUMNS(* EXCLUDE (指标)) INTO NAME span VALUE cell)
        GROUP BY ALL;
    CREATE TABLE county AS
        SELECT TRY_CAST(plain(region) AS INTEGER) AS region, span_quarter(filename) AS quarter, hundredths(va) * 100000000 AS va
        FROM {forms(f"{exports}/统计局/分县*.csv", COUNTY, 4, more=RAGGED)}
        QUALIFY row_number() OVER (PARTITION BY region, quarter ORDER BY vintage(filename) DESC) = 1;
    """


def settle():
    """Stray keys become units where they are right; of rows of one enterprise and quarter the last sent stays."""
    listed = [*ENTERPRISE_FORMS, "recognition", "holding"]
    again = "(unit, quarter) IN (SELECT (unit, quarter) FROM {} GROUP BY unit, quarter HAVING count(*) > 1)"
    return f"""
    CREATE TABLE stray AS
        WITH spelling AS (
            SELECT stray, replace(plain(stray), '-', '') AS k
            FROM ({" UNION ALL ".join(f"SELECT stray FROM {table} WHERE stray IS NOT NULL" for table in listed)}) GROUP BY stray
        ),
        checked AS (
            SELECT stray, k[9:17] AS unit_code FROM spelling WHERE length(k) = 18 AND is_credit_code(k)
            UNION ALL
            SELECT stray, k FROM spelling WHERE length(k) = 9 AND is_organisation_code(k)
        )
        SELECT stray, unit FROM checked JOIN (SELECT DISTINCT unit, unit_code FROM stay) USING (unit_code);
    {"".join(f"UPDATE {table} SET unit = stray.unit FROM stray WHERE stray.stray = {table}.stray;" for table in listed)}
    {"".join(catalogue.superseded(form, "unit", again.format(form)) for form in ENTERPRISE_FORMS if form != "retrofit")}
    """


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--data", type=Path, required=True, help="what utf8_copies.py wrote")
    arguments.add_argument("--out", type=Path, required=True, help="indicators/ below it is replaced")
    arguments.add_argument("--config", type=Path, default=catalogue.CONFIG, help="methods and shared registers")
    arguments.add_argument("--threads", type=int)
    options = arguments.parse_args()
    exports = options.data / "exports"

    base = catalogue.database(options.threads)
    base.execute(macros())
    seconds = {"start": time.perf_counter() - STARTED}
    seconds |= catalogue.timed(base, [
        ("registers", catalogue.registers(options.data / "config" / "registers", options.config)),
        ("forms", read_forms(exports)),
        ("lists", read_lists(exports)),
        ("tables", read_areas(exports)),
        ("settle", settle()),
        *catalogue.steps(Methods(options.config)),
    ])
    begun = time.perf_counter()
    catalogue.write(base, options.out)
    seconds |= {"write": time.perf_counter() - begun, "total": time.perf_counter() - STARTED}
    print(json.dumps({name: round(value, 4) for name, value in seconds.items()}), file=sys.stderr)


if __name__ == "__main__":
    main()
