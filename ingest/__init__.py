"""Ingest: schools' exports in, typed records out, each row accounted for.

Other rooms come in by the names below. Everything that crosses the wall is a Parquet file in the lake whose
columns `ingest.contract` declares. Nothing here knows Dagster, Great Expectations, dbt or the site.
"""

from ingest.dry_run import try_file
from ingest.format_file import BUILT_IN, FormatFile, load_formats
from ingest.format_page import find_yaml, write_page
from ingest.intake import take_in
from ingest.received import Intake, SchoolTables
from ingest.settlement import settle, write_candidates

__all__ = [
    "BUILT_IN",
    "FormatFile",
    "Intake",
    "SchoolTables",
    "find_yaml",
    "load_formats",
    "settle",
    "take_in",
    "try_file",
    "write_candidates",
    "write_page",
]
