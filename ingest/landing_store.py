"""Landing store: landed files kept under `lake/landing/<urn>/<receipt>/`, so that none is read twice.

Here lives the cache: what was landed is used again while the file, the formats, the contract, the key and, for a
file matched by number or name, the school's roll are the same. No identifier is kept here.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow as pa

from ingest.contract import RECORD_KINDS
from ingest.fixes import Fix
from ingest.format_file import FormatFile
from ingest.kept_records import KeptRecords
from ingest.landed import Landed
from ingest.landing import hash_file
from ingest.records import OUTCOME
from ingest.tables import write_table

_COUNTS = ("rows_total", "rows_layout", "rows_with_records", "rows_without_values", "roll_rows")
# A refused record may lack what the contract requires; only standing ones go on to the records.
_SCHEMAS = {
    name: pa.schema(
        [*(field.with_nullable(True) for field in kind.schema), *(pa.field(n, pa.string()) for n in OUTCOME)]
    )
    for name, kind in RECORD_KINDS.items()
}


@dataclass
class Kept:
    """What was landed before: under which key, and with which roll its rows were matched."""

    landed: Landed
    cache_key: str
    matched_to: str


def save_landed(folder: Path, landed: Landed, cache_key: str, matched_to: str) -> None:
    """Keep a landed file, whose records are from then on read from where they are kept.

    The summary is written last, so a half-kept one is never found.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "summary.json").unlink(missing_ok=True)
    paths = {kind: folder / f"{kind}.parquet" for kind in landed.records}
    for kind, records in landed.records.items():
        write_table(records.columns, _SCHEMAS[kind], paths[kind])
    landed.records = {kind: KeptRecords(paths[kind], len(held), held) for kind, held in landed.records.items()}
    summary = {
        "cache_key": cache_key,
        "matched_to": matched_to,
        "format": landed.format.format if landed.format else None,
        "reason": landed.reason,
        "remedy": landed.remedy,
        "made_of": landed.made_of,
        "exported_on": landed.exported_on.isoformat() if landed.exported_on else None,
        "kinds": {kind: [len(landed.records[kind]), hash_file(path)] for kind, path in paths.items()},
        "fixes": [asdict(fix) for fix in landed.fixes],
        **{name: getattr(landed, name) for name in _COUNTS},
    }
    beside = folder / "summary.next"
    beside.write_text(json.dumps(summary, indent=1, ensure_ascii=False), "utf-8")
    beside.replace(folder / "summary.json")


def load_landed(folder: Path, formats: dict[str, FormatFile]) -> Kept | None:
    """Return what was landed before; None when there is nothing, or nothing that can be read or used now."""
    path = folder / "summary.json"
    if not path.exists():
        return None
    try:
        said = json.loads(path.read_text("utf-8"))
        form = formats[said["format"]] if said["format"] else None
        landed = Landed(
            format=form,
            reason=said["reason"],
            remedy=said["remedy"],
            made_of=said["made_of"],
            exported_on=dt.date.fromisoformat(said["exported_on"]) if said["exported_on"] else None,
            records={kind: _open(folder / f"{kind}.parquet", *kept) for kind, kept in said["kinds"].items()},
            fixes=[Fix(**fix) for fix in said["fixes"]],
            **{name: said[name] for name in _COUNTS},
        )
        return Kept(landed, said["cache_key"], said["matched_to"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, pa.ArrowException):
        return None  # damaged, or of a format that has gone: the file itself is read again


def _open(path: Path, count: int, sha256: str) -> KeptRecords:
    """Return the records that lie at `path`. Raises ValueError when they are not those that were kept there."""
    if hash_file(path) != sha256:
        raise ValueError("the file has changed since it was kept")
    return KeptRecords(path, count)
