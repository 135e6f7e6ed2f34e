"""Building a release: gather every page and file, render, write, and seal it with a manifest.

Here lives the one way into this room. What each page or file holds lives with that page or file. The caller
renames the finished folder into place.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from site_builder import words
from site_builder.context import Context
from site_builder.csv_files import write_csv
from site_builder.data_page import locate_schools
from site_builder.extract_meta import gather_meta
from site_builder.extracts import EXTRACTS, gather_extract
from site_builder.identity import BuildSummary, ReleaseIdentity
from site_builder.manifest import count_cells, write_manifest
from site_builder.ops_page import ops_files
from site_builder.pack_page import pack_files, pack_urns
from site_builder.page import Page
from site_builder.pages import PAGE_KINDS, PageKind
from site_builder.published import read_published
from site_builder.writing import show_count, show_date

_ROOM = Path(__file__).parent
STYLESHEET = "static/plumbline.css"


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
        NavLine(entry.nav_label, page.root + entry.nav_href, entry.name == kind.name)
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
    )


def _render_pages(context: Context) -> dict[str, bytes]:
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


def _extract_files(context: Context) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for folder, audience in (("site/data", "site"), ("extracts", "central")):
        for stem in EXTRACTS:
            data = gather_extract(context, stem, audience)
            files[f"{folder}/{stem}.csv"] = write_csv(data)
            files[f"{folder}/{stem}.meta.csv"] = write_csv(gather_meta(context, stem, data))
    return files


def _list_files(context: Context) -> dict[str, bytes]:
    files = {f"ops/{name}": write_csv(table) for name, table in ops_files(context).items()}
    for urn in pack_urns(context):
        files.update({f"packs/{urn}/{name}": write_csv(table) for name, table in pack_files(context, urn).items()})
    return files


def _style_files(context: Context) -> dict[str, bytes]:
    """The stylesheet in every audience's folder, because each folder is handed out by itself."""
    style = (_ROOM / STYLESHEET).read_bytes()
    areas = ["site", "ops", *(f"packs/{urn}" for urn in pack_urns(context))]
    return {f"{area}/{STYLESHEET}": style for area in areas}


def build_release(published: Path, target: Path, identity: ReleaseIdentity) -> BuildSummary:
    """Write a release below `target` from the tables in `published`; the same input gives the same bytes.

    `target` must be absent or empty. Raises FileExistsError when it is not, PublishedError when the tables
    are not what was promised; nothing is written before everything has been rendered.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise FileExistsError(
            f"{target} is not empty; an empty or absent folder was expected. Remove it, or build somewhere else."
        )
    tables = read_published(published)
    context = Context(tables, identity)
    context.data_pages = locate_schools(context)
    pages = _render_pages(context)
    files = {**pages, **_extract_files(context), **_list_files(context), **_style_files(context)}
    files = dict(sorted(files.items()))
    files["manifest.json"] = write_manifest(context, files, len(pages))
    for path, data in files.items():
        destination = target / path
        destination.parent.mkdir(parents=True, exist_ok=True)
        destination.write_bytes(data)
    cells = count_cells(context)
    return BuildSummary(
        pages=len(pages),
        files=len(files),
        bytes=sum(len(data) for data in files.values()),
        cells={audience: sum(count.values()) for audience, count in cells.items()},
        cells_hidden={audience: count.get("c", 0) for audience, count in cells.items()},
    )
