"""Schedule: the times of trust.yml at which Dagster begins a refresh of all schools by itself.

Here lives the wiring; what a time must look like is checked where trust.yml is read.
"""

from __future__ import annotations

from dagster import DefaultScheduleStatus, ScheduleDefinition

from ingest.home.schedule import Schedule


def make_schedules(schedule: Schedule | None, job: str) -> list[ScheduleDefinition]:
    """Return a schedule a time, running unless somebody has stopped it in Dagster; none where none is written."""
    if schedule is None:
        return []
    return [
        ScheduleDefinition(
            name=f"refresh_{place}" if len(schedule.cron) > 1 else "refresh_on_time",
            job_name=job,
            cron_schedule=cron,
            execution_timezone=schedule.timezone,
            default_status=DefaultScheduleStatus.RUNNING,
            description=f"A refresh of all schools at {cron} ({schedule.timezone}), as trust.yml says.",
        )
        for place, cron in enumerate(schedule.cron, 1)
    ]
