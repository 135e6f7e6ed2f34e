"""Rows and records cannot be lost unseen: whichever count is moved, the school it is moved for is held."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quality import verdict

ROWS = ("rows_total", "rows_layout", "rows_with_records", "rows_without_values")


@st.composite
def moves(draw):
    """Move one count of a sound school: a row count of a file, a count of the ledger, or a record itself."""
    kind = draw(st.sampled_from(("pupils", "results", "groups")))
    where = draw(st.sampled_from((*ROWS, "ledger", "lost", "doubled", "other file", "none")))
    return (
        kind,
        where,
        draw(st.integers(-25, 25).filter(bool)),
        draw(st.integers(0, 24)),
        draw(st.integers(0, 1)),
    )


def move(school, kind, where, by, place, file):
    records = school.tables[kind]
    if where in ROWS:
        school.tables["receipts"][file][where] += by
    elif where == "ledger":
        next(row for row in school.tables["record_counts"] if row["kind"] == kind)["records"] += by
    elif where == "lost":
        del records[place : place + abs(by)]
    elif where == "doubled":
        records.extend(records[place : place + abs(by)])
    elif where == "other file":  # as many records as before, but another file's
        other = f"{school.urn}-{1 if kind == 'results' else 2}"
        for row in records[place : place + abs(by)]:
            row["receipt_id"] = other


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(moves(), min_size=12, max_size=20))
def test_a_count_that_is_moved_is_always_found(new_lake, changes):
    lake = new_lake()
    for number, change in enumerate(changes):
        move(lake.add_sound(str(400000 + number), others=False), *change)
    results = lake.check()
    verdicts = verdict(results.values())
    for number, (kind, where, *_) in enumerate(changes):
        urn = str(400000 + number)
        accounted = results[urn, f"{kind}_records_accounted"]
        if where == "none":
            assert verdicts[urn].accepted, (where, verdicts[urn])
        elif where in ROWS:
            assert results[urn, "files_rows_accounted"].outcome == "failed"
            assert not verdicts[urn].accepted
        else:
            assert accounted.outcome == "failed", (kind, where, accounted)
            assert accounted.rows_affected > 0
            assert not verdicts[urn].accepted
