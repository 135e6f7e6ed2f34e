"""Rendering: every page of the page list, gathered and put through its template.

Here live the templates' surroundings (what every page has around it). What a page shows lives in its own module;
writing the files lives in release.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from site_builder import words
from site_builder.context import Context
from site_builder.manifest import count_cells
from site_builder.page import Page
from site_builder.pages import PAGE_KINDS, PageKind
from site_builder.writing import show_count, show_date

_ROOM = Path(__file__).parent


@dataclass(frozen=True)
class NavLine:
    """One entry of the navigation."""

    label: str
    href: str
    current: bool


@dataclass(frozen=True)
class Frame:
    """What every page has around it."""

    trust_name: str
    release_id: str
    as_of: str
    demo: bool
    nav: tuple[NavLine, ...]
    hidden_words: str
    scripted: bool


def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_ROOM / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        newline_sequence="\n",
    )


def _hidden_words(context: Context) -> str:
    cells = count_cells(context).get("site", {})
    if not cells.get("c"):
        return "No figure of this site is hidden."
    return f"{show_count(cells['c'])} of the {show_count(sum(cells.values()))} figures of this site are hidden."


def _frame(context: Context, kind: PageKind, page: Page, hidden: str) -> Frame:
    nav = tuple(
        NavLine(entry.nav_label, page.root + entry.nav_href, entry.name == (kind.part_of or kind.name))
        for entry in PAGE_KINDS
        if entry.nav_label and page.area == "site"
    )
    return Frame(
        trust_name=context.published.run.trust_name,
        release_id=context.identity.release_id,
        as_of=show_date(context.identity.as_of),
        demo=context.published.run.demo,
        nav=nav,
        hidden_words=hidden,
        scripted=page.area == "site",
    )


def render_pages(context: Context) -> dict[str, bytes]:
    """Every page of every audience: path below the release -> HTML."""
    environment = _environment()
    hidden = _hidden_words(context)
    rendered: dict[str, bytes] = {}
    for kind in PAGE_KINDS:
        template = environment.get_template(kind.template)
        for page in kind.gather(context):
            html = template.render(
                page=page,
                view=page.view,
                root=page.root,
                frame=_frame(context, kind, page, hidden),
                symbols=words.SYMBOLS,
            )
            rendered[f"{page.area}/{page.path}"] = html.encode("utf-8")
    return rendered
