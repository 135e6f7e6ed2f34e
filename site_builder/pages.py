"""The page list: every kind of page there is, which is also the navigation.

A new page is one template and one entry here. What a page shows is gathered by its own module; how pages are
rendered and written lives in release.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from site_builder.agreement_page import gather_agreement_pages
from site_builder.compare_page import gather_compare_pages, gather_comparison_pages
from site_builder.context import Context
from site_builder.data_page import gather_data_pages, gather_school_data_pages
from site_builder.downloads_page import gather_downloads_pages
from site_builder.glossary_page import gather_glossary_pages
from site_builder.kpi_figures_page import gather_kpi_figures_pages
from site_builder.kpi_list_page import gather_kpi_list_pages
from site_builder.kpi_page import gather_kpi_pages
from site_builder.methods_page import gather_methods_pages
from site_builder.ops_page import gather_ops_pages
from site_builder.pack_page import gather_pack_pages
from site_builder.page import Page
from site_builder.scales_page import gather_scales_pages
from site_builder.school_figures_page import gather_school_figures_pages
from site_builder.school_page import gather_school_pages
from site_builder.trust_figures_page import gather_trust_figures_pages
from site_builder.trust_page import gather_trust_pages


@dataclass(frozen=True)
class PageKind:
    """A kind of page: its template, who gathers it, and its place in the site's navigation, if it has one.

    A kind without a place of its own is `part_of` one that has.
    """

    name: str
    template: str
    gather: Callable[[Context], Sequence[Page]]
    nav_label: str | None = None
    nav_href: str = ""
    part_of: str | None = None


PAGE_KINDS: tuple[PageKind, ...] = (
    PageKind("trust", "trust.html", gather_trust_pages, "Trust", "index.html"),
    PageKind("school", "school.html", gather_school_pages, "Schools", "index.html#schools"),
    PageKind("trust_figures", "trust_figures.html", gather_trust_figures_pages, part_of="trust"),
    PageKind("school_figures", "school_figures.html", gather_school_figures_pages, part_of="school"),
    PageKind("compare", "compare.html", gather_compare_pages, "Compare", "compare.html"),
    PageKind("comparison", "comparison.html", gather_comparison_pages, part_of="compare"),
    PageKind("kpis", "kpi_list.html", gather_kpi_list_pages, "KPIs", "kpis.html"),
    PageKind("kpi", "kpi.html", gather_kpi_pages, part_of="kpis"),
    PageKind("kpi_figures", "kpi_figures.html", gather_kpi_figures_pages, part_of="kpis"),
    PageKind("data", "data.html", gather_data_pages, "Data", "data.html"),
    PageKind("school_data", "school_data.html", gather_school_data_pages, part_of="data"),
    PageKind("scales", "scales.html", gather_scales_pages, "Scales", "scales.html"),
    PageKind("agreement", "agreement.html", gather_agreement_pages, part_of="scales"),
    PageKind("methods", "methods.html", gather_methods_pages, "Methods", "methods.html"),
    PageKind("glossary", "glossary.html", gather_glossary_pages, "Glossary", "glossary.html"),
    PageKind("downloads", "downloads.html", gather_downloads_pages, "Downloads", "downloads.html"),
    PageKind("pack", "pack.html", gather_pack_pages),
    PageKind("ops", "ops.html", gather_ops_pages),
)
