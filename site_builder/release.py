"""Building a release: gather every page and file, render, write, and seal it with a manifest.

Here lives the one way into this room. What each page or file holds lives with that page or file. The caller
renames the finished folder into place.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from site_builder.context import Context
from site_builder.csv_files import write_csv
from site_builder.extract_files import gather_extract_files
from site_builder.identity import BuildSummary, ReleaseIdentity
from site_builder.manifest import count_cells, write_manifest
from site_builder.ops_page import ops_files
from site_builder.pack_page import pack_files, pack_urns
from site_builder.published import read_published
from site_builder.rendering import render_pages
from site_builder.static_files import gather_static_files


def _list_files(context: Context) -> dict[str, bytes]:
    files = {f"ops/{name}": write_csv(table) for name, table in ops_files(context).items()}
    for urn in pack_urns(context):
        files.update({f"packs/{urn}/{name}": write_csv(table) for name, table in pack_files(context, urn).items()})
    return files


@contextmanager
def _left_alone() -> Iterator[None]:
    """Keep Python's garbage collector off the tables: it would go through their million records again and again."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


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
    with _left_alone():
        pages = render_pages(context)
        extracts = gather_extract_files(context, published)
        files = {**pages, **extracts, **_list_files(context), **gather_static_files(context)}
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
