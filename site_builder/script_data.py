"""What the site's script may know: the schools' names, and the cells that stand on pages.

Here live static/schools.js, from which the school finder works on every page, and static/figures.js, from which
compare.html lays chosen schools side by side. They are scripts that assign one JSON value, because a page opened from
a file share may not fetch a file. They hold what the site's pages show, and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from site_builder.context import Context
from site_builder.heat import figures_of, heat_cell, name_column, name_columns_over, trust_unit
from site_builder.records import Figure
from site_builder.standing import Standing, choose_columns, scopes_of
from site_builder.tables import Cell
from site_builder.writing import as_published


def _assign(name: str, value: object) -> bytes:
    said = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return f"var plumbline = plumbline || {{}};\nplumbline.{name} = {said};\n".encode()


def _cell(cell: Cell, figure: Figure | None) -> list[object]:
    """Text, mark, its words, trend, its words, and the value to place a dot by: null where none is shown."""
    value = float(as_published(figure.value)) if figure and figure.value is not None and cell.kind == "number" else None
    return [cell.text, cell.mark, cell.title, cell.trend, cell.trend_title, value]


def _cells(context: Context, columns: Sequence[Standing], found: Sequence[Figure | None]) -> list[list[object]]:
    return [_cell(heat_cell(f, c, context), f) for f, c in zip(found, columns, strict=True)]


def _figures(context: Context) -> dict[str, object]:
    schools = context.published.schools
    columns = choose_columns(context, scopes_of(schools))
    figures = figures_of(context, columns)
    nothing: list[Figure | None] = [None] * len(columns)
    trust = figures.get(trust_unit(context), nothing)
    return {
        "columns": [[name_columns_over(c), name_column(c), c.href] for c in columns],
        "trust": [context.published.run.trust_name, _cells(context, columns, trust)],
        "schools": [
            [s.urn, s.name, s.phase or "", s.cluster or "", _cells(context, columns, own)]
            for s in schools
            for own in [figures.get(("School", s.urn), nothing)]
        ],
    }


def gather_script_data(context: Context) -> dict[str, bytes]:
    """Path below the release -> the script."""
    names = [[s.name, s.urn, s.phase or ""] for s in context.published.schools]
    return {
        "site/static/schools.js": _assign("schools", names),
        "site/static/figures.js": _assign("figures", _figures(context)),
    }
