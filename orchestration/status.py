"""Status: what each school has sent and which release is current, in lines for a terminal.

Here live the words; the facts come from the lake's published tables and the pointer of the releases.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow.parquet as pq

from ingest.home import Home
from orchestration.freshness import list_late
from orchestration.release import find_current

COLUMNS = ["urn", "name", "state", "state_words", "data_date", "files_accepted", "files_waiting", "pupils"]


def describe_status(home: Home) -> Iterator[str]:
    """Yield the release line and a line a school of the register."""
    current = find_current(home)
    yield f"{home.trust.trust.name}: " + (
        f"release {current.release_id}, as at {current.as_of}" if current else "no release yet"
    )
    known = {row["urn"]: row for row in _read_schools(home)}
    late = list_late(home.lake)
    width = max((len(school.name) for school in home.schools), default=0)
    for school in home.schools:
        row = known.get(school.urn)
        words = "no data yet" if row is None else _say(row)
        words += f"; late: {', '.join(late[school.urn])}" if school.urn in late else ""
        yield f"  {school.urn}  {school.name:<{width}}  {words}"
    if not home.schools:
        yield "  No school yet: add a row for each to schools.csv."


def describe_outcome(home: Home) -> Iterator[str]:
    """Yield what a person wants to know after a refresh: the release, who has data, what waits, where to look."""
    current = find_current(home)
    if current is None:
        return
    rows = _read_schools(home)
    with_data = sum(1 for row in rows if row["files_accepted"])
    yield f"Release {current.release_id} is current: {with_data} of {len(rows)} schools have data."
    waiting = [row for row in rows if row.get("files_waiting")]
    for row in waiting:
        yield f"  {row['urn']} {row['name']}: {row['state_words']}"
    folder = home.releases / "current" if (home.releases / "current").exists() else home.releases / current.release_id
    yield f"Look at it:          {folder / 'site' / 'index.html'}"
    yield f"For the data team:   {folder / 'ops' / 'index.html'}"
    yield f"Extracts:            {folder / 'extracts'}"


def _say(row: dict[str, object]) -> str:
    if row["state"] == "no data yet":
        return f"no data yet: {row['state_words']}" if row.get("files_waiting") else "no data yet"
    pupils = f"{row['pupils']} pupils" if row["pupils"] else "no pupils"
    files = f"{row['files_accepted']} file{'' if row['files_accepted'] == 1 else 's'} read"
    if waiting := row.get("files_waiting"):
        files += f", {waiting} could not be used yet: see the receipts"
    return f"{row['state']}: {files}; {pupils}, data of {row['data_date']}"


def _read_schools(home: Home) -> list[dict[str, object]]:
    path = home.lake / "published" / "published_schools.parquet"
    if not path.exists():
        return []
    # A lake of an earlier version has no count of the files that wait.
    known = set(pq.read_schema(path).names)
    rows: list[dict[str, object]] = pq.read_table(path, columns=[c for c in COLUMNS if c in known]).to_pylist()
    return rows
