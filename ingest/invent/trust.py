"""The invented trust: a whole demo home, with schools that send exports as schools do.

Here lives `invent_trust`, which puts people, schools, results and files together. Each of those has a module of
its own.
"""

from __future__ import annotations

import datetime as dt
import random
from importlib.resources import files
from pathlib import Path

from ingest.format_file import BUILT_IN, load_formats
from ingest.home import create_home
from ingest.invent.characters import InventedSchool, invent_schools, write_register
from ingest.invent.marks import Marks, Window
from ingest.invent.people import UNUSED_LA_CODES, People
from ingest.invent.rolls import Rolls
from ingest.invent.sending import Sender, send_everything

# The demo's own day: the last of the autumn term. It never ages, since every date in it is counted from here.
DEMO_AS_OF = dt.date(2025, 12, 19)
YEARS = ("2024/25", "2025/26")
WINDOWS = (
    Window("Autumn", "2024/25", dt.date(2024, 11, 27), 0),
    Window("Summer", "2024/25", dt.date(2025, 6, 18), 2),
    Window("Autumn", "2025/26", dt.date(2025, 11, 26), 0),
)


def invent_trust(folder: Path, seed: int = 2026, schools: int = 3, as_of: dt.date = DEMO_AS_OF) -> dt.date:
    """Make a demo home in the new or empty `folder` and return the day it is to be refreshed as of (`as_of`).

    The same seed and day give the same bytes. `as_of` leaves out what had not been sent by that day; only the
    first three of `schools` (1 to 60) have planted defects. Raises ConfigurationError when the folder holds
    anything, and ValueError when the day is before the first window.
    """
    windows = [window for window in WINDOWS if window.day + dt.timedelta(days=10) <= as_of]
    if not windows:
        raise ValueError(f"the invented trust sent nothing before {WINDOWS[0].day}; choose a later day than {as_of}")
    invented = invent_schools(schools, UNUSED_LA_CODES)
    create_home(folder, name="Quellmoor Learning Trust (invented)", demo=True, today=as_of)
    home = folder.expanduser().resolve()
    trust = (files("ingest.invent") / "demo_trust.yml").read_text("utf-8")
    (home / "trust.yml").write_text(trust, "utf-8", newline="\n")
    (home / "schools.csv").write_text(write_register(invented), "utf-8", newline="\n")
    _send_all(home, invented, windows, seed, as_of)
    return as_of


def _send_all(home: Path, schools: list[InventedSchool], windows: list[Window], seed: int, as_of: dt.date) -> None:
    # A generator of its own for each matter, so that more of one does not change the others.
    people = People(random.Random(f"{seed} people"))
    years = tuple(year for year in YEARS if any(window.academic_year == year for window in windows))
    rolls = Rolls(schools, years, as_of, random.Random(f"{seed} rolls"), people)
    marks = Marks(random.Random(f"{seed} marks"))
    formats = load_formats([BUILT_IN])
    for place, school in enumerate(schools):
        results = {window: marks.sit(school, rolls.of(school.urn, window.academic_year), window) for window in windows}
        send_everything(
            Sender(
                school=school,
                folder=home / "inbox" / f"{school.urn} {school.name}",
                formats=formats,
                rolls=rolls,
                years=years,
                results=results,
                chance=random.Random(f"{seed} groups {school.urn}"),
                people=people,
                has_defects=place < 3,
            )
        )
