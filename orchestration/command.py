"""Command: `plumbline`, what the data team types.

Here live the words of the command line, what it prints and its exit codes. The work is done elsewhere; slow
imports wait until a command needs them.

Exit codes: 0 done; 1 the command did not finish, or the file cannot be used; 2 wrong words or a configuration that
cannot be used; 3 done, but with the last good configuration because the present one has a mistake; 75 another
run is at work on this home; 141 whoever read the answer has gone.
"""

from __future__ import annotations

import argparse
import datetime as dt
import logging
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.extract_commands import add_extract_commands
from orchestration.format_commands import add_format_commands
from orchestration.home_lock import HomeBusyError
from orchestration.map_commands import add_map_commands
from orchestration.named_home import find_home
from orchestration.screen import SAME, follow_progress, say, warn

if TYPE_CHECKING:
    from orchestration.open_home import OpenHome

DONE, FAILED, WRONG_WORDS, LAST_GOOD, BUSY = 0, 1, 2, 3, 75
NOBODY_READS = 141  # what a shell reports of a program whose reader has gone


def main(words: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    parser = make_parser()
    said = parser.parse_args(words)
    from ingest.home import ConfigurationError

    try:
        code = int(said.run(said))
        sys.stdout.flush()
        return code
    except ConfigurationError as error:
        warn("The configuration cannot be used:")
        for problem in error.problems:
            warn(f"  {problem}")
        return WRONG_WORDS
    except HomeBusyError as error:
        warn(str(error))
        return BUSY
    except BrokenPipeError:
        # Whoever read the answer has seen enough (`| head`). Python flushes once more as it ends: into nothing.
        nothing = os.open(os.devnull, os.O_WRONLY)
        for stream in (sys.stdout, sys.stderr):
            os.dup2(nothing, stream.fileno())
        return NOBODY_READS
    except (FileNotFoundError, FileExistsError, NotADirectoryError, ValueError) as error:
        warn(str(error))
        return WRONG_WORDS
    except KeyboardInterrupt:
        warn("Stopped. The last release is still the current one; run the command again when you like.")
        return FAILED


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands (the docs print its help)."""
    parser = argparse.ArgumentParser(
        prog="plumbline", description="Trust-level benchmarking: schools' exports in, comparable KPIs out."
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    home = argparse.ArgumentParser(add_help=False)
    home.add_argument("--home", type=Path, help="the trust home (else PLUMBLINE_HOME, else this folder)")
    as_of = argparse.ArgumentParser(add_help=False)
    as_of.add_argument("--as-of", type=_read_day, metavar="DATE", help="take this day for today, as 2025-12-19")

    refresh = commands.add_parser("refresh", parents=[home, as_of], help="read the inboxes and publish a release")
    refresh.add_argument("--inbox", type=Path, metavar="DIR", help="read this inbox instead of the home's own")
    refresh.add_argument(
        "--school",
        action="append",
        default=[],
        metavar="URN",
        help="look at this school's inbox only (may be repeated)",
    )
    refresh.set_defaults(run=_refresh)

    check = commands.add_parser("check", parents=[home, as_of], help="try one file without keeping anything")
    check.add_argument("file", type=Path, metavar="FILE")
    check.add_argument("--school", required=True, metavar="URN", help="the school the file is from")
    check.set_defaults(run=_check)

    status = commands.add_parser("status", parents=[home], help="what each school has sent, and the current release")
    status.set_defaults(run=_status)

    backup = commands.add_parser("backup", parents=[home], help="pack what of a home cannot be made again into a file")
    backup.add_argument("file", type=Path, metavar="FILE", help="where to put it, as /backup/2026-07-17.tar.gz")
    backup.set_defaults(run=_backup)

    serve = commands.add_parser("serve", parents=[home], help="show the current release in a browser on this machine")
    serve.add_argument("--port", type=int, default=8765)
    serve.add_argument("--folder", default="site", help="which part of the release: site (default), ops, or packs/URN")
    serve.set_defaults(run=_serve)

    new_home = commands.add_parser("new-home", help="make a trust home to fill in")
    new_home.add_argument("folder", type=Path, metavar="DIR")
    new_home.add_argument("--name", help="the trust's name (from the register, where one is given)")
    new_home.add_argument(
        "--register", type=Path, metavar="FILE", help="the official register of groups and their schools (CSV or XLSX)"
    )
    new_home.add_argument("--trust", metavar="UID", help="the trust's Group UID or Group ID in the register")
    new_home.set_defaults(run=_new_home)

    add_format_commands(commands, home)
    add_map_commands(commands, home)
    add_extract_commands(commands, home)

    demo = commands.add_parser("demo", parents=[as_of], help="invent a trust, refresh it and say where to look")
    demo.add_argument("folder", type=Path, metavar="DIR")
    demo.add_argument("--seed", type=int, default=2026)
    demo.add_argument("--schools", type=int, metavar="N", help="how many schools, 1 to 60 (twelve)")
    demo.set_defaults(run=_demo)
    return parser


def _read_day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date; write it as 2025-12-19") from None


def _refresh(said: argparse.Namespace) -> int:
    from orchestration.collecting import collect_seldom

    collect_seldom()  # before the imports: they are half of a small run
    from orchestration.open_home import open_home

    opened = open_home(find_home(said.home))
    unknown = set(said.school) - {school.urn for school in opened.home.schools}
    if unknown:
        raise ValueError(f"No school in schools.csv has the URN {', '.join(sorted(unknown))}.")
    if said.inbox and not said.inbox.is_dir():
        raise FileNotFoundError(f"There is no inbox folder {said.inbox}.")
    for problem in opened.problems:
        warn(problem)
    if opened.problems:
        warn("Going on with the last configuration that was good.")
    for warning in opened.home.warnings:
        say(f"Worth a look: {warning}")
    with follow_progress("Getting ready"):
        if not said.school and _is_as_before(opened, said):
            return _tell_outcome(opened)
        from orchestration.refresh import run_refresh

        done = run_refresh(opened.home, as_of=said.as_of, inbox=said.inbox, schools=said.school)
    if done.busy:
        warn(done.failure)
        return BUSY
    if done.failure:
        warn(f"The refresh did not finish. {done.failure}")
        warn("The last release is still the current one." if done.current else "There is no release yet.")
        return FAILED
    return _tell_outcome(opened)


def _is_as_before(opened: OpenHome, said: argparse.Namespace) -> bool:
    """Whether a run would come to the present release again; asked before Dagster and dbt are loaded."""
    from orchestration.home_lock import A_MOMENT_SECONDS, hold_home
    from orchestration.run_record import note_unchanged
    from orchestration.unchanged import find_unchanged

    began = time.monotonic()
    day = said.as_of or dt.date.today()  # noqa: DTZ011  (a run's day is the one it begins on)
    with hold_home(opened.home.path, A_MOMENT_SECONDS):
        current = find_unchanged(opened, day, said.inbox.expanduser().resolve() if said.inbox else None)
    if current is not None:
        logging.getLogger("plumbline.run").info(SAME, current.release_id)
        note_unchanged(opened.home.path, day, time.monotonic() - began)
    return current is not None


def _tell_outcome(opened: OpenHome) -> int:
    from orchestration.status import describe_outcome

    for line in describe_outcome(opened.home):
        say(line)
    return LAST_GOOD if opened.problems else DONE


def _check(said: argparse.Namespace) -> int:
    from ingest import try_file
    from orchestration.foretold import describe_unconfirmed, describe_unplaced
    from orchestration.open_home import open_home
    from quality import describe_receipt

    opened = open_home(find_home(said.home))
    if said.school not in {school.urn for school in opened.home.schools}:
        raise ValueError(f"No school in schools.csv has the URN {said.school}.")
    if not said.file.is_file():
        raise FileNotFoundError(f"There is no file {said.file}.")
    day = said.as_of or dt.date.today()  # noqa: DTZ011  (the day of the person who asks)
    tables = try_file(opened.home, opened.formats, opened.secret, said.file, said.school, day)
    receipt = tables.findings["receipts"].iloc[0].to_dict()
    counts = tables.findings["record_counts"].to_dict("records")
    fixes = tables.findings["fix_list"].to_dict("records")
    say(describe_receipt(receipt, counts, fixes))
    for line in describe_unplaced(opened.home, tables):
        say(line)
    unconfirmed = list(describe_unconfirmed(tables))
    for line in unconfirmed:
        say(line)
    for problem in opened.problems:
        warn(problem)
    if opened.problems:
        warn("The file was tried with the last configuration that was good, not with the one that has this mistake.")
    if receipt["outcome"] != "accepted" or unconfirmed:
        return FAILED
    return LAST_GOOD if opened.problems else DONE


def _status(said: argparse.Namespace) -> int:
    from orchestration.open_home import open_home
    from orchestration.status import describe_status

    opened = open_home(find_home(said.home))
    for line in describe_status(opened.home):
        say(line)
    for problem in opened.problems:
        warn(problem)
    return LAST_GOOD if opened.problems else DONE


def _backup(said: argparse.Namespace) -> int:
    from orchestration.backup import write_backup

    home = find_home(said.home)
    kept = write_backup(home, said.file)
    say(f"{said.file} holds {', '.join(kept)}.")
    say("The key is not in it: keep it apart. docs/operate.md says how to restore.")
    return DONE


def _serve(said: argparse.Namespace) -> int:
    from orchestration.open_home import open_home
    from orchestration.serve import serve_release

    serve_release(open_home(find_home(said.home)).home, said.folder, said.port, say)
    return DONE


def _new_home(said: argparse.Namespace) -> int:
    from ingest.home import ConfigurationError, create_home, read_group_register

    if (said.register is None) != (said.trust is None):
        raise ValueError("--register and --trust go together: the file, and the UID of your trust in it.")
    today = dt.date.today()  # noqa: DTZ011  (the day of the person who asks)
    try:
        trust = read_group_register(said.register).find_trust(said.trust, today) if said.register else None
        lines = create_home(said.folder, name=said.name, today=today, trust=trust)
    except ConfigurationError as error:
        warn("No home was made:")
        for problem in error.problems:
            warn(f"  {problem}")
        return WRONG_WORDS
    for line in lines:
        say(line)
    return DONE


def _demo(said: argparse.Namespace) -> int:
    from ingest.invent import FULL_DEMO_AS_OF, FULL_DEMO_SCHOOLS, invent_trust

    home = said.folder.expanduser().resolve()
    if home.exists() and any(home.iterdir()):
        raise FileExistsError(f"{said.folder} is not empty. Name a new folder, or delete it first.")
    say(f"Inventing a trust in {said.folder}: every school and pupil in it is made up.")
    number = FULL_DEMO_SCHOOLS if said.schools is None else said.schools
    day = invent_trust(home, seed=said.seed, schools=number, as_of=said.as_of or FULL_DEMO_AS_OF)
    code = main(["refresh", "--home", str(home), "--as-of", day.isoformat()])
    if code == DONE:
        say("")
        say("This is the demo. For your own trust: plumbline new-home DIR")
    return code


if __name__ == "__main__":
    sys.exit(main())
