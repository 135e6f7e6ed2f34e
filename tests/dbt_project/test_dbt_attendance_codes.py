"""The code list against the official counts: what each code is counted in, on every published row.

What lives here: the seed, read as it is, against official figures. What does not: marks of a register
(`test_dbt_attendance`). The official file is not part of the project: without it the test says so.
"""

from __future__ import annotations

import csv
import re

import duckdb
import pytest

from tests.dbt_project import oracle_codes
from tests.dbt_project.warehouse_run import PROJECT

SEED = PROJECT / "seeds" / "attendance_codes.csv"
REAL = PROJECT.parent.parent / "shared" / "real" / "absence_by_code" / "attendance_by_code_la_2025-26.csv"


def test_the_seed_has_the_whole_code_set_in_the_classes_of_the_guidance() -> None:
    with SEED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["mark_code"]: row["class"] for row in rows} == {
        code: name for name, codes in oracle_codes.CLASSES.items() for code in codes
    }
    assert {r["mark_code"]: r["valid_to"] for r in rows if r["is_retired"] == "true"} == {
        code: day.isoformat() for code, day in oracle_codes.ENDED.items()
    }
    began = {r["mark_code"] for r in rows if r["valid_from"] == "2024-08-19"}
    assert began == set(oracle_codes.BEGAN)
    assert {r["mark_code"] for r in rows if r["counts_as_late"] == "1"} == {"L", "U"}


@pytest.mark.real
@pytest.mark.skipif(
    not REAL.is_file(), reason=f"REAL DATA NOT TESTED: no folder ../shared/real beside {PROJECT.parent.name}"
)
def test_the_classes_add_up_to_the_official_figures_on_every_row() -> None:
    with REAL.open(encoding="utf-8-sig", newline="") as file:
        headings = next(csv.reader(file))
    codes = {
        heading: match[1].upper()
        for heading in headings
        if (match := re.match(r"reason_([a-z][0-9]?)_", heading)) and match[1] not in ("am", "pm")
    }
    codes |= {"reason_present_am": "/", "reason_present_pm": "\\"}
    assert len(codes) == 24
    with duckdb.connect() as connection:
        connection.execute(
            "create table codes as select * from read_csv(?, header = true, all_varchar = true, comment = '')",
            [str(SEED)],
        )
        connection.execute(
            "create table figures as select row_number() over () as place, * "
            "from read_csv(?, header = true, all_varchar = true)",
            [str(REAL)],
        )
        connection.execute("create table columns (heading varchar, mark_code varchar)")
        connection.executemany("insert into columns values (?, ?)", list(codes.items()))
        counted = [f"sum(cast(sessions as bigint) * cast(counts_as_{name} as integer))" for name in (
            "present", "attending", "authorised", "unauthorised", "possible", "late")]  # fmt: skip
        rows = connection.execute(f"""
            with counts as (
                unpivot (from figures where possible_sessions <> 'c')
                on {", ".join(codes)} into name heading value sessions
            )
            select
                counts.place, counts.present_sessions, counts.overall_attendance, counts.authorised_absence,
                counts.unauthorised_absence, counts.possible_sessions, counts.late_sessions,
                counts.approved_educational_activity, counts.overall_absence, {", ".join(counted)}
            from counts
            inner join columns using (heading)
            inner join codes using (mark_code)
            group by all
        """).fetchall()
        whole, hidden = connection.execute(
            "select count(*), count(*) filter (present_sessions = 'c' and possible_sessions = 'c') from figures"
        ).fetchone() or (0, 0)
    # Four rows are of one school each, and every figure in them is hidden.
    assert (whole, hidden, len(rows)) == (647, 4, 643)
    residual = []
    for _place, *row in rows:
        present, attending, authorised, unauthorised, possible, late, approved, absent = map(int, row[:8])
        ours = tuple(map(int, row[8:]))
        assert (present, attending, unauthorised, late) == (ours[0], ours[1], ours[3], ours[5])
        assert approved == ours[1] - ours[0]
        # What is left is code F, retired long ago, which the file has no column for.
        assert authorised - ours[2] == possible - ours[4] == absent - ours[2] - ours[3]
        residual.append(authorised - ours[2])
    assert min(residual) == 0
    assert 0 < max(residual) <= 106
