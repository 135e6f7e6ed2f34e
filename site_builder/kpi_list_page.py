"""The list of KPIs, by family: what each is, and where the trust is now.

Here lives what kpis.html shows. A KPI's definition and charts are on its own page (kpi_page.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from site_builder.beside import series_of
from site_builder.context import Context
from site_builder.page import Page
from site_builder.paging import slug
from site_builder.records import Kpi
from site_builder.series import series_title
from site_builder.tables import NO_FIGURE, Cell, Row, Table, heads, interval_cell, symbol_cell, value_cell
from site_builder.words import DIRECTIONS, in_words, unit_words

NO_FAMILY = "Other KPIs"


@dataclass(frozen=True)
class Family:
    """KPIs that belong together, as a table."""

    title: str
    anchor: str
    table: Table


@dataclass(frozen=True)
class KpiListView:
    """What kpi_list.html is given."""

    families: Sequence[Family]


def _row(context: Context, kpi: Kpi) -> Row:
    rows = context.beside.shown_now(kpi.kpi)
    trust = context.beside.trust_figure(series_of(rows[0])) if rows else None
    of = series_title(rows[0], trust) if rows else ""
    return Row(
        [
            Cell(kpi.title, href=f"kpis/{kpi.kpi}.html"),
            Cell(kpi.why_it_matters or "", "prose"),
            value_cell(trust, kpi),
            interval_cell(trust, kpi) if trust else symbol_cell(NO_FIGURE, kind="sign"),
            Cell(of, "phrase"),
            Cell(unit_words(kpi), "phrase"),
            Cell(in_words(DIRECTIONS, kpi.direction, "the direction"), "phrase"),
        ]
    )


def gather_kpi_list_pages(context: Context) -> list[Page]:
    """kpis.html: one table a family, in the trust's order."""
    kpis = sorted(
        context.latest_kpis(), key=lambda k: (k.family is None, k.family or "", k.sort_order or 0, k.title, k.kpi)
    )
    names = ("KPI", "Why it matters", "Trust now", "95% interval", "Of what", "Unit", "Direction")
    families = [
        Family(
            title := family or NO_FAMILY,
            slug(title),
            Table(f"{title}: the trust's KPIs", heads(*names, numbers=("Trust now",)), [_row(context, k) for k in own]),
        )
        for family, own in groupby(kpis, key=lambda k: k.family)
    ]
    return [
        Page(
            area="site",
            path="kpis.html",
            heading="KPIs",
            purpose="What the trust measures, why, and where it is now. Each KPI has a page with its whole definition.",
            view=KpiListView(families),
        )
    ]
