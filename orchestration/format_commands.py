"""Format commands: `plumbline format list | show | draft`, for the people who set exports up.

Here live their words and what they print. How a format is drafted or put into a page is ingest's matter.
"""

from __future__ import annotations

import argparse
import datetime as dt
import re
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.named_home import look_for_home
from orchestration.screen import say

if TYPE_CHECKING:
    from ingest import FormatFile

DONE = 0


def add_format_commands(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], home: argparse.ArgumentParser
) -> None:
    """Add `format` and its commands to the parser; `home` is the parser of --home."""
    parser = commands.add_parser("format", help="the export formats: list them, show one, or draft a new one")
    formats = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    listing = formats.add_parser("list", parents=[home], help="the formats Plumbline knows, one a line")
    listing.set_defaults(run=_list)

    show = formats.add_parser("show", parents=[home], help="one format in words: what the export must hold")
    show.add_argument("format", metavar="FORMAT", nargs="?", help="its name, as `plumbline format list` says it")
    show.add_argument("--all", type=Path, metavar="DIR", help="write a page for every format into this folder")
    show.set_defaults(run=_show)

    draft = formats.add_parser(
        "draft", parents=[home], help="a first format file for an export Plumbline does not know"
    )
    draft.add_argument("file", type=Path, metavar="FILE")
    draft.add_argument("--name", metavar="NAME", help="what to call the format (else after the file)")
    draft.add_argument("--print", action="store_true", help="print it instead of writing it into the home")
    draft.set_defaults(run=_draft)


def _load(home: Path | None) -> tuple[dict[str, FormatFile], list[Path]]:
    from ingest import BUILT_IN, load_formats

    folders = [BUILT_IN, *([home / "formats"] if home and (home / "formats").is_dir() else [])]
    return load_formats(folders), folders


def _list(said: argparse.Namespace) -> int:
    formats, _ = _load(look_for_home(said.home))
    width = max(map(len, formats), default=0)
    for name, form in sorted(formats.items()):
        say(f"{name:<{width}}  {form.title}")
    return DONE


def _show(said: argparse.Namespace) -> int:
    from ingest import find_yaml, write_page
    from ingest.home.problems import find_nearest

    formats, folders = _load(look_for_home(said.home))
    if said.all:
        said.all.mkdir(parents=True, exist_ok=True)
        for name, form in sorted(formats.items()):
            page = write_page(form, find_yaml(form, folders))
            (said.all / f"{name}.md").write_text(page, encoding="utf-8", newline="\n")
        say(f"{len(formats)} pages are in {said.all}.")
        return DONE
    if said.format not in formats:
        near = find_nearest(said.format or "", formats)
        raise ValueError(
            f"There is no format “{said.format or ''}”."
            + (f" Did you mean {near}?" if near else " plumbline format list names them all.")
        )
    say(write_page(formats[said.format], find_yaml(formats[said.format], folders)))
    return DONE


def _draft(said: argparse.Namespace) -> int:
    from ingest.draft import DraftError, draft_format
    from ingest.home.words import find_academic_year

    if not said.file.is_file():
        raise FileNotFoundError(f"There is no file {said.file}.")
    home = look_for_home(said.home)
    formats, _ = _load(home)
    name = said.name or _name_after(said.file)
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise ValueError(
            f"A format's name is written in small letters with underscores, such as spring_tests; not {name}."
        )
    if name in formats:
        raise ValueError(f"There is a format {name} already; choose another name with --name.")
    try:
        draft = draft_format(
            said.file,
            formats.values(),
            name,
            subjects=_list_subjects(home),
            year=find_academic_year(dt.date.today()),  # noqa: DTZ011  the day of the person who asks
        )
    except DraftError as error:
        raise ValueError(str(error)) from None
    if said.print or home is None:
        say(draft.text)
        return DONE
    path = home / "formats" / f"{name}.yml"
    path.parent.mkdir(exist_ok=True)
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(draft.text)
    say(f"A first draft is in formats/{name}.yml. Sure of:")
    for note in draft.sure:
        say(f"  {note}")
    say("To confirm in the file:" if draft.confirm else "Nothing is left to confirm but its title.")
    for note in draft.confirm:
        say(f"  {note}")
    say(f'Then try it: plumbline check "{said.file}" --school URN')
    return DONE


def _name_after(file: Path) -> str:
    words = re.sub(r"[^a-z]+", "_", file.stem.casefold()).strip("_")
    return words or "new_format"


def _list_subjects(home: Path | None) -> list[str]:
    if home is None:
        return []
    from orchestration.open_home import open_home

    return list(open_home(home).home.trust.subjects)
