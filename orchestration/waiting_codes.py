"""Waiting codes: what the last run published of codes that no scale has a meaning for.

Here lives the reading of them, a row a school, subject, year group and code, and their rank. How they are shown lives
in `map_commands`, the sheet of them in ingest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq

from ingest.home.mapping_sheet import Waiting

TABLE = "published_unmapped"


def read_waiting(home: Path, school: str | None = None) -> list[Waiting] | None:
    """The codes that wait, of one school or of all; None where nothing was published that tells.

    Years and windows are taken together: a code means the same in all of them.
    """
    path = home / "lake" / "published" / f"{TABLE}.parquet"
    if not path.exists():
        return None
    records: Counter[Waiting] = Counter()
    kpis: dict[Waiting, str] = {}
    for row in pq.read_table(path).to_pylist():
        if school is not None and row["urn"] != school:
            continue
        waiting = Waiting(
            source=row["source"] or "",
            framework=row["framework"],
            school=row["urn"],
            school_name=row["school_name"],
            subject=row["subject"],
            year_group=row["year_group"],
            code=row["code"],
            records=0,
            for_trust=row["code_for_trust"] is not None,
            suggestion=row["suggested_band"] or "",
            reason=row["suggestion_reason"] or "",
        )
        records[waiting] += row["records"]
        kpis[waiting] = row["kpis_held_back"] or ""
    return [
        replace(waiting, records=count, kpis=kpis[waiting])
        for waiting, count in sorted(records.items(), key=lambda item: _place(item[0]))
    ]


def rank_codes(group: Sequence[Waiting]) -> tuple[int, int]:
    """The rank of a code by all its rows: first the one with most records, then the one most KPIs wait for."""
    return -sum(each.records for each in group), -max(len(each.kpis.split(", ")) for each in group)


def _place(waiting: Waiting) -> tuple[str, ...]:
    return waiting.school, waiting.subject, waiting.year_group, waiting.source, waiting.framework, waiting.code
