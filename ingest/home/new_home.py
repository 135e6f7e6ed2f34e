"""Makes a new trust home: its folders, starter files with notes for the data team, and its key.

The starter files stand beside this module in `starter/`; what they may hold does not live here.
"""

from __future__ import annotations

import datetime as dt
import json
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from ingest.home.home import TRUST_FILE
from ingest.home.problems import ConfigurationError, Problem
from ingest.home.secret import find_key_folder, make_secret
from ingest.home.words import FIRST_MONTH, Name

FOLDERS = ("kpis", "formats", "inbox", "lake", "history", "releases", "dagster")
_YEARS = 3


def create_home(
    path: Path, *, name: str = "Our trust", demo: bool = False, today: dt.date | None = None
) -> list[str]:
    """Make a trust home in the new or empty folder `path` and return lines that say what to do next.

    A home that is no demo gets a key of its own, made outside the home. `today` only chooses the academic
    years the starter names: the one that holds it and the two before. Raises ConfigurationError where the
    folder holds anything already, or the name cannot be a trust's.
    """
    home = path.expanduser().resolve()
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        taken = home.is_dir()
        what = "there is something here already." if taken else "this is a file."
        remedy = "Choose a new folder, or empty this one." if taken else "Choose a new folder."
        raise ConfigurationError([Problem(home.name, None, "the new home", what=what, remedy=remedy)])
    _check_name(name)
    for folder in FOLDERS:
        (home / folder).mkdir(parents=True, exist_ok=True)
    key_id = None if demo else make_secret(find_key_folder())
    words = {
        # A JSON text is a YAML text in quotes, whatever the name holds.
        "name": json.dumps(name, ensure_ascii=False),
        "key": _write_key(key_id),
        "academic_years": _write_years(today or dt.date.today()),  # noqa: DTZ011  the day where the person is
        "title": f"{name}\n{'=' * len(name)}",
    }
    starter = files("ingest.home") / "starter"
    for source, target in (
        ("trust.yml", "trust.yml"),
        ("schools.csv", "schools.csv"),
        ("kpis/mean_mark.yml", "kpis/mean_mark.yml"),
        ("kpis/judgement_coverage.yml", "kpis/judgement_coverage.yml"),
        ("readme.md", "README.txt"),
        ("inbox.md", "inbox/README.txt"),
    ):
        (home / target).write_text(_fill(starter.joinpath(source), words), encoding="utf-8", newline="\n")
    return _say_next_steps(home, key_id)


def _check_name(name: str) -> None:
    try:
        TypeAdapter(Name).validate_python(name)
    except ValidationError:
        what = f'"{name}" cannot be the name of a trust.'
        remedy = "Choose a name on one line without |."
        problem = Problem(TRUST_FILE, None, "name", name, remedy=remedy, what=what)
        raise ConfigurationError([problem]) from None


def _fill(starter: Traversable, words: dict[str, str]) -> str:
    text = starter.read_text(encoding="utf-8")
    for word, written in words.items():
        text = text.replace("{{" + word + "}}", written)
    return text


def _write_key(key_id: str | None) -> str:
    if key_id is None:
        return "# A demo holds invented pupils only and uses a key that is public.\ndemo: true"
    return (
        "# The id of the key that hides pupils' numbers; the key is kept elsewhere. Leave this line.\n"
        f"key_id: {key_id}"
    )


def _write_years(today: dt.date) -> str:
    latest = today.year if today.month >= FIRST_MONTH else today.year - 1
    years = range(latest - _YEARS + 1, latest + 1)
    return "\n".join(f"  - {year}/{(year + 1) % 100:02d}" for year in years)


def _say_next_steps(home: Path, key_id: str | None) -> list[str]:
    steps = [f"A new trust home is in {home}.", f"Read {home / 'README.txt'} for the next three steps."]
    if key_id is None:
        return [*steps, "It is a demo: use it for invented pupils only."]
    return [
        *steps,
        f"Its key is {find_key_folder() / f'{key_id}.key'}.",
        "Back the key up now, on a medium that is locked away: not in the home, not by e-mail.",
        "Without it no pupil is recognised from earlier years; with it pupils' numbers can be guessed.",
    ]
