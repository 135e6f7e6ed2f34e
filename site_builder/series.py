"""Laying figures side by side: schools against subjects and year groups, and lists of schools.

Here live the tables of figures that the trust, school and KPI pages show, made from figures that share a key.
Nothing is added up here: a place where no figure was published says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from site_builder.comparisons import Latest
from site_builder.context import Context, basis_words, is_of_pupils
from site_builder.periods import place_of, say_breaks
from site_builder.records import Figure, Kpi
from site_builder.tables import (
    NO_FIGURE,
    Cell,
    Head,
    Row,
    Table,
    comparison_cell,
    coverage_cell,
    heads,
    interval_cell,
    percent_cell,
    pupils_cell,
    reach_words,
    symbol_cell,
    value_cell,
)
from site_builder.words import UNIT_HEADS, year_group_words

Column = tuple[int, str, str, int, str, int, str]


def column_of(figure: Figure) -> Column:
    """What a column of a school-by-subject table stands for, in the order columns are laid out."""
    return (
        figure.subject_sort,
        figure.subject,
        figure.comparability_key,
        figure.kpi_version,
        figure.assessment,
        figure.year_group_sort,
        figure.year_group,
    )


def subject_words(figure: Figure, basis: str = "") -> str:
    """The subject, with what the figure rests on where `basis` says it; "All subjects" where it has none."""
    if is_of_pupils(figure):
        return "All sessions"
    subject = "All subjects" if figure.subject in ("z", "Total") else figure.subject
    return f"{subject} ({basis})" if basis else subject


def series_title(row: Latest, figure: Figure | None) -> str:
    """What a series is, said so that no reader takes it for another: when, and where it has them, what of.

    `figure` is one of the series' figures (the trust's).
    """
    parts = [f"{row.period_title} {row.academic_year}"]
    if figure is not None and not is_of_pupils(figure):
        parts = [f"{subject_words(figure)}, {year_group_words(figure.year_group)}", basis_words(figure), *parts]
    return " · ".join(part for part in parts if part)


def shared_basis(figures: Iterable[Figure]) -> str | None:
    """What all figures of a table rest on, to be said once in its caption; None where they differ."""
    found = {basis_words(figure) for figure in figures}
    return found.pop() if len(found) == 1 else None


def _with_basis(caption: str, basis: str | None) -> str:
    return f"{caption} ({basis})" if basis else caption


def _matrix_head(columns: Sequence[Column], by_column: dict[Column, Figure], basis: str | None) -> list[list[Head]]:
    upper: list[Head] = [Head("School", rowspan=2)]
    groups: list[tuple[object, str, int]] = []
    for column in columns:
        if groups and groups[-1][0] == column[:5]:
            groups[-1] = (groups[-1][0], groups[-1][1], groups[-1][2] + 1)
        else:
            figure = by_column[column]
            said = basis_words(figure) if basis is None else ""
            groups.append((column[:5], subject_words(figure, said), 1))
    upper += [Head(title, "group", colspan=width) for _, title, width in groups]
    lower = [year_group_words(column[6], of_pupils=is_of_pupils(by_column[column])) for column in columns]
    return [upper, [Head(name, "number") for name in lower]]


def _unit_rows(figures: Iterable[Figure], columns: Sequence[Column], kpi: Kpi, context: Context) -> list[Row]:
    by_school: dict[str, dict[Column, Figure]] = {}
    for figure in figures:
        by_school.setdefault(figure.unit_code, {})[column_of(figure)] = figure
    return [
        Row(
            [
                Cell(school.name, href=f"schools/{school.urn}.html"),
                *(value_cell(by_school[school.urn].get(column), kpi, with_mark=True) for column in columns),
            ]
        )
        for school in context.published.schools
        if school.urn in by_school
    ]


def school_matrix(caption: str, figures: Sequence[Figure], kpi: Kpi, context: Context) -> Table:
    """Schools down, subject and year group across; the trust's row first, then what it stands on."""
    by_column = {column_of(f): f for f in figures if f.geography in ("School", "MAT")}
    columns = sorted(by_column)
    trust = {column_of(f): f for f in figures if f.geography == "MAT"}
    rows: list[Row] = []
    if trust:
        found = [trust.get(column) for column in columns]
        rows.append(Row([Cell(context.published.run.trust_name), *(value_cell(f, kpi) for f in found)], "trust"))
        rows.append(Row([Cell("Schools in the trust's figure"), *(_schools_in(f) for f in found)], "reach"))
        rows.append(
            Row(
                [
                    Cell("Share of pupils in it"),
                    *(percent_cell(f.pupils_in_percent, None) if f else symbol_cell(NO_FIGURE) for f in found),
                ],
                "reach",
            )
        )
    rows += _unit_rows((f for f in figures if f.geography == "School"), columns, kpi, context)
    basis = shared_basis(by_column.values())
    head = _matrix_head(columns, by_column, basis)
    return Table(_with_basis(caption, basis), head, rows, wide=len(columns) > 8, matrix=True)


def _schools_in(figure: Figure | None) -> Cell:
    if figure is None:
        return symbol_cell(NO_FIGURE)
    if figure.schools_in is None or figure.schools_of is None:
        return symbol_cell("x")
    return Cell(f"{figure.schools_in} of {figure.schools_of}", "number")


def school_list(caption: str, figures: Sequence[Figure], kpi: Kpi, context: Context) -> Table:
    """Every unit's figure under one key: trust, phases, clusters, then schools by name."""
    value = UNIT_HEADS.get(kpi.unit, "Value")
    covered = _have_coverage(figures)
    coverage = ["Coverage"] if covered else []
    names = ("School", value, "95% interval", "Pupils", *coverage, "Against the trust")
    by_school = {f.unit_code: f for f in figures if f.geography == "School"}
    rows = []
    for geography, kind in (("MAT", "trust"), ("Phase", "group"), ("Cluster", "group")):
        for figure in sorted(
            (f for f in figures if f.geography == geography), key=lambda f: (f.unit_name, f.unit_code)
        ):
            name = f"{geography}: {figure.unit_name}" if kind == "group" else figure.unit_name
            heading = Cell(name, note=reach_words(figure))
            rows.append(Row([heading, *_list_cells(figure, kpi, covered), Cell("")], kind))
    for school in context.published.schools:
        if school.urn in by_school:
            own = by_school[school.urn]
            heading = Cell(school.name, href=f"schools/{school.urn}.html", note=say_breaks(own, context))
            rows.append(Row([heading, *_list_cells(own, kpi, covered), comparison_cell(own)]))
    return Table(caption, heads(*names, numbers=(value, "Pupils", "Coverage")), rows)


def _list_cells(figure: Figure, kpi: Kpi, covered: bool) -> list[Cell]:
    coverage = [coverage_cell(figure)] if covered else []
    return [value_cell(figure, kpi), interval_cell(figure, kpi), pupils_cell(figure), *coverage]


def _have_coverage(figures: Iterable[Figure]) -> bool:
    """Whether coverage means anything of these figures: marks of a register have none."""
    return any(not is_of_pupils(figure) for figure in figures)


def _subject_first(figure: Figure) -> tuple[object, ...]:
    return (column_of(figure), place_of(figure), figure.breakdown_sort, figure.breakdown)


def _period_first(figure: Figure) -> tuple[object, ...]:
    return (place_of(figure), column_of(figure), figure.breakdown_sort, figure.breakdown)


def own_table(caption: str, figures: Sequence[Figure], kpi: Kpi, context: Context, *, groups: bool) -> Table:
    """One school's figures of one year with the trust's beside them; `groups`: by groups of pupils."""
    value, trust = UNIT_HEADS.get(kpi.unit, "Value"), "Trust"
    covered = not groups and _have_coverage(figures)
    taught = any(not is_of_pupils(figure) for figure in figures)
    names = [*(["Subject"] if taught else []), "Year group", "When", *(["Group"] if groups else [])]
    names += [value, "95% interval", "Pupils", *(["Coverage"] if covered else []), trust, "Against the trust"]
    basis = shared_basis(figures)
    rows = []
    for figure in sorted(figures, key=_subject_first if taught else _period_first):
        said = basis_words(figure) if basis is None else ""
        cells = [
            *([Cell(subject_words(figure), note=said or None)] if taught else []),
            Cell(year_group_words(figure.year_group, of_pupils=is_of_pupils(figure))),
            Cell(figure.period_title),
            *([Cell(figure.breakdown)] if groups else []),
            value_cell(figure, kpi),
            interval_cell(figure, kpi),
            pupils_cell(figure),
            *([coverage_cell(figure)] if covered else []),
            value_cell(context.trust_figure(figure), kpi),
            comparison_cell(figure, note=None if groups else figure.comparison_words),
        ]
        rows.append(Row(cells))
    return Table(_with_basis(caption, basis), heads(*names, numbers=(value, "Pupils", "Coverage", trust)), rows)
