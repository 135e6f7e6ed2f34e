"""Late findings: what shows only when all files of a school, and the rolls of all schools, are looked at together.

Here lives the putting of pupil links and of late lines of the fix-list into the tables that settlement writes. What
makes two keys one pupil lives in `same_pupil` and `pupil_links`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from ingest.contract import FINDING_TABLES
from ingest.fixes import Fix
from ingest.history import load_arrivals
from ingest.pupil_links import LateFix, link_pupils
from ingest.received import Intake, Received, SchoolIntake
from ingest.roll import Roll, load_roll
from ingest.tables import write_table

LINKS = "pupil_links"
OLD_LIST = "an earlier year's list"


def add_late_findings(lake: Path, intake: Intake, counting: Mapping[str, Collection[str]]) -> None:
    """Add links and late fixes to the tables of the schools in this run; write the links of the other schools.

    `counting`: URN -> the receipts that stand. A link may follow from what another school of the trust says, so the
    links of all are made anew each time; the fix-list of a school that is not in this run waits for its next one.
    """
    rolls = {urn: _find_standing_roll(intake, urn, counting) for urn in sorted(intake.registered)}
    linked = link_pupils(rolls, intake.shelf.secret.key, intake.predecessors)
    for urn, roll_links in linked.links.items():
        school = intake.schools.get(urn)
        columns = _make_columns(urn, roll_links)
        if school is None:
            _write_links(lake / "findings" / LINKS / f"{urn}.parquet", columns)
        elif school.tables is not None:
            school.tables.findings[LINKS] = pd.DataFrame(columns, dtype=object)
            _add_fixes(school, [*linked.fixes[urn], *_find_old_lists(school.received, counting[urn])])


def _find_standing_roll(intake: Intake, urn: str, counting: Mapping[str, Collection[str]]) -> Roll:
    school = intake.schools.get(urn)
    if school is not None:
        return school.roll.of_receipts(counting[urn])
    accepted = {a.receipt_id for a in load_arrivals(intake.shelf.receipts, urn) if a.accepted_on is not None}
    return load_roll(intake.shelf.identities, urn).of_receipts(accepted)


def _make_columns(urn: str, links: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    return {
        "urn": [urn] * len(links),
        "former_key": [earlier for earlier, _ in links],
        "pupil_key": [key for _, key in links],
    }


def _write_links(path: Path, columns: dict[str, list[str]]) -> None:
    if columns["urn"]:
        write_table(columns, FINDING_TABLES[LINKS].schema, path)
    else:
        path.unlink(missing_ok=True)


def _add_fixes(school: SchoolIntake, late: Sequence[LateFix]) -> None:
    if not late or school.tables is None:
        return
    names = {received.receipt_id: received.arrival.file_name for received in school.received}
    columns = FINDING_TABLES["fix_list"].schema.names
    rows = school.tables.findings["fix_list"].to_dict("records")
    rows += [
        {"urn": school.urn, "receipt_id": one.receipt_id, "file_name": names[one.receipt_id], **asdict(one.fix)}
        for one in late
    ]
    school.tables.findings["fix_list"] = pd.DataFrame({c: [row[c] for row in rows] for c in columns}, dtype=object)


def _find_old_lists(received: Sequence[Received], counting: Collection[str]) -> Iterator[LateFix]:
    """Yield a line for each pupil list that came after a newer year's was known, on an earlier day."""
    newest: dict[str, str] = {}  # day -> the latest academic year known from lists first seen by then
    for one in received:
        if not one.makes_roll or one.receipt_id not in counting:
            continue
        years = _list_years(one)
        day = one.arrival.first_seen_on
        known = max((year for seen, year in newest.items() if seen < day), default="")
        if years and max(years) < known:
            yield LateFix(one.receipt_id, _say_old(years, known))
        if years:
            newest[day] = max(newest.get(day, ""), *years)


def _list_years(received: Received) -> list[str]:
    pupils = received.landed.records.get("pupils")
    if pupils is None:
        return []
    said = zip(pupils["academic_year"], pupils["bucket"], strict=True)
    return sorted({year for year, bucket in said if year is not None and bucket != "refused"})


def _say_old(years: list[str], known: str) -> Fix:
    return Fix(
        code=OLD_LIST,
        field="whole file",
        seen=f"pupils of {' and '.join(years)} only, while a list of {known} is known",
        expected=f"a list of {known} or later",
        remedy="Nothing to do, if an earlier year was to be put right: the lists of other years stay as they are. "
        f"Else export the pupils of {known} and send that list.",
        severity="look",
    )
