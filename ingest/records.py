"""Records on their way to the lake: one kind's records, column by column in plain lists.

Here lives the container only. Plain lists are used since most files are small: the cost of a table library is
per column, and would be paid many times over for each of them. What the columns mean is the contract's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import compress
from typing import Any

from ingest.contract import RECORD_KINDS

OUTCOME = ("bucket", "reason")


class Records:
    """Records of one kind: each list of `columns` holds one value a record, all in the same order."""

    def __init__(self, columns: dict[str, list[Any]]) -> None:
        self._columns = columns

    @property
    def columns(self) -> dict[str, list[Any]]:
        """All columns by name."""
        return self._columns

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
        return zip(*(self[name] for name in names), strict=True) if names else iter([()] * len(self))

    def extend(self, more: Records) -> None:
        """Add records with the same columns."""
        theirs = more.columns
        for name, values in self.columns.items():
            values.extend(theirs[name])

    def pick(self, bucket: str) -> Records:
        """Return the records in `bucket`, in their order."""
        chosen = [mine == bucket for mine in self["bucket"]]
        return self if all(chosen) else Records({n: list(compress(v, chosen)) for n, v in self.columns.items()})

    def find_places(self, bucket: str) -> list[int]:
        """Return the places of the records in `bucket`, in order."""
        buckets = self.columns["bucket"]
        if buckets.count(bucket) == len(buckets):
            return list(range(len(buckets)))
        return [place for place, mine in enumerate(buckets) if mine == bucket]

    def find_sharing(self, names: Sequence[str]) -> list[int]:
        """Return the places of the accepted records whose values in the columns `names` another such record has too.

        Among millions of marks there is mostly none: that is seen at once, without a look at each.
        """
        buckets = self.columns["bucket"]
        if not buckets:
            return []
        # A column that says the same of all, such as the school, tells no two apart.
        telling = [column for name in names if (column := self.columns[name]) and column.count(column[0]) < len(column)]
        keys: Iterable[tuple[Any, ...]] = zip(*telling, strict=True) if telling else ((),) * len(buckets)
        if buckets.count("accepted") < len(buckets):
            keys = compress(keys, [bucket == "accepted" for bucket in buckets])
        found = list(keys)
        if len(set(found)) == len(found):
            return []
        counted = Counter(found)
        places = self.find_places("accepted")
        return [place for place, key in zip(places, found, strict=True) if counted[key] > 1]
