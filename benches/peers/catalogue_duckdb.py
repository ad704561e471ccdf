"""The catalogue as a DuckDB script, from the facts of a store: what the models and the indicators compute, and how.

    python catalogue_duckdb.py --store STORE --registers DIR [--config DIR] --out DIR [--threads N]

It begins where mujun's stage `model` begins, at the Parquet of clean facts, and ends where that ends, at the value, numerator and
denominator of every indicator, area and quarter, with status, coverage, change on the year and rank; the formulas are in `catalogue.py`.
DIR gets `indicators/level=*/quarter=*/*.parquet`, which is not part of the time. The wall time of each step goes to standard error as
JSON; `total` is from the first register to the last indicator, the import of DuckDB left out, and `cpu` its processor time.
"""

import argparse
import json
import resource
import sys
import time
from pathlib import Path

import catalogue
from methods import Methods


class Facts:
    """The facts of a store, each as the latest vintage of its rows."""

    def __init__(self, store):
        self.folder = store / "facts"

    def read(self, dataset):
        return f"read_parquet('{self.folder}/{dataset}/*.parquet')"

    def latest(self, table, dataset, key, columns, join=""):
        """Only quarters that were issued twice can hold rows of an older vintage."""
        again = f"quarter IN (SELECT quarter FROM {table} GROUP BY quarter HAVING min(vintage) < max(vintage))"
        return f"""
        CREATE TABLE {table} AS
            SELECT {key[1]} AS {key[0]}, CAST(quarter AS INTEGER) AS quarter, vintage, {columns}
            FROM {self.read(dataset)} {join};
        {catalogue.superseded(table, key[0], again)}"""

    def of_units(self, table, dataset, columns):
        return self.latest(table, dataset, ("unit", "unit"), columns, "JOIN unit USING (unit_code)")

    def of_parks(self, table, columns):
        return self.latest(table, table, ("park", "CAST(park_code AS INTEGER)"), columns)

    def tables(self):
        division = "CAST({} AS SMALLINT) // 100 AS division"
        pollutants = ("cod", "nh3n", "so2", "nox")
        emission, emission_prior = (" + ".join(f"{name}_{time}_g" for name in pollutants) for time in ("ytd", "prior_ytd"))
        return [
            "CREATE TABLE unit AS SELECT DISTINCT unit, unit_code FROM stay;",
            self.of_units("finance", "finance", f"""{division.format("industry_code")}, revenue_ytd_fen AS revenue,
                revenue_prior_ytd_fen AS revenue_prior, profit_ytd_fen AS profit, profit_prior_ytd_fen AS profit_prior,
                employees_average_persons AS staff"""),
            self.of_units("output", "output", f"""{division.format("industry_code")}, output_ytd_fen AS output,
                output_prior_ytd_fen AS output_prior"""),
            self.of_units("energy", "energy", "energy_ytd_gce AS energy, energy_prior_ytd_gce AS energy_prior"),
            self.of_units("tax", "tax", "tax_ytd_fen AS tax, tax_prior_ytd_fen AS tax_prior"),
            self.of_units("emission", "emission", f"{emission} AS emission, {emission_prior} AS emission_prior"),
            self.of_units("rd", "rd", "rd_expenditure_ytd_fen AS spent"),
            self.of_units("filing", "tax_filing", f"""{division.format("filing_industry_code")}, sales_ytd_fen AS sales,
                research_deduction_ytd_fen AS research"""),
            self.of_units("meter", "meter", "metered_ytd_gce AS metered"),
            f"""
            CREATE TABLE retrofit AS
                SELECT unit, completed_quarter AS quarter FROM {self.read("retrofit")} JOIN unit USING (unit_code);
            CREATE TABLE recognition AS
                SELECT unit, category, awarded_quarter AS awarded, revoked_quarter AS revoked
                FROM {self.read("recognition")} JOIN unit USING (unit_code);
            CREATE TABLE holding AS
                SELECT unit, held_micromu AS area, held_from_quarter AS held_from, held_to_quarter AS held_to
                FROM {self.read("unit_land")} JOIN unit USING (unit_code);
            CREATE TABLE parcel AS
                SELECT CAST(park_code AS INTEGER) AS park, area_micromu AS area, granted_quarter AS granted,
                    returned_quarter AS returned
                FROM {self.read("land_parcel")} WHERE land_use = '工业用地';
            """,
            self.of_parks("park_form", """planned_area_micromu AS planned, built_up_area_micromu AS built_up,
                standard_factory_area_micromu AS factories, employees_all_persons AS people"""),
            self.of_parks("park_reform", """sub_parks_units AS sub_parks, park_revenue_ytd_fen AS park_revenue,
                sub_park_revenue_ytd_fen AS sub_park_revenue, delegated_powers_units AS delegated_powers,
                financing_ytd_fen AS financing, market_financing_ytd_fen AS market_financing,
                high_level_persons AS high_level_staff, contracted_ytd_fen AS contracted_investment,
                realised_ytd_fen AS realised_investment, in_place_ytd_fen AS in_place_funds,
                fixed_investment_ytd_fen AS fixed_investment, renovation_investment_ytd_fen AS renovation_investment,
                project_investment_fen AS project_investment, industrial_floor_micromu AS industrial_floor,
                idle_land_micromu AS idle_land, remediation, """ + ", ".join(catalogue.REFORM_ANSWERS)),
            f"""
            CREATE TABLE price AS
                SELECT CAST(industry_division AS SMALLINT) AS division, CAST(quarter AS INTEGER) AS quarter, index_micro
                FROM {self.read("producer_price")};
            CREATE TABLE published AS
                SELECT CAST(quarter AS INTEGER) AS quarter, max(value) FILTER (indicator = 'industrial_value_added_ytd') AS va,
                    max(value) FILTER (indicator = 'industrial_value_added_growth_ytd') AS growth_micro
                FROM {self.read("province_series")} GROUP BY ALL;
            CREATE TABLE county AS
                SELECT CAST(region_code AS INTEGER) AS region, CAST(quarter AS INTEGER) AS quarter, county_va_ytd_fen AS va
                FROM {self.read("county_series")};
            """,
        ]


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--store", type=Path, required=True)
    arguments.add_argument("--registers", type=Path, required=True, help="those of the sample")
    arguments.add_argument("--config", type=Path, default=catalogue.CONFIG, help="methods and shared registers")
    arguments.add_argument("--out", type=Path, required=True, help="indicators/ below it is replaced")
    arguments.add_argument("--threads", type=int)
    options = arguments.parse_args()

    methods = Methods(options.config)
    base = catalogue.database(options.threads)
    begun, used = time.perf_counter(), time.process_time()
    seconds = catalogue.timed(base, [
        ("registers", catalogue.registers(options.registers, options.config)),
        ("facts", "".join(Facts(options.store).tables())),
        *catalogue.steps(methods),
    ])
    seconds |= {"total": time.perf_counter() - begun, "cpu": time.process_time() - used}
    # At its highest before anything is written.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    catalogue.write(base, options.out)
    print(json.dumps({name: round(value, 4) for name, value in seconds.items()} | {"peak_mib": round(peak)}), file=sys.stderr)


if __name__ == "__main__":
    main()
