"""The quick way for marks writes the same bytes as an entry a mark, for every format that has marks or their totals."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from export_cases import make_pupil

from ingest import BUILT_IN, load_formats
from ingest.invent import Entry, MistypedCell, NotWritable, Style, write_export
from ingest.invent.absence import CODES
from ingest.invent.export import write_rows
from ingest.invent.mark_rows import SESSIONS, MarkTable, TotalTable, compose_marks, compose_totals

FORMATS = load_formats([BUILT_IN])
DAYS = [dt.date(2025, 9, 8) + dt.timedelta(days=n) for n in (0, 1, 2, 3, 4, 7, 8, 9, 10, 11)]
PUPILS = [make_pupil(n) for n in range(1, 8)]
SPAN = (DAYS[0], DAYS[-1])
# How each way of marks is asked for: format, ending, and what the style says.
MARKS = [
    ("sims_weekly_register", "csv", {}),
    ("arbor_session_attendance", "csv", {}),
    ("wonde_attendance", "json", {}),
    ("attendance_by_date", "csv", {}),
    ("attendance_by_date", "xlsx", {}),
]
TOTALS = [
    ("attendance_totals", "csv", {}),
    ("attendance_totals", "csv", {"from_date": "08/09/2025", "to_date": "19/09/2025"}),
    ("group_attendance_totals", "csv", {"school_urn": "999901"}),
]


def make_table() -> MarkTable:
    """Two weeks with every code there is. One pupil has no mark in the second week, and nobody on one day of it."""
    chance = random.Random("marks")
    known = range(1, len(CODES))
    marks = np.array([[[chance.choice(known) for _ in SESSIONS] for _ in DAYS] for _ in PUPILS], np.uint8)
    marks.ravel()[: len(known)] = known
    marks[3, 5:] = 0
    minutes = np.where(marks == CODES.index("L"), 7, 0).astype(np.uint8)
    return MarkTable(PUPILS, DAYS, marks, CODES, minutes)


def say_marks(table: MarkTable, *, with_minutes: bool) -> Iterator[Entry]:
    assert table.minutes_late is not None
    for pupil, marks, minutes in zip(table.pupils, table.marks, table.minutes_late, strict=True):
        for day, codes, late in zip(table.days, marks, minutes, strict=True):
            for session, code, minute in zip(SESSIONS, codes, late, strict=True):
                if code:
                    said = {"session_date": day, "session": session, "mark_code": CODES[code]}
                    more = {"minutes_late": str(minute)} if with_minutes and minute else {}
                    yield Entry("attendance", pupil, {**said, **more})


def count(table: MarkTable) -> TotalTable:
    sessions = np.stack([[(marks == at).sum() for at in range(len(CODES))] for marks in table.marks])
    sessions[:, 0] = 0
    return TotalTable(table.pupils, *SPAN, sessions, CODES)


@pytest.mark.parametrize(("name", "ending", "said"), MARKS)
def test_marks_are_the_same_bytes(name: str, ending: str, said: dict[str, str], tmp_path: Path) -> None:
    form, style, table = FORMATS[name], Style(said=said, encoding="utf-16", delimiter=";"), make_table()
    with_minutes = any("minutes_late" in rule.fields for rule in form.records)
    defects = [MistypedCell(PUPILS[2], "Marks", "/")] if name == "sims_weekly_register" else []
    slow, quick = tmp_path / f"slow.{ending}", tmp_path / f"quick.{ending}"
    write_export(form, list(say_marks(table, with_minutes=with_minutes)), slow, style, defects=defects)
    write_rows(form, compose_marks(form, table, style), quick, style, defects)
    assert quick.read_bytes() == slow.read_bytes()


def test_a_week_in_the_title_is_the_same_bytes(tmp_path: Path) -> None:
    form, table = FORMATS["sims_weekly_register"], make_table()
    table = replace(table, days=DAYS[:5], marks=table.marks[:, :5], minutes_late=None)
    style = Style(said={"week_begins": "08/09/2025", "exported_on": "12/09/2025"}, mark_gap="")
    entries = list(say_marks(replace(table, minutes_late=np.zeros_like(table.marks)), with_minutes=False))
    write_export(form, entries, tmp_path / "slow.csv", style)
    write_rows(form, compose_marks(form, table, style), tmp_path / "quick.csv", style)
    assert (tmp_path / "quick.csv").read_bytes() == (tmp_path / "slow.csv").read_bytes()
    assert b"Week beginning 08/09/2025" in (tmp_path / "quick.csv").read_bytes()


@pytest.mark.parametrize(("name", "ending", "said"), TOTALS)
def test_totals_are_the_same_bytes(name: str, ending: str, said: dict[str, str], tmp_path: Path) -> None:
    form, style, table = FORMATS[name], Style(said=said), count(make_table())
    # Codes in one order for all pupils, as the headings stand.
    entries = [
        Entry(
            "attendance_totals",
            pupil,
            {"from_date": SPAN[0], "to_date": SPAN[1], "mark_code": CODES[at], "sessions": str(sessions[at])},
        )
        for at in range(1, len(CODES))
        for pupil, sessions in zip(table.pupils, table.sessions, strict=True)
        if sessions[at]
    ]
    first = {str(entry.pupil["upn"]): place for place, entry in reversed(list(enumerate(entries)))}
    order = sorted(range(len(PUPILS)), key=lambda at: first[PUPILS[at]["upn"]])
    table = replace(table, pupils=[PUPILS[at] for at in order], sessions=table.sessions[order])
    slow, quick = tmp_path / f"slow.{ending}", tmp_path / f"quick.{ending}"
    write_export(form, entries, slow, style)
    write_rows(form, compose_totals(form, table, style), quick, style)
    assert quick.read_bytes() == slow.read_bytes()


def test_a_week_without_one_of_its_marks_is_not_written() -> None:
    table = make_table()
    table.marks[1, 2, 0] = 0
    with pytest.raises(NotWritable, match="the week of 2025-09-08 has no mark for a session"):
        compose_marks(FORMATS["sims_weekly_register"], table, Style())


def test_two_weeks_do_not_fit_a_title() -> None:
    with pytest.raises(NotWritable, match="the title says one week_begins"):
        compose_marks(FORMATS["sims_weekly_register"], make_table(), Style(said={"week_begins": "08/09/2025"}))


def test_a_format_without_marks_is_refused() -> None:
    with pytest.raises(NotWritable, match="no rule of its own for attendance"):
        compose_marks(FORMATS["pupil_list"], make_table(), Style())
