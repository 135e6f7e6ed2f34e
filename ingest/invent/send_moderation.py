"""Moderation sent: work of a few pupils that was judged by the teacher and judged again by somebody else.

Here lives whose work is taken and how it is judged the second time. What the teacher said lives in `marks`.
"""

from __future__ import annotations

import datetime as dt
import random

from ingest.invent.entry import Entry
from ingest.invent.marks import JUDGEMENT, Result, find_band
from ingest.invent.sender import Sender

_SUBJECT, _SAMPLE, _SPREAD = "Mathematics", 24, 4.0
_LEVELS = ("internal", "cluster")


def send_moderation(sender: Sender) -> None:
    """A file a window: a sample within the school, where one agrees with the teacher, and one between schools."""
    for window in sender.list_windows():
        judged = [one for one in sender.sit(window, (_SUBJECT,)) if one.mark is not None and one.judgement]
        chance = random.Random(f"{sender.facts.seed} moderation {sender.urn} {window.day}")
        entries = [
            _say_moderated(one, level, chance)
            for level in _LEVELS
            for one in sorted(chance.sample(judged, min(_SAMPLE, len(judged))), key=judged.index)
        ]
        sender.write("moderation_sample", entries, f"Moderation {window.stem}.csv")


def _say_moderated(one: Result, level: str, chance: random.Random) -> Entry:
    assert one.mark is not None
    # Within a school a colleague knows the teacher's mind; another school sees the work alone.
    agreed = one.judgement if level == "internal" and chance.random() < 0.9 else None
    moderated = agreed or find_band(one.mark + chance.gauss(0, _SPREAD))
    return Entry(
        "moderation",
        one.enrolment.pupil,
        {
            "academic_year": one.window.academic_year,
            "year_group": one.enrolment.year_group,
            "subject": one.subject,
            "framework": JUDGEMENT,
            "window_label": one.window.label,
            "moderated_on": one.window.day + dt.timedelta(days=10),
            "level": level,
            "judged_value": one.judgement,
            "moderated_value": moderated,
        },
    )
