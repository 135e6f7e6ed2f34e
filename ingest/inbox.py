"""Inbox: which files lie in which school's folder, which in the trust's, and which things lie in none.

Here lives the looking; nothing is opened but to take its hash. What is in a file does not live here.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from ingest.landing import hash_file
from ingest.parts import Part

# What programs leave beside people's files; none of it was sent by anybody.
LEFT_BY_PROGRAMS = re.compile(
    r"^(~\$.*|\.~lock\..*|\..*|__MACOSX|Thumbs\.db|desktop\.ini|readme.*\.(txt|md))$", re.IGNORECASE
)
# What a download or a copy is called until it is whole, and what stands for a file that is still in the cloud.
HALF_COPIED = re.compile(r".*\.(part|partial|crdownload|download|filepart|tmp)$", re.IGNORECASE)
IN_THE_CLOUD = re.compile(r"^(\..*\.icloud|.*\.cloudf?)$", re.IGNORECASE)
WHOLE_TRUST = "_trust"
LOOK_AGAIN = (
    "Close the file, or wait until it is copied whole. It is looked at again on the next run; what was accepted "
    "before stays."
)
_URN = re.compile(r"^([0-9]{6})(?![0-9])")


@dataclass(frozen=True)
class Found:
    """A file in a school's folder: its name within the folder, and its hash, or why it could not be opened.

    `stamp`: in place of the hash its size and the time of its last change, where only those were asked for. A file of
    several schools is called `_trust/<name>`. Of each school it holds a `part`; then the hash is the part's.
    """

    path: Path
    name: str
    sha256: str | None
    trouble: str = ""
    part: Part | None = None
    stamp: str = ""


@dataclass
class Inbox:
    """What lies in an inbox: files by URN, those of several schools, and what lies in no school's folder, in words."""

    files: dict[str, list[Found]] = field(default_factory=dict)
    trust: list[Found] = field(default_factory=list)
    strays: list[str] = field(default_factory=list)


def look_into(folder: Path, urns: Collection[str], *, stamp_only: bool = False) -> Inbox:
    """Return the files of each school of `urns`. A school's folder is one whose name begins with its URN.

    With `stamp_only` no file is opened: each has its stamp and no hash. Raises FileNotFoundError, in words, when there
    is no such inbox at all.
    """
    if not folder.is_dir():
        raise FileNotFoundError(f"There is no inbox folder {folder.name!r}. Make it, or name another with --inbox.")
    inbox = Inbox(files={urn: [] for urn in urns})
    take = _take_stamp if stamp_only else _take_hash
    for entry in sorted(folder.iterdir()):
        if LEFT_BY_PROGRAMS.match(entry.name):
            continue
        name = _plain_name(entry.name)
        urn = _URN.match(name)
        if not entry.is_dir():
            inbox.strays.append(f"“{name}” lies beside the schools' folders; move it into its school's folder.")
        elif name.casefold() == WHOLE_TRUST:
            inbox.trust += [replace(found, name=f"{WHOLE_TRUST}/{found.name}") for found in _look_through(entry, take)]
        elif urn is None:
            inbox.strays.append(
                f"The folder “{name}” does not begin with a URN, so nothing in it is read; rename it as URN and name."
            )
        elif urn.group(1) not in inbox.files:
            inbox.strays.append(f"The folder “{name}” is of no school in schools.csv; add the school or mend the URN.")
        else:
            inbox.files[urn.group(1)] += _look_through(entry, take)
    return inbox


def _look_through(folder: Path, take: Callable[[Path, Path], Found]) -> Iterator[Found]:
    """Yield what lies in a school's folder, by path; links to folders are not followed (they may lead in a circle)."""
    closed: list[OSError] = []
    for at, folders, files in os.walk(folder, onerror=closed.append):
        folders[:] = sorted(name for name in folders if not LEFT_BY_PROGRAMS.match(name))
        for name in sorted((*folders, *files)):
            path = Path(at) / name
            if path.is_symlink() and path.is_dir():
                yield _note(path, folder, "This is a link to a folder, and such links are not followed.")
            elif IN_THE_CLOUD.match(name):
                yield _note(path, folder, "The file is still in the cloud and not on this computer.")
            elif name in folders or LEFT_BY_PROGRAMS.match(name):
                continue
            elif HALF_COPIED.match(name):
                yield _note(path, folder, "The file has the name of one that is not yet copied whole.")
            elif path.exists() and not path.is_file():
                yield _note(path, folder, "This is not a file.")
            else:
                yield take(path, folder)
    for error in closed:
        yield _note(Path(error.filename or folder), folder, "The folder is not allowed to be read.")


def _take_hash(path: Path, folder: Path) -> Found:
    try:
        before = path.stat()
        sha256 = hash_file(path)
        after = path.stat()
    except PermissionError:
        return _note(path, folder, "The file is open in another program or not allowed to be read.")
    except OSError:
        return _note(path, folder, "The file could not be opened, or has gone while the inbox was read.")
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        return _note(path, folder, "The file changed while it was read; it may still be being copied.")
    return Found(path, _name_within(path, folder), sha256)


def _take_stamp(path: Path, folder: Path) -> Found:
    try:
        about = path.stat()
    except OSError:
        return _note(path, folder, "The file could not be opened, or has gone while the inbox was read.")
    return Found(path, _name_within(path, folder), None, stamp=f"{about.st_size} {about.st_mtime_ns}")


def _note(path: Path, folder: Path, trouble: str) -> Found:
    return Found(path, _name_within(path, folder), None, trouble)


def _name_within(path: Path, folder: Path) -> str:
    return _plain_name(path.relative_to(folder).as_posix())


def _plain_name(name: str) -> str:
    """Return a file's name as text that can be written; bytes that are no text become a question mark."""
    return os.fsencode(name).decode("utf-8", "replace")
