"""Freshness: which school's data is late, feed by feed, in words.

Here live the reading of what the warehouse says of it (`published_freshness`) and the words of it. When data is late
is decided in the warehouse, by term dates, windows and the limits of trust.yml.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

TABLE = "published_freshness"
# What was to come by now and has not: of late, or ever.
LATE = ("late", "never sent")
# What each feed's data becomes.
FEEDS = {
    "Pupils": "pupils",
    "Attendance": "attendance",
    "Results": "results",
    "Suspensions": "suspensions",
    "Groups": "groups",
}


@dataclass(frozen=True)
class Fresh:
    """How one feed of one school stands: the last day its data is of, when it came, and `state` with its words."""

    urn: str
    school_name: str
    feed: str
    data_to: dt.date | None
    received_on: dt.date | None
    school_days_behind: int | None
    state: str
    words: str

    @property
    def is_late(self) -> bool:
        """Whether somebody should ask for it."""
        return self.state in LATE


def read_freshness(lake: Path) -> list[Fresh] | None:
    """Return every school's feeds as last published, by URN and feed; None where a lake does not know them yet."""
    path = lake / "published" / f"{TABLE}.parquet"
    if not path.exists():
        return None
    rows = pq.read_table(path, columns=list(Fresh.__dataclass_fields__)).to_pylist()
    order = list(FEEDS)
    return sorted((Fresh(**row) for row in rows), key=lambda row: (row.urn, order.index(row.feed)))


def list_late(lake: Path) -> dict[str, list[str]]:
    """Return the feeds that are late of each school that has one, by URN."""
    late: dict[str, list[str]] = {}
    for fresh in read_freshness(lake) or []:
        if fresh.is_late:
            late.setdefault(fresh.urn, []).append(fresh.feed)
    return late
