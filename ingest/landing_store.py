"""Landing store: landed files kept under `lake/landing/<urn>/<receipt>/`, so that none is read twice.

Here lives the cache: what was landed is used again while the file, the formats, the contract, the key and, for a
file matched by number or name, the school's roll are the same. No identifier is kept here.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from dataclasses import asdict
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ingest.contract import RECORD_KINDS
from ingest.fixes import Fix
from ingest.format_file import FormatFile
from ingest.landed import Landed
from ingest.tables import write_table

_OUTCOME = [pa.field("bucket", pa.string()), pa.field("reason", pa.string())]
_COUNTS = ("rows_total", "rows_layout", "rows_with_records", "rows_without_values")


def save_landed(folder: Path, landed: Landed, cache_key: str) -> None:
    """Keep a landed file; the summary is written last, so a half-kept one is never found."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "summary.json").unlink(missing_ok=True)
    for kind, frame in landed.records.items():
        schema = pa.schema([*RECORD_KINDS[kind].schema, *_OUTCOME])
        # A refused record may lack what the contract requires; only standing ones go on to the records.
        write_table(frame, pa.schema([field.with_nullable(True) for field in schema]), folder / f"{kind}.parquet")
    summary = {
        "cache_key": cache_key,
        "format": landed.format.format if landed.format else None,
        "format_title": landed.format.title if landed.format else None,
        "makes_roll": landed.roll_rows is not None,
        "reason": landed.reason,
        "remedy": landed.remedy,
        "made_of": landed.made_of,
        "exported_on": landed.exported_on.isoformat() if landed.exported_on else None,
        "kinds": sorted(landed.records),
        "fixes": [asdict(fix) for fix in landed.fixes],
        **{name: getattr(landed, name) for name in _COUNTS},
    }
    beside = folder / "summary.next"
    beside.write_text(json.dumps(summary, indent=1, ensure_ascii=False), "utf-8")
    os.replace(beside, folder / "summary.json")


def load_landed(folder: Path, formats: dict[str, FormatFile], cache_key: str | None) -> Landed | None:
    """Return what was landed before, when its cache key is `cache_key` (any, if None); else None."""
    path = folder / "summary.json"
    if not path.exists():
        return None
    said = json.loads(path.read_text("utf-8"))
    form = formats.get(said["format"]) if said["format"] else None
    if (cache_key is not None and said["cache_key"] != cache_key) or (said["format"] and form is None):
        return None
    landed = Landed(
        format=form,
        reason=said["reason"],
        remedy=said["remedy"],
        made_of=said["made_of"],
        exported_on=dt.date.fromisoformat(said["exported_on"]) if said["exported_on"] else None,
        records={kind: _load_records(folder / f"{kind}.parquet") for kind in said["kinds"]},
        fixes=[Fix(**fix) for fix in said["fixes"]],
        roll_rows=pd.DataFrame() if said["makes_roll"] else None,
        **{name: said[name] for name in _COUNTS},
    )
    return landed


def _load_records(path: Path) -> pd.DataFrame:
    frame = pq.read_table(path).to_pandas(date_as_object=True).astype(object)
    return frame.where(frame.notna(), None)
