"""Lake counts: the numbers a person wants of a run, counted from what lies in the lake.

Here lives the counting of lines: files by what became of them, records, figures shown and hidden. No figure is
computed here, and no name of a file is read.
"""

from __future__ import annotations

from collections import Counter

import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from ingest.contract import RECORD_KINDS
from ingest.home import Home
from orchestration.freshness import list_late, read_freshness
from orchestration.run_summary import SchoolCounts

# What became of a file (see ingest's receipts), as people are told. A duplicate counts as the file it repeats.
ACCEPTED, WAITING, NOT_USED = "accepted", "held", "refused"


def count_schools(home: Home) -> list[SchoolCounts]:
    """Return the counts of each school of the register, in its order."""
    outcomes = count_outcomes(home)
    late = list_late(home.lake)
    return [
        SchoolCounts(
            school.urn,
            school.name,
            outcomes[school.urn, ACCEPTED],
            outcomes[school.urn, WAITING],
            outcomes[school.urn, NOT_USED],
            late.get(school.urn, []),
        )
        for school in home.schools
    ]


def count_outcomes(home: Home) -> Counter[tuple[str, str]]:
    """Count files by URN and outcome: those accepted, and of the others those that lie in the inbox now."""
    folder = home.lake / "findings" / "receipts"
    counted: Counter[tuple[str, str]] = Counter()
    for path in sorted(folder.glob("*.parquet")) if folder.is_dir() else []:
        for row in pq.read_table(path, columns=["urn", "outcome", "in_inbox"]).to_pylist():
            if row["outcome"] == ACCEPTED or row["in_inbox"]:
                counted[row["urn"], row["outcome"]] += 1
    return counted


def count_late_schools(home: Home) -> int | None:
    """Count the schools with a feed that is late; None where the lake does not know."""
    return None if read_freshness(home.lake) is None else len(list_late(home.lake))


def count_records(home: Home) -> int:
    """Count the records of all kinds and schools."""
    folders = [home.lake / "records" / kind for kind in RECORD_KINDS]
    return sum(pq.read_metadata(path).num_rows for folder in folders for path in folder.glob("*.parquet"))


def count_figures(home: Home) -> tuple[int, int]:
    """Count the figures of the site: those shown, and those hidden so that no pupil can be known by them."""
    path = home.lake / "published" / "published_kpi_values.parquet"
    if not path.exists():
        return 0, 0
    of_site = pc.field("audience") == "site"
    values = ds.dataset(path)
    hidden = values.count_rows(filter=of_site & (pc.field("symbol") == "c"))
    return values.count_rows(filter=of_site & pc.field("symbol").is_null()), hidden


def describe_files(home: Home) -> dict[str, int]:
    """Return the files of all schools by what became of them, as Dagster shows it."""
    outcomes = count_outcomes(home)
    words = {ACCEPTED: "files accepted", WAITING: "files waiting", NOT_USED: "files that could not be used yet"}
    return {said: sum(n for (_, was), n in outcomes.items() if was == outcome) for outcome, said in words.items()}


def describe_published(home: Home) -> dict[str, int | str]:
    """Return what a person wants to know of the published tables, as Dagster shows it."""
    schools, late = count_schools(home), count_late_schools(home)
    shown, hidden = count_figures(home)
    return {
        "schools": len(schools),
        "schools with data": sum(1 for school in schools if school.accepted),
        "schools late": "not known" if late is None else late,
        "figures shown on the site": shown,
        "figures hidden on the site": hidden,
    }
