#!/usr/bin/env python3
"""Tries what `mujun schedule` writes in the schedulers themselves, and says what was tried.

Each is given a program in the place of mujun that ends with a chosen code, and must come to the promised state. What is not
installed is named and makes the whole end with 1, unless --allow-missing is given.
"""

import argparse
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

AIRFLOW = ["apache-airflow==3.3.*"]
DAGSTER = ["dagster==1.13.*"]
KUBERNETES = ["kubernetes-validate==1.37.*", "pyyaml"]
DOLPHIN = ["apache-dolphinscheduler==4.1.*"]
CODES = [0, 2, 3, 4, 75]

told = []


def tell(scheduler, what, fault=None):
    told.append((scheduler, what, fault))
    print(f"{'FAULT' if fault else 'ok   '} {scheduler}: {what}" + (f": {fault}" if fault else ""), flush=True)


def missing(scheduler, why):
    tell(scheduler, "not tried", why)


class Site:
    """A program that ends with a chosen code, and the files of each scheduler that start it."""

    def __init__(self, mujun, work):
        self.mujun, self.work = mujun, work
        self.code = work / "code"
        self.starts = work / "starts"
        self.program = work / "bin" / "mujun"
        self.program.parent.mkdir(parents=True, exist_ok=True)
        self.program.write_text(f'#!/bin/sh\necho "$*" >>{self.starts}\nexit "$(cat {self.code})"\n')
        self.program.chmod(self.program.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
        (work / "logs").mkdir(exist_ok=True)

    def ends_with(self, code):
        self.code.write_text(str(code))
        self.starts.write_text("")

    def count(self):
        return len(self.starts.read_text().splitlines())

    def write(self, scheduler):
        out = self.work / scheduler
        shutil.rmtree(out, ignore_errors=True)
        command = [self.mujun, "schedule", "--for", scheduler, "--out", out, "--program", self.program, "--quiet"]
        command += ["--site", "/srv/mujun/config", "--logs", self.work / "logs", "--user", "root"]
        subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL)
        return out


def python(work, name, packages):
    """A Python with these packages of its own, made once."""
    venv = work / "venv" / name
    mark = venv / "made"
    if not mark.exists():
        shutil.rmtree(venv, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        pip = [venv / "bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages]
        done = subprocess.run([str(part) for part in pip], capture_output=True, text=True)
        if done.returncode:
            return None, done.stderr.strip().splitlines()[-1]
        mark.write_text("\n".join(packages))
    return venv / "bin/python", None


def run_python(program, text, arguments, **more):
    return subprocess.run([str(program), "-c", textwrap.dedent(text), *map(str, arguments)], capture_output=True, text=True, **more)


def systemd(site):
    if not shutil.which("systemd-analyze"):
        return missing("systemd", "there is no systemd-analyze")
    out = site.write("systemd")
    units = sorted(out.iterdir())
    # Warnings are faults, and do not show in the exit code. A template is looked at as one of its instances.
    shutil.copy(out / "mujun-alarm@.service", out / "mujun-alarm@x.service")
    named = [path for path in units if "@" not in path.name] + [out / "mujun-alarm@x.service"]
    done = subprocess.run(["systemd-analyze", "verify", *map(str, named)], capture_output=True, text=True)
    said = [line for line in (done.stdout + done.stderr).splitlines() if "mujun" in line]
    tell("systemd", f"verify: {', '.join(path.name for path in named)}", "; ".join(said) or (done.returncode or None))
    for path in out.glob("*.timer"):
        time = re.search(r"^OnCalendar=(.*)$", path.read_text(), re.M).group(1)
        done = subprocess.run(["systemd-analyze", "calendar", "--iterations=2", time], capture_output=True, text=True)
        plain = re.search(r"Normalized form: (.*)", done.stdout)
        fault = done.stderr.strip() or (None if plain and plain.group(1) == time else f"is read as {plain and plain.group(1)}")
        tell("systemd", f"calendar: {time}", fault)


def kubernetes(site):
    program, fault = python(site.work, "kubernetes", KUBERNETES)
    if fault:
        return missing("kubernetes", fault)
    out = site.write("kubernetes")
    for path in sorted(out.glob("*.yaml")):
        done = run_python(
            program,
            """
            import sys, yaml, kubernetes_validate, zoneinfo
            job = yaml.safe_load(open(sys.argv[1], encoding="utf-8"))
            kubernetes_validate.validate(job, "1.37", strict=True)
            # What schemas do not say.
            spec = job["spec"]
            zoneinfo.ZoneInfo(spec["timeZone"])
            assert "TZ=" not in spec["schedule"] and len(spec["schedule"].split()) == 5, spec["schedule"]
            inner = spec["jobTemplate"]["spec"]
            pod = inner["template"]["spec"]
            assert pod["restartPolicy"] == "Never", "podFailurePolicy needs it"
            rules = inner["podFailurePolicy"]["rules"]
            codes = {}
            for rule in rules:
                assert ("onExitCodes" in rule) != ("onPodConditions" in rule), rule
                on = rule.get("onExitCodes")
                if on:
                    assert on["containerName"] in [one["name"] for one in pod["containers"]], on
                    assert on["operator"] == "In" and 0 not in on["values"] and on["values"] == sorted(set(on["values"])), on
                    for code in on["values"]:
                        assert codes.setdefault(code, rule["action"]) == rule["action"], code
            assert codes == {1: "FailJob", 2: "FailJob", 4: "FailJob", 75: "Ignore"}, codes
            mounts = {one["name"] for one in pod["containers"][0]["volumeMounts"]}
            assert mounts == {one["name"] for one in pod["volumes"]}, mounts
            assert len(job["metadata"]["name"]) <= 52
            """,
            [path],
        )
        tell("kubernetes", f"schema 1.37, strictly, and the rules beside it: {path.name}", done.stderr.strip()[-600:] or None)


def airflow(site):
    program, fault = python(site.work, "airflow", AIRFLOW)
    if fault:
        return missing("airflow", fault)
    out = site.write("airflow")
    home = site.work / "airflow-home"
    home.mkdir(exist_ok=True)
    env = os.environ | {"AIRFLOW_HOME": str(home), "AIRFLOW__CORE__DAGS_FOLDER": str(out), "AIRFLOW__CORE__LOAD_EXAMPLES": "False"}
    env["PATH"] = f"{program.parent}:{env['PATH']}"
    migrated = subprocess.run([program.parent / "airflow", "db", "migrate"], env=env, capture_output=True, text=True)
    if migrated.returncode:
        return tell("airflow", "database", migrated.stderr[-600:])
    path = next(out.glob("*.py"))
    loaded = run_python(
        program,
        """
        import sys, runpy
        from airflow.dag_processing.dagbag import DagBag
        bag = DagBag(dag_folder=sys.argv[1], bundle_path=None) if "bundle_path" in DagBag.__init__.__code__.co_varnames else DagBag(dag_folder=sys.argv[1])
        assert not bag.import_errors, bag.import_errors
        (dag,) = bag.dags.values()
        when = dag.timetable
        print(dag.dag_id, when.expression, when.timezone, dag.catchup, dag.max_active_runs)
        """,
        [path],
        env=env,
    )
    expected = "mujun_quarterly 30 7 * * * Asia/Shanghai False 1"
    # Airflow logs to the same place.
    is_told = expected in loaded.stdout.splitlines()
    tell("airflow", "the DAG is loaded, its schedule and zone are read", None if is_told else (loaded.stdout + loaded.stderr)[-1500:])
    promised = {0: "success", 3: "success", 2: "failed", 4: "failed", 75: "up_for_retry"}
    for code in CODES:
        site.ends_with(code)
        done = run_python(
            program,
            """
            import importlib.util, sys
            spec = importlib.util.spec_from_file_location("written", sys.argv[1])
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            from airflow.sdk import DAG
            import airflow.sdk.definitions.decorators
            dag = next(value for value in vars(module).values() if isinstance(value, DAG)) if any(isinstance(v, DAG) for v in vars(module).values()) else module.pipeline()
            # It would wait a quarter of an hour for another try: one is enough here.
            from datetime import timedelta
            task = dag.get_task("run")
            retries = task.retries
            assert retries == 8 and task.retry_delay == timedelta(minutes=15), (retries, task.retry_delay)
            task.retries, task.retry_delay = 1, timedelta(seconds=0)
            run = dag.test()
            (instance,) = run.get_task_instances()
            print("STATE", instance.state, instance.try_number)
            """,
            [path],
            env=env,
        )
        state = re.search(r"STATE (?:TaskInstanceState\.)?(\w+) (\d+)", done.stdout)
        state = state.group(1).lower() if state else (done.stderr + done.stdout)[-1500:]
        tries = site.count()
        # `dag.test` goes on with tries until there are none left.
        fault = None
        if code == 75:
            fault = None if tries == 2 and state in ("failed", "up_for_retry") else f"{state} after {tries} tries"
        elif (state, tries) != (promised[code], 1):
            fault = f"{state} after {tries} tries"
        tell("airflow", f"dag.test() with exit code {code}: {'tried again' if code == 75 else promised[code]}", fault)


def dagster(site):
    program, fault = python(site.work, "dagster", DAGSTER)
    if fault:
        return missing("dagster", fault)
    out = site.write("dagster")
    path = next(out.glob("*.py"))
    for code in CODES:
        site.ends_with(code)
        done = run_python(
            program,
            """
            import importlib.util, sys, unittest.mock
            spec = importlib.util.spec_from_file_location("written", sys.argv[1])
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            import dagster as dg
            dg.Definitions.validate_loadable(module.defs)
            assert module.schedule.cron_schedule == "30 7 * * *" and module.schedule.execution_timezone == "Asia/Shanghai"
            asked = {}
            class Once(dg.RetryRequested):
                def __init__(self, max_retries, seconds_to_wait):
                    asked.update(max_retries=max_retries, seconds_to_wait=seconds_to_wait)
                    super().__init__(max_retries=1, seconds_to_wait=0)
            with unittest.mock.patch.object(module.dg, "RetryRequested", Once), dg.DagsterInstance.ephemeral() as instance:
                done = module.defs.resolve_job_def("mujun_quarterly_job").execute_in_process(instance=instance, raise_on_error=False)
            print("STATE", done.success, asked or "")
            """,
            [path],
        )
        said = re.search(r"STATE (True|False) ?(.*)", done.stdout)
        came = (said.group(1), said.group(2), site.count()) if said else (done.stderr[-1500:],)
        later = "{'max_retries': 8, 'seconds_to_wait': 900}"
        promised = {0: ("True", "", 1), 3: ("True", "", 1), 75: ("False", later, 2)}.get(code, ("False", "", 1))
        tell("dagster", f"materialised with exit code {code}: {promised}", None if came == promised else came)


def dolphin(site):
    program, fault = python(site.work, "dolphin", DOLPHIN)
    if fault:
        return missing("dolphinscheduler", fault)
    out = site.write("dolphinscheduler")
    path = next(out.glob("*.json"))
    # The SDK asks its gateway for the code of every task: that call is replaced.
    done = run_python(
        program,
        """
        import datetime, json, sys, unittest.mock
        (ours,) = json.load(open(sys.argv[1], encoding="utf-8"))
        (task,), plan = ours["taskDefinitionList"], ours["schedule"]
        with unittest.mock.patch("pydolphinscheduler.core.task.Task.gen_code_and_version", return_value=(2, 1)):
            from pydolphinscheduler.core.workflow import Workflow
            from pydolphinscheduler.tasks.shell import Shell
            with Workflow(name=ours["workflowDefinition"]["name"], schedule=plan["crontab"], start_time="2020-01-01",
                          timezone=plan["timezoneId"], execution_type="SERIAL_WAIT", warning_type="FAILURE") as workflow:
                shell = Shell(name="run", command=task["taskParams"]["rawScript"], timeout=datetime.timedelta(minutes=360),
                              description=task["description"], timeout_notify_strategy="WARNFAILED")
            theirs = shell.get_define()
        # It has no environment, which is -1 in what the server exports.
        known = theirs | {"environmentCode": -1, "taskParams": task["taskParams"]}
        wrong = {key: (value, task.get(key, "absent")) for key, value in known.items() if task.get(key, "absent") != value}
        params = {key: (value, task["taskParams"].get(key)) for key, value in theirs["taskParams"].items() if task["taskParams"].get(key) != value}
        relation = workflow.task_relation_json[0]
        mine = ours["workflowTaskRelationList"][0]
        relations = {key: (value, mine.get(key)) for key, value in relation.items() if str(mine.get(key)) != str(value)}
        plans = {key: (value, plan.get(key)) for key, value in workflow.schedule_json.items() if key in ("crontab", "timezoneId") and plan.get(key) != value}
        print(json.dumps([wrong, params, relations, plans], ensure_ascii=False, default=str))
        """,
        [path],
    )
    said = done.stdout.strip().splitlines()[-1:] or [done.stderr[-1500:]]
    tell("dolphinscheduler", "task, relation and schedule are what its SDK makes", None if said == ["[{}, {}, {}, {}]"] else said[0])


SCHEDULERS = {"systemd": systemd, "kubernetes": kubernetes, "airflow": airflow, "dagster": dagster, "dolphinscheduler": dolphin}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mujun", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--only", choices=SCHEDULERS, action="append")
    parser.add_argument("--allow-missing", action="store_true")
    wanted = parser.parse_args()
    wanted.work.mkdir(parents=True, exist_ok=True)
    site = Site(wanted.mujun.absolute(), wanted.work.absolute())
    for name in wanted.only or SCHEDULERS:
        SCHEDULERS[name](site)
    faults = [one for one in told if one[2] and not (wanted.allow_missing and one[1] == "not tried")]
    print(f"{len(told)} checks, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
