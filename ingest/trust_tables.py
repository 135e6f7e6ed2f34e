"""Trust tables: what is said of each file of several schools, and what is kept of it.

Here live the rows of such a file in the finding tables, under the urn `_trust`, and the summary beside its schools'
landed parts, which stands once the file has left the inbox. How a file is cut lives in `trust_files`.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from ingest.fixes import Fix
from ingest.format_file import FormatFile
from ingest.history import Arrival
from ingest.inbox import LOOK_AGAIN, WHOLE_TRUST, Found
from ingest.landed import Landed
from ingest.parts import Signature

Row = dict[str, object]
_SUMMARY = "split.json"


@dataclass
class TrustFile:
    """One file of several schools. `landed`: what is said of the file as a whole, and of each row of no school.

    rows_total = rows_layout + rows_of_schools + rows_of_no_school. `parts`: what each school's rows are signed with,
    by URN. `nobodys`: rows of no school, by reason. `kept`: as an earlier run cut it, reading with `read_with`.
    """

    arrival: Arrival
    outcome: str  # accepted, refused, duplicate
    landed: Landed
    parts: dict[str, Signature] = field(default_factory=dict)
    rows_of_schools: int = 0
    nobodys: dict[str, int] = field(default_factory=dict)
    duplicate_of: str | None = None
    in_inbox: bool = False
    read_with: str = ""
    kept: bool = False


def make_trust_rows(files: Sequence[TrustFile], skipped: Sequence[Found]) -> dict[str, list[Row]]:
    """Return the rows of the finding tables trust_files, record_counts and fix_list."""
    return {
        "trust_files": [*(_say_file(file) for file in files), *(_say_skipped(found) for found in skipped)],
        "record_counts": [row for file in files for row in _count(file)],
        "fix_list": [row for file in files if not _is_replaced(file, files) for row in _list_fixes(file)],
    }


def _is_replaced(file: TrustFile, files: Sequence[TrustFile]) -> bool:
    """Whether the file has gone and another of its format lies there: its rows of no school are history."""
    return not file.in_inbox and any(
        other.in_inbox and other.outcome == "accepted" and other.landed.format is file.landed.format
        for other in files
    )  # fmt: skip


def _say_file(file: TrustFile) -> Row:
    arrival, landed = file.arrival, file.landed
    reason, remedy = landed.reason, landed.remedy
    if file.outcome == "duplicate":
        reason = f"The same file was received before, as {file.duplicate_of}."
        remedy = "Nothing to do; each school's receipt says what became of its rows."
    return {
        "file_name": arrival.file_name,
        "file_sha256": arrival.file_sha256,
        "first_seen_on": dt.date.fromisoformat(arrival.first_seen_on),
        "format": landed.format.format if landed.format else None,
        "format_title": landed.format.title if landed.format else None,
        "outcome": file.outcome,
        "reason": reason or None,
        "remedy": remedy or None,
        "schools": len(file.parts),
        "rows_total": landed.rows_total,
        "rows_layout": landed.rows_layout,
        "rows_of_schools": file.rows_of_schools,
        "rows_of_no_school": sum(file.nobodys.values()),
    }


def _say_skipped(found: Found) -> Row:
    counts = ("schools", "rows_total", "rows_layout", "rows_of_schools", "rows_of_no_school")
    said: Row = {"file_name": found.name, "outcome": "skipped", "reason": found.trouble, "remedy": LOOK_AGAIN}
    return said | dict.fromkeys(counts, 0)


def _count(file: TrustFile) -> Iterator[Row]:
    """Yield the count of rows that are in no school's receipt, by reason."""
    again = file.outcome == "duplicate"
    counts = {"the same file again": sum(file.nobodys.values())} if again else file.nobodys
    for reason, rows in sorted(counts.items()):
        if rows:
            yield {
                "urn": WHOLE_TRUST, "receipt_id": file.arrival.receipt_id, "kind": "rows",
                "bucket": "duplicate" if again else "refused", "reason": reason,
                "related_receipt_id": file.duplicate_of, "records": rows,
            }  # fmt: skip


def _list_fixes(file: TrustFile) -> Iterator[Row]:
    for fix in file.landed.fixes:
        yield {
            "urn": WHOLE_TRUST,
            "receipt_id": file.arrival.receipt_id,
            "file_name": file.arrival.file_name,
            **asdict(fix),
        }


def save_split(landing: Path, file: TrustFile) -> None:
    """Keep what was said of an accepted file, below `landing` (lake/landing)."""
    folder = landing / WHOLE_TRUST / file.arrival.receipt_id
    folder.mkdir(parents=True, exist_ok=True)
    landed = file.landed
    said = {
        "format": landed.format.format if landed.format else None,
        "rows_total": landed.rows_total,
        "rows_layout": landed.rows_layout,
        "fixes": [asdict(fix) for fix in landed.fixes],
        "parts": file.parts,
        "rows_of_schools": file.rows_of_schools,
        "nobodys": file.nobodys,
        "read_with": file.read_with,
    }
    beside = folder / "split.next"
    beside.write_text(json.dumps(said, indent=1, ensure_ascii=False), "utf-8")
    beside.replace(folder / _SUMMARY)


def load_split(landing: Path, formats: Mapping[str, FormatFile], arrival: Arrival) -> TrustFile | None:
    """Return an accepted file as it was kept; None when nothing is, or nothing that can be read."""
    try:
        said = json.loads((landing / WHOLE_TRUST / arrival.receipt_id / _SUMMARY).read_text("utf-8"))
        landed = Landed(
            format=formats.get(said["format"]),
            rows_total=said["rows_total"],
            rows_layout=said["rows_layout"],
            fixes=[Fix(**fix) for fix in said["fixes"]],
        )
        return TrustFile(
            arrival,
            "accepted",
            landed,
            parts={urn: Signature(*signed) for urn, signed in said["parts"].items()},
            rows_of_schools=said["rows_of_schools"],
            nobodys=dict(said["nobodys"]),
            read_with=said["read_with"],
            kept=True,
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
