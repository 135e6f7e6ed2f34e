"""Mapping commands: `plumbline map list | sheet | read | copy | try`, for those who say what schools' codes mean.

Here live their words, and what is printed of the codes that wait. The sheet itself is ingest's matter; proposals are
taken in `mapping_proposals`. A code that stays with its school is shown for that school alone.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.mapping_proposals import check_school, copy_rows, count_of, load_written, read_filled, try_scales
from orchestration.named_home import find_home
from orchestration.screen import say

if TYPE_CHECKING:
    from ingest.home.mapping_sheet import Waiting

DONE = 0
KEPT = "(kept at the school)"


def add_map_commands(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], home: argparse.ArgumentParser
) -> None:
    """Add `map` and its commands to the parser; `home` is the parser of --home."""
    parser = commands.add_parser("map", help="what schools' codes mean: see what waits, propose, try, approve")
    maps = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    listing = maps.add_parser("list", parents=[home], help="the codes that no scale has a meaning for, most used first")
    listing.add_argument("--school", metavar="URN", help="those of this school, with what stays at the school")
    listing.set_defaults(run=_list)

    sheet = maps.add_parser("sheet", parents=[home], help="write the same as a sheet to fill in")
    sheet.add_argument("file", type=Path, metavar="FILE", help="where to put it: .xlsx, or .csv")
    sheet.add_argument("--school", metavar="URN", help="the sheet of this school, with what stays at the school")
    sheet.set_defaults(run=_sheet)

    tried = argparse.ArgumentParser(add_help=False)
    tried.add_argument("--all", action="store_true", help="print every number that would move")
    tried.add_argument("--changes", type=Path, metavar="FILE.csv", help="write them all there too, unrounded")
    kept = argparse.ArgumentParser(add_help=False)
    kept.add_argument("--approved-by", metavar="NAME", help="who approves the rows that name nobody, today")
    kept.add_argument("--rationale", metavar="TEXT", help="why, for the rows that do not say")
    kept.add_argument("--write", action="store_true", help="add the approved rows to scales/mapped_by_sheet.csv")

    read = maps.add_parser(
        "read", parents=[home, tried, kept], help="read a filled sheet and say which published numbers would move"
    )
    read.add_argument("file", type=Path, metavar="FILE")
    read.set_defaults(run=read_filled)

    copy = maps.add_parser("copy", parents=[home, tried, kept], help="propose one school's own rows for other schools")
    copy.add_argument("--from", dest="giver", required=True, metavar="URN")
    copy.add_argument("--to", dest="takers", required=True, metavar="URN[,URN]")
    copy.set_defaults(run=copy_rows)

    trial = maps.add_parser("try", parents=[home, tried], help="try scale files, or the home as it is now, on a copy")
    trial.add_argument("--scales", type=Path, metavar="FILE_OR_FOLDER", help="as if they lay in the home's scales/")
    trial.set_defaults(run=try_scales)


def _list(said: argparse.Namespace) -> int:
    from orchestration.waiting_codes import rank_codes, read_waiting

    path = find_home(said.home)
    if said.school:
        check_school(load_written(path), said.school)
    waiting = read_waiting(path, said.school)
    if waiting is None:
        say("Nothing was published yet; run plumbline refresh first.")
        return DONE
    if not waiting:
        say("No code waits for a meaning.")
        return DONE
    rows: dict[tuple[str, str, str], list[Waiting]] = defaultdict(list)
    for each in waiting:
        shown = each.code if each.for_trust or said.school else KEPT
        rows[shown, each.source, each.framework].append(each)
    for (code, source, framework), group in sorted(rows.items(), key=lambda item: (*rank_codes(item[1]), item[0])):
        schools, records = len({each.school for each in group}), sum(each.records for each in group)
        # One line each, whatever a school typed.
        shown = code if code.isprintable() else ascii(code)
        line = f"{shown}  {source or '(no format)'}  {framework}  "
        line += f"{count_of(schools, 'school')}  {count_of(records, 'record')}"
        if group[0].kpis:
            line += f"  held back from {count_of(len(group[0].kpis.split(', ')), 'KPI')}"
        if group[0].suggestion and code != KEPT:
            line += f"  suggested {group[0].suggestion}: {group[0].reason}"
        say(line)
    for kpis in sorted({each.kpis for each in waiting if each.kpis}):
        say(f"Held back from: {kpis}.")
    return DONE


def _sheet(said: argparse.Namespace) -> int:
    from ingest.home.mapping_sheet import write_sheet
    from ingest.home.words import start_year
    from orchestration.waiting_codes import rank_codes, read_waiting

    path = find_home(said.home)
    if said.file.suffix.lower() not in (".xlsx", ".csv"):
        raise ValueError(f"{said.file.name} is neither .xlsx nor .csv; name the sheet so that it ends in one of them.")
    if said.file.exists():
        raise FileExistsError(f"{said.file} is there already, perhaps filled in. Name another file.")
    if not said.file.parent.is_dir():
        raise FileNotFoundError(f"There is no folder {said.file.parent}.")
    home = load_written(path)
    if said.school:
        check_school(home, said.school)
    waiting = read_waiting(path, said.school)
    if waiting is None:
        say("Nothing was published yet; run plumbline refresh first.")
        return DONE
    shown = [each for each in waiting if (each.for_trust or said.school) and each.source]
    kept = [each for each in waiting if not each.for_trust and not said.school]
    if shown:
        codes: dict[tuple[str, str, str], list[Waiting]] = defaultdict(list)
        for each in shown:
            codes[each.source, each.framework, each.code].append(each)
        ordered = sorted(codes.items(), key=lambda item: (*rank_codes(item[1]), item[0]))
        starts = start_year(min(home.trust.academic_years))
        write_sheet(said.file, [each for _, group in ordered for each in group], starts)
        how = " Its second sheet says how." if said.file.suffix.lower() == ".xlsx" else ""
        say(f"{said.file}: {count_of(len(shown), 'row')} to fill in.{how}")
        if said.school:
            say(f"It holds what school {said.school} recorded, perhaps of pupils: it is for that school only.")
        say(f'Then: plumbline map read "{said.file}"')
    else:
        say("No code waits for a meaning; no sheet was written.")
    if kept:
        schools = sorted({each.school for each in kept})
        say(f"Not in it, as they stay at the school: {count_of(len(kept), 'row')} of {', '.join(schools)}.")
        say("Each such school's own sheet has them: plumbline map sheet FILE --school URN")
    return DONE
