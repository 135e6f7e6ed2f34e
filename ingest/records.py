"""Records on their way to the lake: one kind's records, column by column in plain lists.

Here lives the container only. Plain lists are used since most files are small: the cost of a table library is
per column, and would be paid many times over for each of them. What the columns mean is the contract's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ingest.contract import RECORD_KINDS

OUTCOME = ("bucket", "reason")


@dataclass
class Records:
    """Records of one kind: each list of `columns` holds one value a record, all in the same order."""

    columns: dict[str, list[Any]]

    @classmethod
    def empty(cls, kind: str) -> Records:
        """Return no records of `kind`: the contract's columns and the outcome's."""
        return cls({name: [] for name in (*RECORD_KINDS[kind].schema.names, *OUTCOME)})

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))

    def __getitem__(self, name: str) -> list[Any]:
        return self.columns[name]

    def rows(self, names: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """Yield the values of the columns `names`, one tuple a record; empty tuples when there are none."""
        return zip(*(self.columns[name] for name in names), strict=True) if names else iter([()] * len(self))

    def extend(self, more: Records) -> None:
        """Add records with the same columns."""
        for name, values in self.columns.items():
            values.extend(more.columns[name])

    def pick(self, places: Iterable[int]) -> Records:
        """Return the records at these places, in that order."""
        chosen = list(places)
        return Records({name: [values[i] for i in chosen] for name, values in self.columns.items()})
