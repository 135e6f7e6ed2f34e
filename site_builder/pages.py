"""The page list: every kind of page there is, which is also the navigation.

A new page is one template and one entry here. What a page shows is gathered by its own module; how pages are
rendered and written lives in release.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from site_builder.context import Context
from site_builder.data_page import gather_data_pages
from site_builder.kpi_page import gather_kpi_pages
from site_builder.ops_page import gather_ops_pages
from site_builder.pack_page import gather_pack_pages
from site_builder.page import Page
from site_builder.school_page import gather_school_pages
from site_builder.trust_page import gather_trust_pages


@dataclass(frozen=True)
class PageKind:
    """A kind of page: its template, who gathers it, and its place in the site's navigation, if it has one."""

    name: str
    template: str
    gather: Callable[[Context], Sequence[Page]]
    nav_label: str | None = None
    nav_href: str = ""


PAGE_KINDS: tuple[PageKind, ...] = (
    PageKind("trust", "trust.html", gather_trust_pages, "Trust", "index.html"),
    PageKind("school", "school.html", gather_school_pages, "Schools", "index.html#schools"),
    PageKind("kpi", "kpi.html", gather_kpi_pages, "KPIs", "index.html#kpis"),
    PageKind("data", "data.html", gather_data_pages, "Data", "data.html"),
    PageKind("pack", "pack.html", gather_pack_pages),
    PageKind("ops", "ops.html", gather_ops_pages),
)
