"""The invented trust: a whole demo home, with schools that send exports as schools do.

Here lives `invent_trust`, which puts people, schools, results, registers and files together. Each of those has a module
of its own; what is planted in them is listed in `truths.yml`.
"""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

from ingest.format_file import BUILT_IN, load_formats
from ingest.home import create_home
from ingest.invent.characters import InventedSchool, invent_schools
from ingest.invent.home_files import write_home_files
from ingest.invent.marks import Marks, Window
from ingest.invent.moves import plant_moves
from ingest.invent.objectives import Objectives
from ingest.invent.people import UNUSED_LA_CODES, People
from ingest.invent.registers import Registers
from ingest.invent.rolls import Rolls
from ingest.invent.send_group import send_group_exports
from ingest.invent.sender import Facts, Sender
from ingest.invent.sending import IN_GROUP, send_everything
from ingest.invent.statutory import Statutory
from ingest.invent.traits import Traits
from ingest.invent.truths import Truths

# The day of a small trust: the last of the autumn term. It never ages, since every date in it is counted from here.
DEMO_AS_OF = dt.date(2025, 12, 19)
# The day and the size of the whole demo, near the end of the summer term.
FULL_DEMO_AS_OF = dt.date(2026, 7, 17)
FULL_DEMO_SCHOOLS = 12
YEARS = ("2024/25", "2025/26")

# Year groups and phases of a window, as demo_trust.yml has them.
_PHASES = ("Primary", "Secondary", "All-through", "Special", "Alternative provision")
_ALL = (tuple(str(n) for n in range(1, 11)), _PHASES)
_PRIMARY = (tuple(str(n) for n in range(1, 7)), ("Primary", "All-through"))
_MOCKS = (("11",), ("Secondary", "All-through"))
WINDOWS = (
    Window("Autumn", "2024/25", dt.date(2024, 11, 27), 0, *_ALL),
    Window("Mock 1", "2024/25", dt.date(2024, 12, 4), 0, *_MOCKS),
    Window("Mock 2", "2024/25", dt.date(2025, 3, 5), 1, *_MOCKS),
    Window("Spring", "2024/25", dt.date(2025, 3, 12), 1, *_PRIMARY),
    Window("Summer", "2024/25", dt.date(2025, 6, 18), 2, *_ALL),
    Window("Autumn", "2025/26", dt.date(2025, 11, 26), 0, *_ALL),
    Window("Mock 1", "2025/26", dt.date(2025, 12, 3), 0, *_MOCKS),
    Window("Mock 2", "2025/26", dt.date(2026, 3, 4), 1, *_MOCKS),
    Window("Spring", "2025/26", dt.date(2026, 3, 11), 1, *_PRIMARY),
    Window("Summer", "2025/26", dt.date(2026, 6, 17), 2, *_ALL),
)
_DAYS_TO_SEND = dt.timedelta(days=10)


def invent_trust(folder: Path, seed: int = 2026, schools: int = 3, as_of: dt.date = DEMO_AS_OF) -> dt.date:
    """Make a demo home in the new or empty `folder` and return the day it is to be refreshed as of (`as_of`).

    The same seed and day give the same bytes. `as_of` leaves out what had not been sent by that day; the twelve
    schools of `demo_schools.yml` come first (1 to 60 `schools`), and only they have something planted. Raises
    ConfigurationError when the folder holds anything, and ValueError when the day is before the first window.
    """
    make_trust_home(folder, imagine_trust(seed, schools, as_of))
    return as_of


def imagine_trust(seed: int = 2026, schools: int = 3, as_of: dt.date = DEMO_AS_OF) -> Facts:
    """Return all that is true of the trust, before anything is written. Raises ValueError as `invent_trust`."""
    windows = tuple(window for window in WINDOWS if window.day + _DAYS_TO_SEND <= as_of)
    if not windows:
        raise ValueError(f"the invented trust sent nothing before {WINDOWS[0].day}; choose a later day than {as_of}")
    invented = invent_schools(schools, UNUSED_LA_CODES)
    years = tuple(year for year in YEARS if any(window.academic_year == year for window in windows))
    # A generator of its own for each matter, so that more of one does not change the others.
    people = People(random.Random(f"{seed} people"))
    rolls = Rolls(invented, years, as_of, random.Random(f"{seed} rolls"), people)
    truths = Truths(school.urn for school in invented)
    plant_moves(rolls, invented, years, truths)
    traits = Traits(seed)
    marks = Marks(seed, rolls, traits, truths)
    for school in invented:
        marks.choose_members(school, windows)
    return Facts(
        seed=seed, as_of=as_of, years=years, windows=windows, schools=invented, people=people, rolls=rolls,
        traits=traits, truths=truths, marks=marks, statutory=Statutory(seed, traits),
        objectives=Objectives(seed, traits, truths), registers=Registers(seed, as_of, rolls, traits, truths),
    )  # fmt: skip


def make_trust_home(folder: Path, facts: Facts) -> dict[Path, str]:
    """Write a trust as a demo home into the new or empty `folder`; return the format of each export in its inbox.

    Raises ConfigurationError when the folder holds anything.
    """
    create_home(folder, name="Quellmoor Learning Trust (invented)", demo=True, today=facts.as_of)
    home = folder.expanduser().resolve()
    write_home_files(home, facts.schools, facts.truths, facts.as_of)
    formats, sent = load_formats([BUILT_IN]), dict[Path, str]()
    senders = [
        Sender(facts, school, urn, home / "inbox", formats, sent)
        for school in facts.schools
        for urn in _list_urns(school, facts.as_of)
    ]
    for sender in senders:
        send_everything(sender)
    send_group_exports([one for one in senders if one.school.character.house_style in IN_GROUP])
    return sent


def _list_urns(school: InventedSchool, as_of: dt.date) -> list[str]:
    changed = school.character.new_urn_on
    return [school.urn, school.next_urn] if changed and changed <= as_of else [school.urn]
