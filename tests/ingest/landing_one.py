"""One school's roll of nine invented pupils, and the landing of single files that are matched to it."""

from __future__ import annotations

from pathlib import Path

from small_trust import ASH, ROLL, ROLL_HEADING, make_format, roll_row

from ingest.contract import RECORD_KINDS
from ingest.landed import Landed
from ingest.landing import Opened, land_file, match_file, open_file
from ingest.roll import Roll
from ingest.whose_file import Sender

KEY = b"k" * 32
SENDER = Sender(ASH, "Ash Primary School", "0012001", {"Ash Primary School": ASH, "Birch Primary School": "999902"})


class Landing:
    """Lands texts as files of a format, matched to a roll of pupils 1 to 9 known by UPN and number."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.roll = Roll(ASH)
        path = folder / "roll.csv"
        path.write_text("\n".join((ROLL_HEADING, *(roll_row(n) for n in range(1, 10)))), "utf-8")
        opened = open_file(path, [make_format(ROLL, folder)], SENDER)
        assert isinstance(opened, Opened)
        self.roll.add(match_file(opened, self.roll, KEY, "r0").roll_rows)

    def __call__(self, format_text: str, text: str, receipt: str = "r1", name: str = "file.csv") -> Landed:
        """Land `text`; whatever it holds, its rows and records must add up."""
        path = self.folder / name
        path.write_text(text, "utf-8")
        opened = open_file(path, [make_format(format_text, self.folder)], SENDER)
        if isinstance(opened, Landed):
            return opened
        landed = land_file(opened, match_file(opened, self.roll, KEY, receipt), SENDER, receipt)
        check_landed(landed)
        return landed


def check_landed(landed: Landed) -> None:
    """Each row counted once, each record whole and in one bucket, and each refused one held by a line to put right."""
    assert landed.rows_total == landed.rows_layout + landed.rows_with_records + landed.rows_without_values
    refused = 0
    for kind, records in landed.records.items():
        assert set(records.columns) == {*RECORD_KINDS[kind].schema.names, "bucket", "reason"}
        assert {len(values) for values in records.columns.values()} == {len(records)}
        assert all((b == "accepted") == (r is None) for b, r in records.rows(["bucket", "reason"]))
        assert len(set(records["record_id"])) == len(records)
        refused += records["bucket"].count("refused")
    assert sum(fix.records_held for fix in landed.fixes if fix.severity == "fix") == refused
    rows = {row for records in landed.records.values() for row in records["file_row"]}
    assert len(rows) == landed.rows_with_records
