"""kpis.csv: the definition of every KPI in an extract folder, so that a figure can be looked up where it is.

Here live its columns; the extracts' `kpi` and `kpi_version` point at its rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from site_builder.csv_files import CsvTable, CsvValue
from site_builder.extracts import Extract
from site_builder.records import Kpi


@dataclass(frozen=True)
class KpiColumn:
    """A column of kpis.csv. `type`: text, integer or date; `filled`: no row is without it."""

    name: str
    read: Callable[[Kpi], CsvValue]
    meaning: str
    type: str = "text"
    filled: bool = False


KPI_COLUMNS = (
    KpiColumn("kpi", lambda k: k.kpi, "Name of the KPI, as the extracts have it", filled=True),
    KpiColumn("kpi_version", lambda k: k.version, "Version of the definition", "integer", True),
    KpiColumn("title", lambda k: k.title, "What the KPI is called on pages", filled=True),
    KpiColumn("kind", lambda k: k.kind, "How the figure is made: ratio, mean or another", filled=True),
    KpiColumn("unit", lambda k: k.unit, "Unit of its values", filled=True),
    KpiColumn("dp", lambda k: k.dp, "Decimals shown on pages", "integer", True),
    KpiColumn("direction", lambda k: k.direction, "Which way is hoped for: higher, lower or neutral", filled=True),
    KpiColumn("numerator", lambda k: k.numerator, "Measure above the line of a ratio"),
    KpiColumn("denominator", lambda k: k.denominator, "Measure below the line of a ratio"),
    KpiColumn("mean_of", lambda k: k.mean_of, "What a mean is the mean of"),
    KpiColumn("population", lambda k: k.population, "Which pupils count"),
    KpiColumn("interval", lambda k: k.interval, "How the 95% interval is worked out", filled=True),
    KpiColumn("min_n", lambda k: k.min_n, "Fewest pupils a figure is compared with", "integer"),
    KpiColumn(
        "comparability", lambda k: k.comparability, "Highest comparability class its figures can have", filled=True
    ),
    KpiColumn("valid_from", lambda k: k.valid_from, "First day of this version; empty: always", "date"),
    KpiColumn("valid_to", lambda k: k.valid_to, "Last day of this version; empty: still valid", "date"),
    KpiColumn("why_it_matters", lambda k: k.why_it_matters, "Why the trust looks at it"),
    KpiColumn("how_calculated", lambda k: k.how_calculated, "How it is worked out, in words"),
    KpiColumn("what_good_looks_like", lambda k: k.what_good_looks_like, "What is hoped for"),
)


def kpis_in(extracts: Iterable[Extract]) -> list[Kpi]:
    """Every version of a KPI that has a figure in one of the extracts, by name and version."""
    found = {(kpi.kpi, kpi.version): kpi for extract in extracts for kpi in extract.kpis}
    return [kpi for _, kpi in sorted(found.items())]


def gather_kpi_list(kpis: Iterable[Kpi]) -> CsvTable:
    """kpis.csv for these KPIs."""
    return CsvTable([c.name for c in KPI_COLUMNS], [[c.read(kpi) for c in KPI_COLUMNS] for kpi in kpis])
