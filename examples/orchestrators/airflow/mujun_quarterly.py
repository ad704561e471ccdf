"""Written by `mujun schedule --for airflow`, for Airflow 3. Copy it into the folder of DAGs of a worker that reaches the site."""

import logging
import os
import subprocess
from datetime import timedelta

import pendulum
from airflow.sdk import dag, task
from airflow.sdk.exceptions import AirflowFailException

COMMAND = ["/usr/bin/mujun", "--config", "/srv/mujun/config", "--quiet", "--format", "json", "run", "--pipeline", "quarterly", "--strict"]
LATER = 75
WARNINGS = 3
log = logging.getLogger(__name__)


# A cron expression is read in the zone of the start date.
@dag(
    dag_id="mujun_quarterly",
    description="产业集聚区季度指标",
    schedule="30 7 * * *",
    start_date=pendulum.datetime(2020, 1, 1, tz="Asia/Shanghai"),
    # One run takes in all that was missed.
    catchup=False,
    # The store has one writer.
    max_active_runs=1,
    tags=["mujun"],
)
def pipeline():
    @task(task_id="run", retries=8, retry_delay=timedelta(minutes=15), execution_timeout=timedelta(hours=6))
    def run():
        done = subprocess.run(COMMAND, env=os.environ | {"LC_ALL": "C.UTF-8"}, capture_output=True, text=True)
        log.info("exit %s\n%s\n%s", done.returncode, done.stdout, done.stderr)
        code = done.returncode
        if code == WARNINGS:
            log.warning("published, with warnings: something is set aside, in doubt or late")
        elif code == LATER or code in (130, 143) or code < 0:
            # Locked, a source did not answer, or stopped: Airflow tries again.
            raise RuntimeError(f"try again later (exit {code})")
        elif code != 0:
            # A gate refused (4), configuration (2), machine or program (1): trying again would not help, and somebody is called.
            raise AirflowFailException(f"exit {code}: {done.stderr.strip()[-2000:]}")
        return done.stdout

    run()


pipeline()
