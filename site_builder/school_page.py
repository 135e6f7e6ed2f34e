"""A school's page: where it stands on every KPI, what stands out, its weeks, its results, and what it has sent.

Here lives what schools/<urn>.html shows and in which order. Its parts are made in strips.py, highlights.py,
school_weeks.py and subject_grid.py; every figure of every year is on schools/<urn>-figures.html.
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass

from site_builder.beside import Series
from site_builder.charts import Chart, Point
from site_builder.context import Context
from site_builder.data_page import data_path
from site_builder.highlights import Highlights, find_highlights
from site_builder.page import Fact, Page
from site_builder.records import School
from site_builder.school_figures_page import figures_path
from site_builder.school_weeks import Weeks, show_weeks
from site_builder.strips import draw_school_strip, list_standings, make_strip_table
from site_builder.subject_grid import Grid, make_subject_grids
from site_builder.submission_grid import own_submissions, years_of
from site_builder.tables import Table
from site_builder.writing import show_date


@dataclass(frozen=True)
class SchoolLink:
    """The way to another school's page, and why it is named here."""

    said: str
    name: str
    href: str


@dataclass(frozen=True)
class SchoolView:
    """What school.html is given."""

    state: Sequence[str]
    relations: Sequence[SchoolLink]
    facts: Sequence[Fact]
    strip: Chart | None
    strip_table: Table | None
    highlights: Highlights
    weeks: Weeks | None
    grids: Sequence[Grid]
    sent: Table | None
    data_href: str
    figures_href: str


def _facts(school: School) -> list[Fact]:
    facts = [
        Fact("URN", school.urn),
        Fact("Phase", school.phase or "not known"),
        Fact("Cluster", school.cluster or "none"),
        Fact("Latest file read on", show_date(school.data_date, "none yet")),
    ]
    if school.joined:
        facts.append(Fact("In the trust since", show_date(school.joined)))
    if school.left_on:
        facts.append(Fact("In the trust until", show_date(school.left_on)))
    return facts


def _relations(context: Context, school: School) -> list[SchoolLink]:
    """The school under its earlier and its later URN: a break of kind `urn` names both in its words."""
    found = []
    for line in context.published.breaks:
        if line.kind != "urn":
            continue
        named = [urn for urn in re.findall(r"[A-Za-z0-9_-]+", line.words) if urn in context.schools and urn != line.urn]
        if line.urn == school.urn:
            found += [("Before that it was", urn) for urn in named]
        elif school.urn in named:
            found.append(("It is carried on as", line.urn))
    return [SchoolLink(said, context.schools[urn].name, f"schools/{urn}.html") for said, urn in dict.fromkeys(found)]


def _state(context: Context, school: School, *, shown: bool) -> list[str]:
    """The page's first lines: whether the school is still in the trust, and how its data stand."""
    said = []
    if school.left_on and school.left_on <= context.identity.as_of:
        said.append(
            f"{school.name} was in the trust until {show_date(school.left_on)}. "
            "What was published of it stays here as its history."
        )
    elif school.joined and school.joined > context.identity.as_of:
        said.append(f"{school.name} joins the trust on {show_date(school.joined)}.")
    said.append(school.state_words)
    if not shown and school.state != "no data yet":
        said.append("It has no figure in what stands for the trust now.")
    return [*said, *(found.words for found in context.breaks(school.urn))]


def _page(context: Context, school: School, points: MutableMapping[Series, list[Point]]) -> Page:
    standings = list_standings(context, school)
    strip = draw_school_strip(context, school, standings, points)
    years = years_of(context)[:1]
    return Page(
        area="site",
        path=f"schools/{school.urn}.html",
        heading=school.name,
        purpose="Where the school is, whether that is different from the trust, and who is behind each figure.",
        view=SchoolView(
            state=_state(context, school, shown=strip is not None),
            relations=_relations(context, school),
            facts=_facts(school),
            strip=strip,
            strip_table=make_strip_table(context, school, standings) if strip else None,
            highlights=find_highlights(context, school),
            weeks=show_weeks(context, school),
            grids=make_subject_grids(context, school),
            sent=own_submissions(context, school.urn, years),
            data_href=data_path(school.urn),
            figures_href=figures_path(school.urn),
        ),
    )


def gather_school_pages(context: Context) -> list[Page]:
    """schools/<urn>.html for every school of the register."""
    points: dict[Series, list[Point]] = {}
    return [_page(context, school, points) for school in context.published.schools]
