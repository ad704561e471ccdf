#!/usr/bin/env python3
"""What runs are told of, read by the programs that it is for: node_exporter takes the metrics, the OpenLineage client the events.

    python3 tests/observed/run.py --mujun target/debug/mujun --work target/observed

Needs prometheus-node-exporter (Debian: `apt-get install prometheus-node-exporter`); the client is installed from PyPI into the folder
for the work. The sample is run twice, published and with nothing to do (of which there are no events), and once more where a gate refuses.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import time
import urllib.request
import venv
from pathlib import Path

CLIENT = "openlineage-python==1.54.0"
ROOT = Path(__file__).resolve().parents[2]
ADDRESS = "127.0.0.1:19137"


def site(work):
    """The sample's site, with an `observe.toml`."""
    folder = work / "site"
    shutil.rmtree(folder, ignore_errors=True)
    for name in ["config", "pipelines", "examples"]:
        shutil.copytree(ROOT / name, folder / name)
    (folder / "config/observe.toml").write_text('metrics = "../told/mujun.prom"\nlineage = "../told/lineage.jsonl"\n')
    return folder


def run(mujun, folder, code):
    command = [mujun, "--quiet", "--store", folder / "store", "run"]
    done = subprocess.run([str(part) for part in command], cwd=folder, capture_output=True, text=True)
    if done.returncode != code:
        sys.exit(f"run ended with {done.returncode} and not {code}:\n{done.stderr}")


def series(text):
    """Each series with its value; its labels in whatever order."""
    found = {}
    for line in text.splitlines():
        if line.startswith("mujun_"):
            name, value = line.rsplit(" ", 1)
            labels = re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', name)
            found[name.split("{")[0], tuple(sorted(labels))] = value
    return found


def exported(folder):
    """What node_exporter makes of the file, and whether it found a fault."""
    command = ["prometheus-node-exporter", "--collector.disable-defaults", "--collector.textfile"]
    command += [f"--collector.textfile.directory={folder}", f"--web.listen-address={ADDRESS}"]
    exporter = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        for _ in range(100):
            try:
                return urllib.request.urlopen(f"http://{ADDRESS}/metrics", timeout=5).read().decode()
            except OSError:
                time.sleep(0.1)
        sys.exit("node_exporter does not answer: " + exporter.stderr.read())
    finally:
        exporter.terminate()
        exporter.wait()


def check_metrics(folder):
    written, page = series((folder / "mujun.prom").read_text()), exported(folder)
    fault = re.search(r"^node_textfile_scrape_error (\S+)$", page, re.M).group(1)
    found = series(page)
    wrong = [name for name, value in written.items() if name not in found or float(found[name]) != float(value)]
    if fault != "0" or wrong or len(found) != len(written):
        sys.exit(f"node_exporter: scrape error {fault}; {len(found)} of {len(written)} series, wrong: {wrong}")
    return len(written)


# Run by the Python that has the client: each event through the classes of the client and back.
READ = """
import json, sys
from openlineage.client import event_v2, facet_v2
from openlineage.client.serde import Serde

def facets(found):
    made = {}
    for name, facet in found.items():
        module = getattr(facet_v2, MODULES[name][0])
        fields = {key: value for key, value in facet.items() if not key.startswith("_")}
        made[name] = BUILD.get(name, lambda cls, fields: cls(**fields))(getattr(module, MODULES[name][1]), fields)
        if made[name]._get_schema() != facet["_schemaURL"]:
            sys.exit(f"the client's schema of {name} is {made[name]._get_schema()}")
    return made

MODULES = {
    "jobType": ("job_type_job", "JobTypeJobFacet"),
    "processing_engine": ("processing_engine_run", "ProcessingEngineRunFacet"),
    "errorMessage": ("error_message_run", "ErrorMessageRunFacet"),
    "version": ("dataset_version_dataset", "DatasetVersionDatasetFacet"),
    "schema": ("schema_dataset", "SchemaDatasetFacet"),
    "columnLineage": ("column_lineage_dataset", "ColumnLineageDatasetFacet"),
    "inputStatistics": ("input_statistics_input_dataset", "InputStatisticsInputDatasetFacet"),
    "outputStatistics": ("output_statistics_output_dataset", "OutputStatisticsOutputDatasetFacet"),
}

def schema(cls, fields):
    return cls(fields=[facet_v2.schema_dataset.SchemaDatasetFacetFields(**field) for field in fields["fields"]])

def lineage(cls, fields):
    of = facet_v2.column_lineage_dataset
    def field(found):
        found = dict(found)
        found["transformations"] = [of.Transformation(**one) for one in found["transformations"]]
        return of.InputField(**found)
    return cls(fields={
        name: of.Fields(inputFields=[field(one) for one in found["inputFields"]]) for name, found in fields["fields"].items()
    })

def engine(cls, fields):
    return cls(version=fields["version"], name=fields["name"])

BUILD = {"schema": schema, "columnLineage": lineage, "processing_engine": engine}

def plain(found):
    # What the client adds of its own, and what it leaves out where it is empty.
    if isinstance(found, dict):
        return {key: plain(value) for key, value in found.items() if not key.startswith("_") and value not in (None, {}, [])}
    return [plain(one) for one in found] if isinstance(found, list) else found

kinds = []
for line in open(sys.argv[1], encoding="utf-8"):
    event = json.loads(line)
    inputs = [event_v2.InputDataset(
        namespace=one["namespace"], name=one["name"], facets=facets(one["facets"]),
        inputFacets=facets(one["inputFacets"])) for one in event["inputs"]]
    outputs = [event_v2.OutputDataset(
        namespace=one["namespace"], name=one["name"], facets=facets(one["facets"]),
        outputFacets=facets(one["outputFacets"])) for one in event["outputs"]]
    made = event_v2.RunEvent(
        eventType=event_v2.RunState(event["eventType"]), eventTime=event["eventTime"],
        run=event_v2.Run(runId=event["run"]["runId"], facets=facets(event["run"]["facets"])),
        job=event_v2.Job(namespace=event["job"]["namespace"], name=event["job"]["name"], facets=facets(event["job"]["facets"])),
        inputs=inputs, outputs=outputs, producer=event["producer"])
    back = json.loads(Serde.to_json(made))
    if plain({key: value for key, value in back.items() if key != "schemaURL"}) != plain(
        {key: value for key, value in event.items() if key != "schemaURL"}
    ):
        sys.exit(f"the client writes another {event['eventType']} event")
    if back["schemaURL"] != event["schemaURL"]:
        sys.exit(f"the client's schema is {back['schemaURL']}, that of the event {event['schemaURL']}")
    kinds.append(event["eventType"])
print(" ".join(kinds))
"""


def check_lineage(work, path):
    environment = work / "client"
    python = environment / "bin/python"
    if not python.exists():
        venv.create(environment, with_pip=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", CLIENT], check=True)
    read = subprocess.run([str(python), "-c", READ, str(path)], capture_output=True, text=True)
    if read.returncode:
        sys.exit(f"OpenLineage: {read.stderr}")
    kinds = read.stdout.split()
    if kinds != ["START", "COMPLETE", "START", "FAIL"]:
        sys.exit(f"OpenLineage: {kinds}")
    return kinds


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mujun", required=True, type=Path)
    parser.add_argument("--work", required=True, type=Path)
    options = parser.parse_args()
    work = options.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    folder, mujun = site(work), options.mujun.resolve()
    told = folder / "told"
    shown = []
    for code in (0, 0, 4):
        if code == 4:
            settings = folder / "config/site.toml"
            settings.write_text(settings.read_text().replace("max_quarantine_share = 0.05", "max_quarantine_share = 0.0001"))
        run(mujun, folder, code)
        shown.append(check_metrics(told))
    print(f"node_exporter: {shown} series of three runs, each with its value")
    print("OpenLineage: " + " ".join(check_lineage(work, told / "lineage.jsonl")))


if __name__ == "__main__":
    main()
