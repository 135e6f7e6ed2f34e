"""Home files: what the invented trust keeps besides its exports: trust.yml, the register, scales and statements.

Here lives the putting together of `demo_trust.yml` with what depends on the schools that were invented. Pupils and
their exports do not live here.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from importlib.resources import files
from pathlib import Path

import yaml

from ingest.invent.characters import InventedSchool, write_register
from ingest.invent.objectives import read_curriculum
from ingest.invent.school_days import read_demo_trust, read_term_dates
from ingest.invent.truths import Truths

_SINCE = "01/09/2024"


def write_home_files(home: Path, schools: Sequence[InventedSchool], truths: Truths, as_of: dt.date) -> None:
    """Write trust.yml, schools.csv and the tables a trust keeps into a new home, over what stands there."""
    for name, text in (
        ("trust.yml", write_trust(schools, truths, as_of)),
        ("schools.csv", write_register(schools, as_of)),
        ("scales/common_test.yml", (files("ingest.invent") / "demo_common_test.yml").read_text("utf-8")),
        ("curriculum/demo.csv", _write_statements()),
    ):
        path = home / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")


def write_trust(schools: Sequence[InventedSchool], truths: Truths, as_of: dt.date) -> str:
    """Return the text of trust.yml: the demo's, the term dates of the schools' local authorities, and feeds."""
    here = {school.la_code for school in schools}
    parts: dict[str, object] = {"frameworks": _list_frameworks(schools)}
    parts |= {"term_dates": [dates for dates in read_term_dates() if dates["la_code"] in here]}
    change = truths.find("change_of_system")
    if change and change["starts"] <= as_of:
        parts["feeds"] = [
            {"school": change.school, "format": "sims_weekly_register", "until": change["until"]},
            {"school": change.school, "format": "arbor_session_attendance", "from": change["starts"]},
        ]
    written = (yaml.safe_dump({name: part}, sort_keys=False, default_flow_style=None) for name, part in parts.items())
    return "\n".join([read_demo_trust(), *written])


def _list_frameworks(schools: Sequence[InventedSchool]) -> list[dict[str, str]]:
    """What each school says it uses: as different as what they send."""
    return [
        {"school": school.urn, "domain": "tracker", "uses": school.character.tracker}
        for school in schools
        if school.character.tracker
    ]


def _write_statements() -> str:
    """Return the statements teachers judge."""
    curriculum = read_curriculum()
    header = (
        "owner", "framework", "version", "statement", "text", "subject", "year_group", "strand", "exemplification",
        "valid_from", "valid_to",
    )  # fmt: skip
    return _write_table(
        header,
        (
            ("trust", curriculum.framework, "1", statement, statement, curriculum.subject, year, strand, "", _SINCE, "")
            for year in curriculum.year_groups
            for statement, strand in curriculum.strands.items()
        ),
    )


def _write_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO(newline="")
    write = csv.writer(text, lineterminator="\n")
    write.writerow(header)
    write.writerows(rows)
    return text.getvalue()
