"""Mapping proposals: a filled sheet, one school's rows for others, or scale files, tried and perhaps written.

Here live the ways of `plumbline map read | copy | try` and what they print. What a proposal is lives in ingest, what it
would move is worked out in `trial`; the words of the command line live in `map_commands`.
"""

from __future__ import annotations

import argparse
import datetime as dt
import logging
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.home_lock import A_MOMENT_SECONDS, hold_home
from orchestration.named_home import find_home
from orchestration.screen import follow_progress, say, warn

if TYPE_CHECKING:
    from ingest.home import Home
    from ingest.home.mapping_proposal import Proposal
    from ingest.home.mapping_sheet import Approval
    from orchestration.trial import Trial

DONE, FAILED, WRONG_WORDS = 0, 1, 2
log = logging.getLogger("plumbline.run")


def read_filled(said: argparse.Namespace) -> int:
    """Read a filled sheet and try it."""
    from ingest.home import ConfigurationError
    from ingest.home.mapping_proposal import list_mapped_codes, propose_sheet, read_mapped
    from ingest.home.mapping_sheet import read_sheet
    from orchestration.waiting_codes import read_waiting

    path = find_home(said.home)
    if not said.file.is_file():
        raise FileNotFoundError(f"There is no file {said.file}.")
    with hold_home(path, A_MOMENT_SECONDS):
        waiting = read_waiting(path)
        if waiting is None:
            raise ValueError("Nothing was published yet; run plumbline refresh first.")
        kept, home = read_mapped(path), load_written(path)
        classes = {str(each.assessment): str(each.comparability_class) for each in home.trust.assessments}
        try:
            sheet = read_sheet(said.file, waiting, list_mapped_codes(kept), _approve(said))
            proposal = propose_sheet(sheet, kept, classes)
        except ConfigurationError as error:
            return _refuse("The sheet cannot be used:", error)
        if sheet.left_for_later:
            say(f"Left for later, without a band or points: {count_of(sheet.left_for_later, 'row')}.")
        return _take_proposal(said, path, proposal)


def copy_rows(said: argparse.Namespace) -> int:
    """Propose one school's own rows for others and try them."""
    from ingest.home import ConfigurationError
    from ingest.home.mapping_proposal import propose_copy, read_mapped

    path = find_home(said.home)
    takers = [urn.strip() for urn in said.takers.split(",") if urn.strip()]
    with hold_home(path, A_MOMENT_SECONDS):
        home = load_written(path)
        for urn in (said.giver, *takers):
            check_school(home, urn)
        if not takers or said.giver in takers:
            raise ValueError("Name other schools after --to than the one after --from.")
        own = {placed.file for placed in home.kept.placed_scales if placed.row.school == said.giver}
        own |= {placed.file for placed in home.kept.placed_cuts if placed.row.school == said.giver}
        whole = sorted(file for file in own if file.endswith((".yml", ".yaml")))
        for file in whole:
            say(f"{file} is not copied: add {', '.join(takers)} to its schools: instead.")
        rows = [placed for placed in home.kept.placed_scales if placed.file not in whole]
        try:
            proposal = propose_copy(rows, said.giver, takers, read_mapped(path), _approve(said))
        except ConfigurationError as error:
            return _refuse("The rows cannot be copied:", error)
        if not proposal.rows and not proposal.standing and not whole:
            raise ValueError(f"No row of the home's scales is for school {said.giver} alone; there is nothing to copy.")
        return _take_proposal(said, path, proposal)


def try_scales(said: argparse.Namespace) -> int:
    """Try scale files that lie anywhere, or the home as it lies."""
    from ingest.home import ConfigurationError

    path = find_home(said.home)
    if said.scales is not None and not said.scales.exists():
        raise FileNotFoundError(f"There is no {said.scales}.")
    files = [] if said.scales is None else [said.scales] if said.scales.is_file() else sorted(said.scales.iterdir())
    added = {f"scales/{file.name}": file.read_bytes() for file in files if file.is_file()}
    if said.scales is not None and not added:
        raise ValueError(f"There is no file in {said.scales}.")
    with hold_home(path, A_MOMENT_SECONDS):
        try:
            trial = _run_trial(path, added)
        except ConfigurationError as error:
            return _refuse("The configuration tried cannot be used:", error)
    return FAILED if trial is None else _tell(said, trial)


def _take_proposal(said: argparse.Namespace, path: Path, proposal: Proposal) -> int:
    """Try a proposal, say what it would move, and write its approved rows where that is asked for."""
    from ingest.home import ConfigurationError
    from ingest.home.mapping_proposal import MAPPED_BY_SHEET

    approved = proposal.approved
    waits = len(proposal.rows) - len(approved.rows)
    if proposal.standing:
        say(f"In {MAPPED_BY_SHEET} already: {count_of(proposal.standing, 'row')}.")
    if waits:
        left = "left out" if said.write else "tried, and never written"
        say(f"Approved by nobody, so {left}: {count_of(waits, 'row')}.")
    tried = approved if said.write else proposal
    if not tried.rows:
        warn("Nothing was written: no new row is approved." if said.write else "There is nothing new to try.")
        return FAILED if said.write and waits else DONE
    say(f"{count_of(len(tried.rows), 'row')} for {MAPPED_BY_SHEET}.")
    content = tried.write_table().encode()
    try:
        trial = _run_trial(path, {MAPPED_BY_SHEET: content})
    except ConfigurationError as error:
        return _refuse("The rows cannot be used:", tried.say_where(error))
    if trial is None:
        return FAILED
    code = _tell(said, trial)
    if not said.write:
        say("Nothing was written. The same with --write adds the approved rows; a later refresh uses them.")
        return code
    target = path / MAPPED_BY_SHEET
    target.parent.mkdir(exist_ok=True)
    beside = target.with_suffix(".csv.next")
    beside.write_bytes(content)
    beside.replace(target)
    say(f"Written to {MAPPED_BY_SHEET}. Next: plumbline refresh --as-of {trial.as_of} for exactly these numbers, or")
    say("plumbline refresh for today's.")
    return code


def _run_trial(path: Path, added: dict[str, bytes]) -> Trial | None:
    """Run a trial; None, with the reason said, where the figures cannot be worked out."""
    from orchestration.trial import try_configuration
    from orchestration.warehouse import WarehouseError

    try:
        with follow_progress("Getting ready"):
            log.info("Working out the figures on a copy")
            return try_configuration(path, added)
    except WarehouseError as error:
        warn(f"The trial did not finish: {error}. Nothing was written.")
        warn("Where Plumbline was updated since the last refresh, refresh first and try again.")
        return None


def _tell(said: argparse.Namespace, trial: Trial) -> int:
    from orchestration.trial import write_changes
    from orchestration.trial_words import describe_trial

    for line in describe_trial(trial, all_lines=said.all):
        say(line)
    if said.changes:
        write_changes(said.changes, trial)
        say(f"Every change, unrounded, is in {said.changes}: for the central team only.")
    return DONE


def _refuse(words: str, error: Exception) -> int:
    warn(words)
    for problem in getattr(error, "problems", [error]):
        warn(f"  {problem}")
    return WRONG_WORDS


def load_written(path: Path) -> Home:
    """The home with its configuration as it lies."""
    from ingest.home import load_home
    from orchestration.place import list_measures

    return load_home(path, measures=list_measures())


def check_school(home: Home, urn: str) -> None:
    """Raise ValueError where no school of the home has the URN."""
    if urn not in {school.urn for school in home.schools}:
        raise ValueError(f"No school in the register has the URN {urn}.")


def _approve(said: argparse.Namespace) -> Approval:
    from ingest.home.mapping_sheet import Approval

    day = dt.date.today()  # noqa: DTZ011  (the day of the person who approves)
    return Approval(said.approved_by, said.rationale, day)


def count_of(number: int, what: str) -> str:
    """A number and what is counted, as "1 row" or "3 rows"."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
