"""One small sample a built-in format: written by the writer, and recognised as that format and no other.

PLUMBLINE_ACCEPT_GOLDEN=1 writes the samples anew (`make golden`).
"""

from __future__ import annotations

import datetime as dt
import os
import random
from pathlib import Path

import pytest
from export_cases import list_formats

from ingest import BUILT_IN, load_formats
from ingest.invent import Entry, Pupil, Style, write_export
from ingest.invent.people import People
from ingest.readers import read_sheets
from ingest.recognise import find_header

SAMPLES = Path(__file__).parents[2] / "samples"
FILES = {
    "pupil_list": "pupil_list.csv",
    "marksheet": "marksheet.csv",
    "assessment_wide": "assessment_wide.xlsx",
    "results_rows": "results_rows.csv",
    "markbook_judgements": "markbook_judgements.csv",
    "group_list": "group_list.csv",
}
PUPILS = 6


def make_sample(name: str) -> tuple[list[Entry], Style]:
    """Return what the sample of a format says: six invented pupils of one Year 4 class, one of them without results."""
    people = People(random.Random("samples"))
    persons = [people.invent("4", "2025/26", "191", "2001") for _ in range(PUPILS)]
    pupils = [person.as_pupil(f"{1001 + n:06d}") for n, person in enumerate(persons)]
    year = {"academic_year": "2025/26"}
    entries: list[Entry] = []
    for n, (person, pupil) in enumerate(zip(persons, pupils, strict=True)):
        if name == "pupil_list":
            joined = dt.date(2022, 9, 7) if n else dt.date(2025, 10, 6)
            said = {**year, "year_group": "4", "sex": person.sex, "start_date": joined}
            entries.append(Entry("pupils", pupil, said))
            member = {**year, "group_type": "class", "group_set": "class", "group_name": "4K"}
            entries.append(Entry("groups", pupil, member))
        elif name == "group_list":
            member = {**year, "group_type": "custom", "group_set": "breakfast_club", "group_name": "YN"[n % 2]}
            entries.append(Entry("groups", pupil, member))
        elif n < PUPILS - 1:
            entries += make_results(name, pupil, n)
    return entries, Style(
        encoding="utf-8-sig" if name == "pupil_list" else "utf-8",
        said={"exported_on": "28/11/2025"},
        year_group="Year {}" if name == "marksheet" else "{}",
    )


def make_results(name: str, pupil: Pupil, n: int) -> list[Entry]:
    judged = name == "markbook_judgements"
    said = {
        "academic_year": "2025/26", "year_group": "4", "window_label": "Autumn",
        "assessment": "Teacher Assessment" if judged else "Common Test",
        "result_type": "teacher_judgement" if judged else "test",
    }  # fmt: skip
    values = {"English": 41 + 7 * n, "Mathematics": 66 - 5 * n}
    return [
        Entry("results", pupil, {
            **said, "subject": subject, "value": ("WTS", "EXS", "GDS")[n % 3] if judged else str(mark),
            **({"assessed_on": dt.date(2025, 11, 26)} if name in ("markbook_judgements", "results_rows") else {}),
        })
        for subject, mark in values.items()
    ]  # fmt: skip


def test_every_built_in_format_has_a_sample() -> None:
    assert set(load_formats([BUILT_IN])) == set(FILES)
    assert {path.name for path in SAMPLES.iterdir()} == set(FILES.values())


@pytest.mark.parametrize("name", FILES)
def test_sample_is_as_written(name: str, tmp_path: Path) -> None:
    written = tmp_path / FILES[name]
    entries, style = make_sample(name)
    write_export(load_formats([BUILT_IN])[name], entries, written, style)
    kept = SAMPLES / FILES[name]
    if os.environ.get("PLUMBLINE_ACCEPT_GOLDEN") == "1":
        kept.parent.mkdir(exist_ok=True)
        kept.write_bytes(written.read_bytes())
    assert kept.read_bytes() == written.read_bytes(), "run `make golden` if the change is meant, and look at the diff"


@pytest.mark.parametrize("name", FILES)
def test_sample_is_recognised_as_its_format_and_no_other(name: str) -> None:
    """Also beside a home's own formats."""
    (sheet,) = read_sheets(SAMPLES / FILES[name])
    headers = find_header(sheet, list_formats().values())
    assert [header.format.format for header in headers if header.fits] == [name]
    assert headers[0].format.format == name
    assert headers[0].extra == ()
