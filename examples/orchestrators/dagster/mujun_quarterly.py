"""Written by `mujun schedule --for dagster`: `dagster dev -f` this file, or load its `defs` in a code location."""

import os
import subprocess

import dagster as dg

COMMAND = ["/usr/bin/mujun", "--config", "/srv/mujun/config", "--quiet", "--format", "json", "run", "--pipeline", "quarterly", "--strict"]
LATER = 75
WARNINGS = 3


@dg.asset(name="mujun_quarterly", group_name="mujun", description="产业集聚区季度指标")
def release(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
    done = subprocess.run(COMMAND, env=os.environ | {"LC_ALL": "C.UTF-8"}, capture_output=True, text=True)
    context.log.info(f"exit {done.returncode}\n{done.stdout}\n{done.stderr}")
    code = done.returncode
    if code == LATER or code in (130, 143) or code < 0:
        # Locked, a source did not answer, or stopped.
        raise dg.RetryRequested(max_retries=8, seconds_to_wait=900)
    if code == WARNINGS:
        context.log.warning("published, with warnings: something is set aside, in doubt or late")
    elif code != 0:
        # A gate refused (4), configuration (2), machine or program (1): trying again would not help, and somebody is called.
        raise dg.Failure(description=f"exit {code}: {done.stderr.strip()[-2000:]}", allow_retries=False)
    return dg.MaterializeResult(metadata={"exit_code": code, "warnings": code == WARNINGS})


job = dg.define_asset_job("mujun_quarterly_job", selection=[release])
schedule = dg.ScheduleDefinition(
    name="mujun_quarterly_schedule",
    job=job,
    cron_schedule="30 7 * * *",
    execution_timezone="Asia/Shanghai",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
defs = dg.Definitions(assets=[release], jobs=[job], schedules=[schedule])
