# Everything that is run by hand. The README says what for.

# The sample, from exports to indicator tables.
run:
    cargo run -- run

# All tests that run everywhere.
test:
    cargo test

# Slow checks: more seeds, larger samples, a longer crash test and longer fuzzing. Half an hour on two cores.
slow:
    MUJUN_SLOW=1 PROPTEST_CASES=20000 cargo test --release

# Fuzzes every decoder for so many seconds each; see fuzz/run.
fuzz seconds="60":
    fuzz/run {{seconds}}

# Accept the golden cases and snapshots as they are now; look at the difference before committing.
bless:
    UPDATE_CASES=1 INSTA_UPDATE=always cargo test

# The sample exports and registers again, from the default seed.
sample:
    cargo run -- synth --out target/sample
    rm -rf examples/exports && cp -r target/sample/exports examples/exports
    cp target/sample/config/registers/*.csv config/registers/

# 22 000 enterprises × 12 quarters: the whole run against a DuckDB script for the same indicators, in turn, with the ratio.
peers enterprises="22000" parks="180" runs="5":
    cargo build --release
    python3 benches/peers/race.py --mujun target/release/mujun --enterprises {{enterprises}} --parks {{parks}} --runs {{runs}}

# 22 000 enterprises × 40 quarters: the stage `model` against a DuckDB script for the whole catalogue, from the same facts.
peers-catalogue enterprises="22000" parks="180" quarters="40" runs="5":
    cargo build --release
    python3 benches/peers/race_catalogue.py --mujun target/release/mujun --enterprises {{enterprises}} --parks {{parks}} --quarters {{quarters}} --runs {{runs}}

# Reading one large GB18030 form, against encoding_rs followed by the CSV reader of Polars (from PyPI).
peers-csv megabytes="100" runs="5":
    python3 benches/peers/race_csv.py --megabytes {{megabytes}} --runs {{runs}}

# Time and memory of each stage at province size.
stages:
    cargo build --release
    python3 benches/stages.py --mujun target/release/mujun

# What a store grows to, and whether runs get slower: a year of daily runs with a changed export each.
growth runs="365":
    cargo build --release
    python3 benches/growth.py --mujun target/release/mujun --runs {{runs}}

# Where the build's time goes.
timings:
    cargo build --release --timings

# What `schedule` writes, tried by the schedulers themselves: systemd, Kubernetes' schema, Airflow, Dagster, DolphinScheduler's SDK.
# The last four are installed from PyPI into target/schedules, half a gigabyte.
schedules:
    cargo build
    python3 tests/schedules/run.py --mujun target/debug/mujun --work target/schedules

# What runs are told of, read by node_exporter (Debian: prometheus-node-exporter) and by the OpenLineage client (from PyPI).
observed:
    cargo build
    python3 tests/observed/run.py --mujun target/debug/mujun --work target/observed

# The report in Chromium: of the sample, and of a province of 180 parks over nine years. Needs chromium, node and npm (Debian has them);
# playwright-core and axe-core are installed from npm into target/report.
report parks="180":
    cargo build
    python3 tests/report/run.py --mujun target/debug/mujun --work target/report --parks {{parks}}

# Lints, format, licences.
lint:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- -D warnings
    cargo deny check licenses bans sources
