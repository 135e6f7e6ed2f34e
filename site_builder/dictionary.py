"""The data dictionary: every column of every extract, every KPI, and every field that is read from an export.

Here live its rows, made from what declares each thing: the extracts' columns, the published KPIs, and the contract of
records as the caller hands it over with the release's identity. How a page or a file shows them lives there.
"""

from __future__ import annotations

from dataclasses import dataclass

from site_builder import words
from site_builder.context import Context
from site_builder.csv_files import CsvTable
from site_builder.extract_columns import EXTRACTS, TITLES
from site_builder.extract_kpis import KPI_COLUMNS
from site_builder.records import Kpi

COLUMNS = ("table", "name", "label", "type", "unit", "meaning", "source")
_KPI_TABLE = "KPI"


@dataclass(frozen=True)
class DictionaryLine:
    """One thing a reader may look up.

    `table`: the extract it is a column of, `KPI`, `kpis`, or the kind of record it is a field of.
    """

    table: str
    name: str
    label: str
    type: str
    unit: str
    meaning: str
    source: str


@dataclass(frozen=True)
class DictionaryPart:
    """The lines of one table, with what that table is."""

    table: str
    title: str
    lines: list[DictionaryLine]


def _kpi_unit(kpi: Kpi) -> str:
    return words.unit_words(kpi)


def _kpi_lines(context: Context) -> list[DictionaryLine]:
    lines = []
    for (name, version), kpi in sorted(context.kpis.items()):
        meaning = kpi.how_calculated or kpi.title
        valid = [f"from {kpi.valid_from}" if kpi.valid_from else "", f"to {kpi.valid_to}" if kpi.valid_to else ""]
        dates = " ".join(part for part in valid if part)
        source = f"the trust's KPI file {name}.yml, version {version}" + (f", valid {dates}" if dates else "")
        lines.append(DictionaryLine(_KPI_TABLE, name, kpi.title, kpi.kind, _kpi_unit(kpi), meaning, source))
    return lines


def _extract_part(stem: str) -> DictionaryPart:
    lines = [DictionaryLine(stem, c.name, c.label, c.type, c.unit, c.meaning, c.source) for c in EXTRACTS[stem][1]]
    return DictionaryPart(stem, TITLES[stem], lines)


def gather_dictionary(context: Context) -> list[DictionaryPart]:
    """The whole dictionary: the extracts, the list of KPIs, the KPIs themselves, then each kind of record."""
    parts = [_extract_part(stem) for stem in EXTRACTS]
    listed = [
        DictionaryLine("kpis", c.name, c.name.replace("_", " "), c.type, "", c.meaning, "the trust's KPI files")
        for c in KPI_COLUMNS
    ]
    parts.append(DictionaryPart("kpis", "Definitions of the KPIs in the extracts", listed))
    parts.append(DictionaryPart(_KPI_TABLE, "KPIs of this release, every version", _kpi_lines(context)))
    records: dict[str, DictionaryPart] = {}
    for field in context.identity.contract:
        line = DictionaryLine(
            field["table"],
            field["name"],
            field["name"].replace("_", " "),
            field["type"],
            field["unit"],
            field["meaning"],
            field["source"],
        )
        title = f"Records read from exports: {field['grain']}"
        records.setdefault(line.table, DictionaryPart(line.table, title, [])).lines.append(line)
    return [*parts, *records.values()]


def write_dictionary(parts: list[DictionaryPart]) -> CsvTable:
    """dictionary.csv: all lines one below the other."""
    lines = [[getattr(line, name) for name in COLUMNS] for part in parts for line in part.lines]
    return CsvTable(COLUMNS, lines)
