"""Extract commands: `plumbline extracts check`, for whoever sends the extract files on.

Here live its words and what it prints. The rules themselves are the publishing room's matter, since it knows the files.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from orchestration.named_home import find_home
from orchestration.screen import say

DONE, FAILED = 0, 1


def add_extract_commands(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], home: argparse.ArgumentParser
) -> None:
    """Add `extracts` and its commands to the parser; `home` is the parser of --home."""
    parser = commands.add_parser("extracts", help="the extract files: hold them to the rules of official statistics")
    extracts = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    check = extracts.add_parser("check", parents=[home], help="say of every rule whether the files keep it")
    check.add_argument("--release", metavar="ID", help="a release of the home (else the current one)")
    check.add_argument("files", type=Path, nargs="*", metavar="FILE", help="these data files instead of a release's")
    check.set_defaults(run=_check)


def _check(said: argparse.Namespace) -> int:
    from site_builder.extract_rule import FAILED as BROKEN
    from site_builder.extract_rule import NOT_APPLICABLE, PASSED, WARNING
    from site_builder.extract_screening import screen_path

    if said.files and said.release:
        raise ValueError("Name files or a release, not both.")
    files = _named_files(said.files) if said.files else _find_files(find_home(said.home), said.release)
    broken = 0
    for shown, path in files:
        verdicts = screen_path(path)
        outcomes = [verdict.outcome for verdict in verdicts]
        say(shown)
        for verdict in verdicts:
            say(f"  {verdict.outcome:<14}  {verdict.code:<22}  {verdict.sentence}")
            if verdict.remedy:
                say(f"  {'':<14}  {'':<22}  What to do: {verdict.remedy}")
        words = ", ".join(
            f"{outcomes.count(outcome)} {outcome}" for outcome in (PASSED, BROKEN, WARNING, NOT_APPLICABLE)
        )
        say(f"  {len(verdicts)} rules: {words}.")
        broken += outcomes.count(BROKEN)
    return FAILED if broken else DONE


def _named_files(files: list[Path]) -> list[tuple[str, Path]]:
    for file in files:
        if file.name.endswith(".meta.csv"):
            data = file.name.removesuffix(".meta.csv") + ".csv"
            raise ValueError(f"{file} describes another file. Name {data}; the metadata beside it is looked at too.")
        if not file.is_file():
            raise FileNotFoundError(f"There is no file {file}.")
    return [(str(file), file) for file in files]


def _find_files(home: Path, release: str | None) -> list[tuple[str, Path]]:
    """The data files of a release, with what to call them; FileNotFoundError where there is no such release."""
    from orchestration.release import POINTER
    from site_builder.extract_columns import EXTRACTS
    from site_builder.extract_files import FOLDERS

    pointer = home / "releases" / POINTER
    if release is None and not pointer.is_file():
        raise FileNotFoundError("There is no release yet. `plumbline refresh` makes one; or name files to check.")
    chosen = release or str(json.loads(pointer.read_text("utf-8"))["release_id"])
    folder = home / "releases" / chosen
    # An id is a name, never a way to another folder.
    if Path(chosen).name != chosen or not folder.is_dir():
        raise FileNotFoundError(f"There is no release {chosen} in {home.name}/releases.")
    names = [f"{part}/{stem}.csv" for part in sorted(FOLDERS) for stem in EXTRACTS]
    absent = [name for name in names if not (folder / name).is_file()]
    if absent:
        raise FileNotFoundError(f"Release {chosen} has no {', '.join(absent)}; refresh to make a new one.")
    return [(f"{chosen}/{name}", folder / name) for name in names]
