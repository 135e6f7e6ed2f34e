"""Kept records: one kind's records that lie in a file of the lake, read when they are asked for and not held.

Here lives the container only. Many systems send the whole register again every week; of all schools together that
is more than a memory holds, so a run holds the long files of one school at a time.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from ingest.records import Records
from ingest.tables import read_columns

# So few records cost less to hold than to read again.
HELD_AT_MOST = 5_000


class KeptRecords(Records):
    """The `count` records in the Parquet file at `path`, of which `known` is what they are, where that is at hand.

    What is read is nobody's to change. Reading raises OSError or pyarrow's ArrowException when the file has gone or
    is damaged.
    """

    def __init__(self, path: Path, count: int, known: Records | None = None) -> None:
        self.path, self._count = path, count
        self._held = known.columns if known is not None and count <= HELD_AT_MOST else None

    @property
    def columns(self) -> dict[str, list[Any]]:
        """All columns by name, in the file's order."""
        if self._held is not None:
            return self._held
        columns = read_columns(self.path)
        if self._count <= HELD_AT_MOST:
            self._held = columns
        return columns

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, name: str) -> list[Any]:
        if self._count <= HELD_AT_MOST:
            return self.columns[name]
        return read_columns(self.path, [name])[name]

    def copy_to(self, path: Path) -> None:
        """Put a copy of the file in place at `path`, at once."""
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(path.name + ".next")
        shutil.copyfile(self.path, beside)
        beside.replace(path)
