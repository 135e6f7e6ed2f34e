"""Inbox: which files lie in which school's folder, and which things lie where no school is.

Here lives the looking; nothing is opened but to take its hash. What is in a file does not live here.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from ingest.landing import hash_file

# What programs leave beside people's files; none of it was sent by anybody.
LEFT_BY_PROGRAMS = re.compile(r"^(~\$.*|\.~lock\..*|\..*|Thumbs\.db|desktop\.ini|readme.*\.(txt|md))$", re.IGNORECASE)
_URN = re.compile(r"^(\d{6})(?!\d)")


@dataclass(frozen=True)
class Found:
    """A file in a school's folder: its name within the folder, and its hash, or why it could not be opened."""

    path: Path
    name: str
    sha256: str | None
    trouble: str = ""


@dataclass
class Inbox:
    """What lies in an inbox: files by URN, and what lies in no school's folder, in words."""

    files: dict[str, list[Found]] = field(default_factory=dict)
    strays: list[str] = field(default_factory=list)


def look_into(folder: Path, urns: Collection[str]) -> Inbox:
    """Return the files of each school of `urns`. A school's folder is one whose name begins with its URN.

    Raises FileNotFoundError, in words, when there is no such inbox at all.
    """
    if not folder.is_dir():
        raise FileNotFoundError(f"There is no inbox folder {folder.name!r}. Make it, or name another with --inbox.")
    inbox = Inbox(files={urn: [] for urn in urns})
    for entry in sorted(folder.iterdir()):
        if entry.name == "_trust" or LEFT_BY_PROGRAMS.match(entry.name):
            continue
        urn = _URN.match(entry.name)
        if not entry.is_dir():
            inbox.strays.append(f"“{entry.name}” lies beside the schools' folders; move it into its school's folder.")
        elif urn is None:
            inbox.strays.append(f"The folder “{entry.name}” does not begin with a URN; rename it as URN and name.")
        elif urn.group(1) not in inbox.files:
            inbox.strays.append(f"The folder “{entry.name}” is of no school in schools.csv; add the school or mend the URN.")
        else:
            inbox.files[urn.group(1)] += [
                _take_hash(path, entry)
                for path in sorted(entry.rglob("*"))
                if path.is_file() and not LEFT_BY_PROGRAMS.match(path.name)
            ]
    return inbox


def _take_hash(path: Path, folder: Path) -> Found:
    name = path.relative_to(folder).as_posix()
    try:
        return Found(path, name, hash_file(path))
    except OSError as error:
        trouble = "The file is open in another program or not allowed to be read." if isinstance(error, PermissionError) else "The file could not be opened."
        return Found(path, name, None, trouble)
