"""The contract: what crosses the wall between rooms, each kind of record and each table of findings declared once.

Everything else takes it from here: schemas, suites, empty files, the data dictionary.
"""

from ingest.contract.columns import (
    ARROW_TYPES,
    CONTRACT_VERSION,
    IDENTITY,
    PROVENANCE,
    YEAR_GROUPS,
    Column,
    ColumnType,
    RecordKind,
    Sensitivity,
)
from ingest.contract.findings import FINDING_TABLES, FindingTable
from ingest.contract.records import (
    ATTENDANCE,
    ATTENDANCE_TOTALS,
    GROUPS,
    JUDGEMENTS,
    PUPILS,
    RECORD_KINDS,
    RESULTS,
    SUSPENSIONS,
)

__all__ = [
    "ARROW_TYPES",
    "ATTENDANCE",
    "ATTENDANCE_TOTALS",
    "CONTRACT_VERSION",
    "FINDING_TABLES",
    "GROUPS",
    "IDENTITY",
    "JUDGEMENTS",
    "PROVENANCE",
    "PUPILS",
    "RECORD_KINDS",
    "RESULTS",
    "SUSPENSIONS",
    "YEAR_GROUPS",
    "Column",
    "ColumnType",
    "FindingTable",
    "RecordKind",
    "Sensitivity",
]
