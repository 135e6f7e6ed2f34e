"""Subjects by year groups: a school's latest results on one page, each with its pupils and its mark.

Here lives the grid of a school's page. One table holds one KPI of one window, assessment and way of judging, so that
whatever stands in it may be read side by side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from site_builder.beside import WHOLE_TRUST
from site_builder.context import Context, basis_words
from site_builder.records import Figure, Kpi, School
from site_builder.series import subject_words
from site_builder.standing import Standing, standing_in, with_trend
from site_builder.tables import NO_FIGURE, Cell, Head, Row, Table, is_shown, symbol_cell, value_cell
from site_builder.words import unit_words, year_group_words
from site_builder.writing import show_count


@dataclass(frozen=True)
class Grid:
    """One table and the KPI it is of; `opened`: it stands openly on the page, the others are folded away."""

    title: str
    href: str
    table: Table
    opened: bool


def _cell(context: Context, found: tuple[Standing, Figure] | None) -> Cell:
    if found is None:
        return symbol_cell(NO_FIGURE)
    standing, own = found
    cell = with_trend(
        value_cell(own, standing.kpi, with_mark=True), context.beside.change(standing.latest, own.unit_code), own
    )
    if not is_shown(own, standing.kpi) or own.pupil_count is None:
        return cell
    return replace(cell, note=f"{show_count(own.pupil_count)}")


def _grid(context: Context, kpi: Kpi, found: Sequence[tuple[Standing, Figure]]) -> Table:
    subjects = {own.subject: (own.subject_sort, own) for _, own in found}
    groups = sorted({(own.year_group_sort, own.year_group) for _, own in found})
    placed = {(own.subject, own.year_group): (standing, own) for standing, own in found}
    standing = found[0][0]
    basis = basis_words(found[0][1])
    caption = f"{kpi.title} ({unit_words(kpi)}), {standing.when}"
    caption += f" ({basis})" if basis else ""
    rows = [
        Row([Cell(subject_words(own)), *(_cell(context, placed.get((subject, group))) for _, group in groups)])
        for subject, (_, own) in sorted(subjects.items(), key=lambda item: (item[1][0], item[0]))
    ]
    head = [[Head("Subject"), *(Head(year_group_words(group), "number") for _, group in groups)]]
    return Table(caption, head, rows, wide=len(groups) > 9, matrix=True)


def make_subject_grids(context: Context, school: School) -> list[Grid]:
    """The school's latest results, KPI by KPI: the window of most figures first."""
    grids = []
    for kpi in context.latest_kpis():
        by_key: dict[tuple[int, str], dict[tuple[str, str], tuple[Standing, Figure]]] = {}
        for scope in (school.phase, WHOLE_TRUST):
            for standing in standing_in(context, kpi, scope) if scope else []:
                own = context.beside.figure(standing.series, school.urn)
                if own is not None and not standing.of_pupils:
                    key = (own.kpi_version, own.comparability_key)
                    by_key.setdefault(key, {}).setdefault((own.subject, own.year_group), (standing, own))
        ordered = sorted(by_key.items(), key=lambda item: (-len(item[1]), item[0]))
        for _, placed in ordered:
            table = _grid(context, kpi, list(placed.values()))
            grids.append(Grid(kpi.title, f"kpis/{kpi.kpi}.html#definition", table, kpi.headline is not None))
    return sorted(grids, key=lambda grid: not grid.opened)
