"""When runs begin, who is told and when data is late: what trust.yml takes, and the message for what it does not."""

# The messages stand here whole, as a person sees them.
# ruff: noqa: E501

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.home import OF_RUNS_ALONE, configuration_sha256, load_home

Messages = Callable[..., list[str]]

WHOLE = """
schedule:
  cron: ["0 6 * * 1-5", "30 12 1 sep-dec,jan *"]
  timezone: Europe/London
sensor: {settle_seconds: 5}
freshness: {attendance_school_days: 3, window_days: 0, roll_days: 14}
notify:
  webhook_variable: PLUMBLINE_WEBHOOK
  email:
    to: [data@example.org, director@example.org]
    from: plumbline@example.org
    smtp_host: smtp.example.org
    user: plumbline
    password_variable: PLUMBLINE_SMTP_PASSWORD
  when: always
"""


def add(home: Path, text: str) -> int:
    """Add lines to trust.yml and return the number of the first."""
    path = home / "trust.yml"
    before = path.read_text("utf-8")
    path.write_text(before + text, "utf-8")
    return before.count("\n") + 1


def test_a_home_without_any_of_it_runs_when_it_is_told_to(tiny: Path) -> None:
    trust = load_home(tiny).trust
    assert (trust.schedule, trust.sensor, trust.notify) == (None, None, None)
    assert trust.freshness.model_dump() == {"attendance_school_days": 10, "window_days": 7, "roll_days": 30}


def test_everything_that_may_be_said(tiny: Path) -> None:
    add(tiny, WHOLE)
    trust = load_home(tiny).trust
    assert trust.schedule
    assert trust.schedule.cron == ["0 6 * * 1-5", "30 12 1 sep-dec,jan *"]
    assert trust.sensor
    assert trust.sensor.settle_seconds == 5
    assert trust.freshness.window_days == 0
    assert trust.notify
    assert trust.notify.email
    assert (trust.notify.when, trust.notify.email.smtp_port, trust.notify.email.starttls) == ("always", 587, True)


def test_one_cron_needs_no_list_and_the_zone_is_ours_by_default(tiny: Path) -> None:
    add(tiny, 'schedule: {cron: "*/15 7-18 * * mon-fri"}\n')
    schedule = load_home(tiny).trust.schedule
    assert schedule
    assert (schedule.cron, schedule.timezone) == (["*/15 7-18 * * mon-fri"], "Europe/London")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "schedule: {cron: daily}",
            '"cron" is "daily"; expected five parts: minute, hour, day of the month, month and day of the week, such as "0 6 * * 1-5" for six in the morning from Monday to Friday.',
        ),
        (
            'schedule: {cron: "0 24 * * *"}',
            '"cron" is "0 24 * * *"; expected 0 to 23, *, or some of them as 1,3 or 1-5 or */2 for the hour, where 24 stands. The parts are minute, hour, day of the month, month, day of the week.',
        ),
        (
            'schedule: {cron: "0 6 * * fri-mon"}',
            '"cron" is "0 6 * * fri-mon"; expected 0 to 7 or sun to sat, *, or some of them as 1,3 or 1-5 or */2 for the day of the week, where fri-mon stands. The parts are minute, hour, day of the month, month, day of the week.',
        ),
        (
            'schedule: {cron: ["0 6 * * *", "0 6 31 2,4 *"]}',
            '"cron" is "0 6 31 2,4 *"; expected a day the month has: there is no day 31 in it.',
        ),
        ("schedule: {timezone: Europe/London}", '"cron" is missing. Add it.'),
        (
            'schedule: {cron: "0 6 * * *", timezone: Europe/Londn}',
            '"timezone" is "Europe/Londn"; expected a time zone such as Europe/London. Did you mean "Europe/London"?',
        ),
        ("sensor: {patience: 5}", '"patience" is not a word Plumbline knows here. It knows settle_seconds.'),
        ("sensor: {settle_seconds: 0}", '"settle_seconds" is "0"; expected 1 or more.'),
        ("freshness: {window_days: soon}", '"window_days" is "soon"; expected a whole number.'),
        ("notify: {when: trouble}", '"notify" names nobody to tell. Add webhook, webhook_variable or email, or take it out.'),
        ("notify: {webhook: http://example.org/hook}", '"webhook" is "http://example.org/hook"; expected an address that begins with https://.'),
        (
            "notify: {webhook: https://example.org/, webhook_variable: HOOK}",
            '"webhook" and "webhook_variable" both stand here. Keep one of the two.',
        ),
        (
            "notify: {webhook: 'https://me:hush@example.org/'}",
            '"webhook" holds a user or a password. Put the address into an environment variable and write its name as webhook_variable.',
        ),
        (
            "notify: {webhook_variable: 'https://example.org/hush'}",
            '"webhook_variable" is not the name of an environment variable. Write a name in capitals such as PLUMBLINE_SMTP_PASSWORD; what it holds is set where Plumbline runs.',
        ),
        (
            "notify: {email: {to: [a@b.org], from: 'Data <a@b.org>', smtp_host: b.org}}",
            '"from" is "Data <a@b.org>"; expected one e-mail address such as data@example.org.',
        ),
        (
            "notify: {email: {to: [a@b.org], from: a@b.org, smtp_host: b.org, user: a, password: hush}}",
            '"password" is not a word Plumbline knows here. Did you mean "password_variable"?',
        ),
        (
            "notify: {email: {to: [a@b.org], from: a@b.org, smtp_host: b.org, user: a, password_variable: hush}}",
            '"password_variable" is not the name of an environment variable. Write a name in capitals such as PLUMBLINE_SMTP_PASSWORD; what it holds is set where Plumbline runs.',
        ),
        (
            "notify: {email: {to: [a@b.org], from: a@b.org, smtp_host: b.org, user: a}}",
            '"user" and "password_variable" go together, and one of them is missing. Write both, or neither where the server asks for none.',
        ),
        (
            "notify: {email: {to: [a@b.org], from: a@b.org, smtp_host: b.org, starttls: false, user: a, password_variable: P}}",
            "the password would be sent unencrypted: starttls is false. Set starttls to true, or use port 465.",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_said_with_its_line(tiny: Path, messages: Messages, line: str, said: str) -> None:
    number = add(tiny, f"{line}\n")
    assert messages(load_home, tiny) == [f"trust.yml line {number}: {said}"]
    assert "hush" not in said


def test_a_run_that_begins_at_another_time_is_another_configuration(tiny: Path) -> None:
    """So that it is kept as the last good one; but what is published does not depend on it."""
    home = load_home(tiny)
    before = configuration_sha256(home)
    add(tiny, WHOLE.replace("attendance_school_days: 3, window_days: 0, roll_days: 14", ""))
    after = load_home(tiny)
    assert configuration_sha256(after) != before
    assert configuration_sha256(after, but=OF_RUNS_ALONE) == configuration_sha256(home, but=OF_RUNS_ALONE)
