"""Group exports sent: files of the trust's own system that hold several schools, into `inbox/_trust`.

Here lives what the group's system exports for the schools that work in it. What single schools send lives in `sending`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from ingest.invent.absence import CODES
from ingest.invent.entry import Entry, Pupil, Style
from ingest.invent.export import write_export, write_rows
from ingest.invent.mark_rows import TotalTable, compose_totals
from ingest.invent.saying import say_enrolments, say_tests
from ingest.invent.send_registers import cut_half_terms
from ingest.invent.sender import Sender

FOLDER = "_trust"
_STYLE = Style(encoding="utf-8-sig")


def send_group_exports(senders: Sequence[Sender]) -> None:
    """Write what the group's system exports of these schools: pupils a year, results a window, totals a half-term."""
    if not senders:
        return
    facts, folder = senders[0].facts, senders[0].inbox / FOLDER
    formats, sent = senders[0].formats, senders[0].sent
    for year in facts.years:
        entries = [
            _put_at_school(entry, sender)
            for sender in senders
            for entry in say_enrolments(sender.list_roll(year), formats["group_pupils"])
        ]
        if entries:
            entries += _say_unknown(senders, year)
            path = folder / f"Group pupils {year.replace('/', '-')}.csv"
            write_export(formats["group_pupils"], entries, path, _STYLE)
            sent[path] = "group_pupils"
    for window in facts.windows:
        entries = [
            _put_at_school(entry, sender)
            for sender in senders
            if window in sender.list_windows()
            for entry in say_tests(sender.sit(window), assessed_on=window.day)
        ]
        if entries:
            path = folder / f"Group results {window.stem}.csv"
            write_export(formats["group_results"], entries, path, _STYLE)
            sent[path] = "group_results"
    # Marks come from the schools' own registers since September 2025; before, the group's system counted them.
    _send_totals(senders, facts.years[0], folder)


def _send_totals(senders: Sequence[Sender], year: str, folder: Path) -> None:
    """Write the totals of a year, a file a span of days: schools of one local authority share their half-terms."""
    form = senders[0].formats["group_attendance_totals"]
    tables: dict[str, list[TotalTable]] = {}
    for sender in senders:
        for half_term, register in cut_half_terms(sender, year):
            counts = register.count_codes()
            counts[:, 0] = 0  # no record at all
            pupils = [_name_school(one.pupil, sender) for one in register.roll]
            last = min(half_term.ends, sender.facts.as_of)
            table = TotalTable(pupils, half_term.starts, last, counts, CODES)
            name = f"{year.replace('/', '-')} {half_term.half_term} {sender.school.la_code}"
            tables.setdefault(name, []).append(table)
    for name, parts in tables.items():
        pupils = [pupil for part in parts for pupil in part.pupils]
        table = replace(parts[0], pupils=pupils, sessions=np.concatenate([part.sessions for part in parts]))
        path = folder / f"Group attendance {name}.csv"
        write_rows(form, compose_totals(form, table, _STYLE), path, _STYLE)
        senders[0].sent[path] = form.format


def _put_at_school(entry: Entry, sender: Sender) -> Entry:
    return replace(entry, pupil=_name_school(entry.pupil, sender))


def _name_school(pupil: Pupil, sender: Sender) -> Pupil:
    """Return the pupil with the school as the group's system names it."""
    school = sender.school
    laestab = f"{school.la_code}/{school.establishment}"
    return {**pupil, "school_urn": sender.urn, "school_laestab": laestab, "school_name": school.name}


def _say_unknown(senders: Sequence[Sender], year: str) -> Iterator[Entry]:
    """Yield the planted rows of a school that is not on the register."""
    unknown = next((found for one in senders if (found := one.truths.at("unknown_school_rows", one.urn))), None)
    if unknown is None or year != senders[0].facts.years[-1]:
        return
    like = senders[0]
    for one in like.list_roll(year)[: unknown["rows"]]:
        school = like.school
        person = like.facts.people.invent(one.year_group, year, school.la_code, school.establishment)
        for entry in say_enrolments([replace(one, person=person)], like.formats["group_pupils"]):
            pupil = {**entry.pupil, "school_urn": unknown["urn"], "school_name": unknown["name"]}
            yield replace(entry, pupil=pupil)
