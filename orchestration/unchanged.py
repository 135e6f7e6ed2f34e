"""Unchanged: whether a refresh would make what is already there, byte for byte, so that none is needed.

Here lives one fingerprint of everything a refresh reads and of everything it made, kept in the lake beside what was
made: an emptied lake forgets it. What differs in any way, or cannot be told for certain, makes a run. Only a run that
looked at every school and did every step leaves one; what a release is made from lives in `release`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import stat
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ingest.home.home import list_configuration_files
from ingest.landing import hash_file
from orchestration.open_home import OpenHome
from orchestration.place import hash_code, list_versions
from orchestration.release import POINTER, Current, find_current

NAME = "unchanged.json"
# dbt's own: never read by anything but the next build, and touched when its process ends.
_NOT_KEPT = ("warehouse", "dbt", NAME)
# A file changed this shortly before it was looked at may change again within the same tick of its time stamps.
_TICK_NS = 2_000_000_000
# Size, time of last change, time of last change of the file's entry, and the entry itself.
Stamp = list[int]


@dataclass(frozen=True)
class Seen:
    """What a run began with: a hash of everything but the inbox, and each file of the inbox by its hashed name.

    Names are hashed because a file's name may hold a pupil's. A stamp is None where it proves nothing.
    """

    made_with: str
    inbox: dict[str, tuple[Stamp | None, str]]


class FullRun:
    """One run's way from beginning to end: whether it did all that a fingerprint speaks of."""

    _STEPS = frozenset({"records", "configuration", "warehouse", "published"})

    def __init__(self) -> None:
        self._seen: Seen | None = None
        self._done: set[str] = set()
        self._before = ""
        self._is_settled = False

    def begin(self, opened: OpenHome, day: dt.date, inbox: Path | None) -> None:
        """Note what a run of all schools begins with, before it reads anything."""
        try:
            found = _look_through(inbox or opened.home.inbox, {})
            self._seen = Seen(_hash_made_with(opened, day, inbox), dict(found))
            self._before = _hash_remembered(opened)
        except (OSError, ValueError):
            self._seen = None  # a file went or is locked; the next run looks again

    def finish(self, step: str) -> None:
        """Note that a step was done."""
        self._done.add(step)

    def judge(self, outcomes: Iterable[str], *, has_loose_ends: bool) -> None:
        """Note what became of the files. `has_loose_ends`: some could not be opened, or lie where nobody reads them.

        A refused or held file is judged anew in each run, by what was accepted meanwhile, so a second run may say
        otherwise than the first.
        """
        self._is_settled = set(outcomes) <= {"accepted", "duplicate"}
        if has_loose_ends:
            self._seen = None

    def keep(self, opened: OpenHome, *, made_new: bool) -> None:
        """Keep the run's fingerprint in the lake where the next run of the same would come to the same."""
        if self._seen is None or not self._done >= self._STEPS or not opened.as_written:
            return
        comes_to_itself = not made_new and self._before == _hash_remembered(opened)
        current = find_current(opened.home)
        if current is None or not (self._is_settled or comes_to_itself):
            return
        told = {"made_with": self._seen.made_with, "inbox": self._seen.inbox, "made": _hash_made(opened, current)}
        path = opened.home.lake / NAME
        beside = path.with_suffix(".next")
        beside.write_text(json.dumps(told, sort_keys=True) + "\n", "utf-8")
        beside.replace(path)


def find_unchanged(opened: OpenHome, day: dt.date, inbox: Path | None) -> Current | None:
    """Return the release a run of all schools would come to again, or None when a run is needed.

    To be asked while the home is held, so that no run is at work on what is looked at.
    """
    current = find_current(opened.home)
    if current is None or not opened.as_written:
        return None
    try:
        told = json.loads((opened.home.lake / NAME).read_text("utf-8"))
        before = {name: (stamp, sha256) for name, (stamp, sha256) in told["inbox"].items()}
        if told["made_with"] != _hash_made_with(opened, day, inbox):
            return None
        if told["made"] != _hash_made(opened, current):
            return None
        now = dict(_look_through(inbox or opened.home.inbox, before))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None  # none was kept, it is damaged, or a file cannot be read now: the run will say what there is to say
    if {name: sha256 for name, (_, sha256) in now.items()} != {name: sha256 for name, (_, sha256) in before.items()}:
        return None
    return current


def _hash_made_with(opened: OpenHome, day: dt.date, inbox: Path | None) -> str:
    home = opened.home
    said = {
        "as_of": day.isoformat(),
        "inbox": str(inbox or home.inbox),
        "configuration": [
            (str(path.relative_to(home.configuration)), hash_file(path))
            for path in sorted(list_configuration_files(home.configuration))
            if path.exists()
        ],
        "formats": {name: form.sha256 for name, form in opened.formats.items()},
        "code": hash_code(),
        "key": opened.secret.key_id,
        "versions": list_versions(),
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _hash_remembered(opened: OpenHome) -> str:
    """Hash what one run leaves for the next to judge by: the history of arrivals, and who is who."""
    folders = (opened.home.history / "receipts", opened.home.lake / "identities")
    told = [(path.name, hash_file(path)) for folder in folders for path in _list_files(folder)]
    return hashlib.sha256(repr(told).encode()).hexdigest()


def _hash_made(opened: OpenHome, current: Current) -> str:
    """Hash the stamps of everything that was made or is kept: whatever touched one of them, a run looks again."""
    home = opened.home
    lines = [str(home.lake)]
    for folder, left_out in (
        (home.lake, _NOT_KEPT),
        (home.history / "receipts", ()),
        (home.releases / current.release_id, ()),
    ):
        lines += _list_stamps(folder, left_out)
    for name in (POINTER, "current"):
        path = home.releases / name
        about = path.lstat() if os.path.lexists(path) else None
        lines.append(f"{name} {_stamp(about) if about else None}")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _list_stamps(folder: Path, left_out: Iterable[str]) -> Iterator[str]:
    """Yield a line for each file below a folder, but for those whose way begins with one of `left_out`."""
    for path in _list_files(folder):
        name = path.relative_to(folder).as_posix()
        if not name.startswith(tuple(left_out)):
            yield f"{name} {_stamp(path.stat())}"


def _look_through(
    folder: Path, before: Mapping[str, tuple[Stamp | None, str]]
) -> Iterator[tuple[str, tuple[Stamp | None, str]]]:
    """Yield each file's hashed name with its stamp and hash; one whose stamp is as before is not read again."""
    now = time.time_ns()
    for path in _list_files(folder):
        name = hashlib.sha256(path.relative_to(folder).as_posix().encode("utf-8", "surrogateescape")).hexdigest()
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise OSError("not a file")  # a pipe, say: to open it would be to wait for ever
        stamp: Stamp | None = _stamp(about)
        known = before.get(name)
        if known is not None and known[0] is not None and known[0] == stamp:
            yield name, known
            continue
        if max(about.st_mtime_ns, about.st_ctime_ns) > now - _TICK_NS:
            stamp = None
        yield name, (stamp, hash_file(path))


def _list_files(folder: Path) -> Iterator[Path]:
    """Yield every file below a folder in order, hidden ones too; OSError where a folder cannot be looked into."""
    closed: list[OSError] = []
    for at, folders, files in os.walk(folder, onerror=closed.append) if folder.exists() else ():
        folders.sort()
        # A link to a folder is followed by no run and said by each; no fingerprint is worth that case.
        closed += [OSError(name) for name in folders if (Path(at) / name).is_symlink()]
        yield from (Path(at) / name for name in sorted(files))
    if closed:
        raise closed[0]


def _stamp(about: os.stat_result) -> Stamp:
    return [about.st_size, about.st_mtime_ns, about.st_ctime_ns, about.st_ino]
