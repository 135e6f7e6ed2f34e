"""Makes a new trust home: its folders, starter files with notes for the data team, and its key.

The starter files stand beside this module in `starter/`; what is written into them lives in `starter_trust`, and
the official register a home can be made from in `group_register`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from ingest.home.establishments import Establishment
from ingest.home.group_register import RegisterTrust
from ingest.home.home import TRUST_FILE
from ingest.home.problems import ConfigurationError, Problem
from ingest.home.secret import find_key_folder, make_secret
from ingest.home.starter_trust import compose_schools, compose_trust, fill_starter
from ingest.home.words import Name

FOLDERS = ("kpis", "formats", "inbox/_trust", "lake", "history", "releases", "dagster")
STARTER_KPIS = (
    "at_expected",
    "at_or_above_expected",
    "attendance",
    "authorised_absence",
    "greater_depth",
    "judgement_coverage",
    "late_arrivals",
    "mean_mark",
    "persistent_absence",
    "severe_absence",
    "statements_assessed",
    "statements_secure",
    "statements_secure_of_assessed",
    "suspension_rate",
    "unauthorised_absence",
    "working_below",
    "working_towards",
)
# Of a school's name in its folder's: short enough for a path of any system, with room for long file names.
_LONGEST_NAME = 60
_STEPS = """\
  1. Open trust.yml and put in your Group ID, subjects, tests and windows.
  2. Fill in schools.csv, one row for each school.
  3. Put each school's exports into inbox/<URN>/ and run: plumbline refresh"""
_STEPS_FROM_REGISTER = """\
  1. Open schools.csv: check each phase, and fill in laestab, ages and clusters as far as you use them.
  2. Open trust.yml: check subjects, tests, windows and term dates. They are a usual start, not yet yours.
  3. Put each school's exports into its folder in inbox/ and run: plumbline refresh"""


def create_home(
    path: Path,
    *,
    name: str | None = None,
    demo: bool = False,
    today: dt.date | None = None,
    trust: RegisterTrust | None = None,
) -> list[str]:
    """Make a trust home in the new or empty folder `path` and return lines that say what to do next.

    With a `trust` of the official register it has that trust's name, schools, inbox folders and windows. A home
    that is no demo gets a key of its own, made outside the home. `today` only chooses the academic years the
    starter names: the one that holds it and the two before. Raises ConfigurationError where the folder holds
    anything already, or the name cannot be a trust's.
    """
    home = path.expanduser().resolve()
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        taken = home.is_dir()
        what = "there is something here already." if taken else "this is a file."
        remedy = "Choose a new folder, or empty this one." if taken else "Choose a new folder."
        raise ConfigurationError([Problem(home.name, None, "the new home", what=what, remedy=remedy)])
    if name is None:
        name = trust.name if trust else "Our trust"
    _check_name(name)
    for folder in FOLDERS:
        (home / folder).mkdir(parents=True, exist_ok=True)
    key_id = None if demo else make_secret(find_key_folder())
    day = today or dt.date.today()  # noqa: DTZ011  the day where the person is
    schools = trust.schools if trust else []
    to_check = _list_checks(trust) if trust else []
    texts = {
        "trust.yml": compose_trust(name, key_id, day, trust),
        "README.txt": _write_readme(name, trust, to_check),
        "inbox/README.txt": fill_starter("inbox.md", {}),
        **{f"kpis/{kpi}.yml": fill_starter(f"kpis/{kpi}.yml", {}) for kpi in STARTER_KPIS},
    }
    for target, text in texts.items():
        (home / target).write_text(text, encoding="utf-8", newline="\n")
    # With a mark of its encoding, since spreadsheets otherwise take a name's accents for something else.
    encoding = "utf-8-sig" if schools else "utf-8"
    (home / "schools.csv").write_text(compose_schools(schools), encoding=encoding, newline="\n")
    for school in schools:
        (home / "inbox" / name_inbox(school)).mkdir(exist_ok=True)
    return [*_say_made(home, trust, to_check), *_say_key(key_id)]


def name_inbox(school: Establishment) -> str:
    """The name of a school's inbox folder: its URN, and as much of its name as any file system takes."""
    taken = " ".join(re.sub(r'[<>:"/\\|?*]', " ", school.name).split())[:_LONGEST_NAME]
    # Accents are two bytes and other scripts three; the shorter limits of some file systems are in bytes.
    while len(taken.encode()) > 2 * _LONGEST_NAME:
        taken = taken[:-1]
    return f"{school.urn} {taken}".rstrip(" .")


def _check_name(name: str) -> None:
    try:
        TypeAdapter(Name).validate_python(name)
    except ValidationError:
        what = f'"{name}" cannot be the name of a trust.'
        remedy = "Choose a name on one line without |."
        problem = Problem(TRUST_FILE, None, "name", name, remedy=remedy, what=what)
        raise ConfigurationError([problem]) from None


def _list_checks(trust: RegisterTrust) -> list[str]:
    doubts = [f"{school.urn} {school.name}: {doubt}" for school in trust.schools for doubt in school.doubts]
    return [*doubts, *trust.left_out]


def _write_readme(name: str, trust: RegisterTrust | None, to_check: Sequence[str]) -> str:
    lines = ["", "To check, from the register", *(f"  - {line}" for line in to_check)] if to_check else []
    words = {
        "steps": _STEPS_FROM_REGISTER if trust else _STEPS,
        "to_check": "\n".join(lines),
        "title": f"{name}\n{'=' * len(name)}",
    }
    return fill_starter("readme.md", words).rstrip("\n") + "\n"


def _say_made(home: Path, trust: RegisterTrust | None, to_check: Sequence[str]) -> list[str]:
    lines = [f"A new trust home is in {home}."]
    if trust is not None:
        count = len(trust.schools)
        lines.append(
            f"{trust.name} ({trust.group_id}, UID {trust.group_uid}): {count} open school{'s'[: count > 1]}."
        )
        lines.append("Look first at schools.csv, then at subjects, windows and term dates in trust.yml.")
        if not any(school.laestab for school in trust.schools):
            lines.append("The register gives no LAESTAB here; schools.csv can do without it until you fill it in.")
    if to_check:
        lines += ["Please check (this list is also in README.txt):", *(f"  {line}" for line in to_check)]
    return [*lines, f"Read {home / 'README.txt'} for the next three steps."]


def _say_key(key_id: str | None) -> list[str]:
    if key_id is None:
        return ["It is a demo: use it for invented pupils only."]
    return [
        f"Its key is {find_key_folder() / f'{key_id}.key'}.",
        "Back the key up now, on a medium that is locked away: not in the home, not by e-mail.",
        "Without it no pupil is recognised from earlier years; with it pupils' numbers can be guessed.",
    ]
