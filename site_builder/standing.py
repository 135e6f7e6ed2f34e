"""Which series stand for the trust now, what each is called, and what is said of a school's figure in one.

Here live the choice of columns and rows for pages that lay KPIs side by side, and the words and points they share.
Which series lead is decided in dbt (published_latest); how they are laid out lives with each page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

from site_builder.beside import WHOLE_TRUST, Beside, Series, series_of
from site_builder.charts import Line, Point
from site_builder.comparisons import Change, Latest
from site_builder.context import Context, basis_words, is_of_pupils
from site_builder.records import Figure, Kpi, School
from site_builder.series import subject_words
from site_builder.tables import Cell, interval_cell, is_shown, show_value, value_cell
from site_builder.words import CHANGES, TRENDS, year_group_words
from site_builder.writing import show_count

# How many series of one KPI stand side by side: no reader takes in eighty subjects by year group.
MOST_OF_A_KPI = 4
AGAINST_TRUST = {"above": "above the trust", "similar": "about the same as the trust", "below": "below the trust"}


@dataclass(frozen=True)
class Standing:
    """A series shown now: its KPI, its row of published_latest, and a figure of it to take its words from."""

    kpi: Kpi
    latest: Latest
    example: Figure

    @property
    def series(self) -> Series:
        """The key its figures share."""
        return series_of(self.latest)

    @property
    def of_pupils(self) -> bool:
        """Whether it is about pupils over time, not about an assessment."""
        return is_of_pupils(self.example)

    @property
    def when(self) -> str:
        """The period it is of: Year to date 2025/26."""
        return f"{self.latest.period_title} {self.latest.academic_year}"

    @property
    def subject(self) -> str:
        """Subject and year group of an assessment; for the rest, whom the figure is about."""
        return subject_of(self.example)

    @property
    def what(self) -> str:
        """All that tells the series from another one of its KPI."""
        basis = basis_words(self.example)
        return f"{self.subject}, {self.when}" + (f" ({basis})" if basis else "")

    @property
    def title(self) -> str:
        """The KPI, and of an assessment its subject and year group."""
        return title_of(self.kpi, self.example)

    @property
    def href(self) -> str:
        """Where the KPI is defined."""
        return f"kpis/{self.kpi.kpi}.html#definition"


def subject_of(figure: Figure) -> str:
    """Subject and year group of a figure about an assessment; for the rest, whom it is about."""
    group = year_group_words(figure.year_group, of_pupils=is_of_pupils(figure))
    return group if is_of_pupils(figure) else f"{subject_words(figure)}, {group}"


def title_of(kpi: Kpi, figure: Figure) -> str:
    """The figure's KPI, and of an assessment its subject and year group."""
    return kpi.title if is_of_pupils(figure) else f"{kpi.title}: {subject_of(figure)}"


def _stand(context: Context, rows: Iterable[Latest]) -> list[Standing]:
    found = []
    for row in rows:
        figures = context.beside.figures(series_of(row))
        if figures:
            found.append(Standing(context.kpis[row.kpi, row.kpi_version], row, figures[0]))
    return found


# Every page asks for the same few lists; they last as long as the release they are of.
_Lists = dict[tuple[str, str], list[Standing]]
_STANDING: WeakKeyDictionary[Beside, _Lists] = WeakKeyDictionary()


def standing_in(context: Context, kpi: Kpi, scope: str) -> Sequence[Standing]:
    """Every series of the KPI shown now in `scope` (the whole trust or a phase), the leading one first."""
    known = _STANDING.setdefault(context.beside, {})
    if (kpi.kpi, scope) not in known:
        known[kpi.kpi, scope] = _stand(context, context.beside.shown_now(kpi.kpi, scope))
    return known[kpi.kpi, scope]


def choose_columns(context: Context, scopes: Sequence[str]) -> list[Standing]:
    """The series that stand side by side for schools of `scopes`: KPIs about pupils over time, then of assessments.

    Of a KPI about pupils over time the leading series. Of one about assessments the leading series of each scope, so
    that every phase finds its own; a headline KPI is filled up to four with the next of the first scope.
    """
    of_pupils, of_results = [], []
    for kpi in headlines_first(context):
        by_scope = [standing_in(context, kpi, scope) for scope in scopes]
        leads = [found[0] for found in by_scope if found]
        if not leads:
            continue
        if leads[0].of_pupils:
            of_pupils.append(leads[0])
            continue
        if kpi.headline is not None:
            leads += by_scope[0]
        chosen = list({lead.series: lead for lead in leads}.values())[:MOST_OF_A_KPI]
        of_results += sorted(chosen, key=_place)
    return [*of_pupils, *of_results]


def _place(standing: Standing) -> tuple[object, ...]:
    example = standing.example
    return (standing.when, example.year_group_sort, example.subject_sort, standing.series)


def headlines_first(context: Context) -> list[Kpi]:
    """The newest version of each KPI: the headlines in their order, then the rest in the trust's."""
    return sorted(context.latest_kpis(), key=lambda kpi: (kpi.headline is None, kpi.headline or 0))


def scopes_of(schools: Iterable[School]) -> list[str]:
    """The whole trust, then the phases of at least two of `schools`: that of most schools first."""
    phases = [school.phase for school in schools if school.phase]
    several = {phase for phase in phases if phases.count(phase) > 1}
    return [WHOLE_TRUST, *sorted(several, key=lambda phase: (-phases.count(phase), phase))]


def leading_for(context: Context, kpi: Kpi, school: School) -> Standing | None:
    """The series that stands for the KPI at this school: the first of its phase, else of the trust, with a value."""
    found = [s for scope in (school.phase, WHOLE_TRUST) if scope for s in standing_in(context, kpi, scope)]
    with_value = (s for s in found if is_shown(context.beside.figure(s.series, school.urn), s.kpi))
    with_symbol = (s for s in found if context.beside.figure(s.series, school.urn))
    return next(with_value, None) or next(with_symbol, None)


def shown_text(figure: Figure | None, kpi: Kpi) -> str:
    """The figure as it stands on a page, or its symbol."""
    return value_cell(figure, kpi).text


def pupils_words(figure: Figure) -> str:
    """How many pupils are behind a shown figure."""
    return f"{show_count(figure.pupil_count)} pupils" if figure.pupil_count is not None else "pupils not known"


def point_of(figure: Figure, kpi: Kpi, label: str, *, href: str | None = None, own: bool = False) -> Point:
    """A shown figure as a point of a chart, with everything that is said of it. It must have a value."""
    assert figure.value is not None
    said = [interval_cell(figure, kpi).text] if figure.lower_95_ci is not None else []
    said.append(pupils_words(figure))
    if figure.comparison:
        said.append(AGAINST_TRUST[figure.comparison])
    return Point(
        label=label,
        value=figure.value,
        text=shown_text(figure, kpi),
        note=", ".join(said),
        href=href,
        ident=figure.unit_code if figure.geography == "School" else None,
        low=figure.lower_95_ci,
        high=figure.upper_95_ci,
        mark=figure.comparison,
        own=own,
    )


def trust_line(context: Context, standing: Standing) -> Line | None:
    """The trust's figure of the series, to be drawn across."""
    trust = context.beside.trust_figure(standing.series)
    if trust is None or trust.value is None or trust.symbol:
        return None
    return Line("the trust", trust.value, show_value(trust.value, standing.kpi))


def say_change(change: Change, figure: Figure) -> str:
    """How the change is said beside the figure: with its own period where that is another than the figure's."""
    said = f"{CHANGES[change.change or 'same']} on a year before"
    return said if change.period == figure.period else f"{change.period_title}: {said}"


def with_trend(cell: Cell, change: Change | None, figure: Figure) -> Cell:
    """The cell with the glyph of its change since a year before, where there is one."""
    if cell.kind != "number" or change is None or change.change is None:
        return cell
    return replace(cell, trend=TRENDS[change.change], trend_title=say_change(change, figure))


def source_words(context: Context, said: str) -> str:
    """The line under a chart: what it is of, and the release."""
    return f"{said} · release {context.identity.release_id}"
