"""Backup: what of a home cannot be made again, put into one file.

Here lives the list (docs/operate.md says it in words) and the packing. The key is not among it: it lies outside the
home and is kept apart. Restoring needs no program: unpack the file, put the key back, refresh.
"""

from __future__ import annotations

import os
import tarfile
from pathlib import Path

from orchestration.home_lock import A_MOMENT_SECONDS, hold_home

# In the order of docs/operate.md. What a home does not have is passed over.
KEPT = (
    "trust.yml",
    "schools.csv",
    "schools.xlsx",
    "targets.csv",
    "targets.xlsx",
    "kpis",
    "formats",
    "scales",
    "curriculum",
    "inbox",
    "history",
    "lake/identities",
    "lake/landing",
    "releases",
    "runs",
)
ONLY_OURS = 0o600


def write_backup(home: Path, file: Path) -> list[str]:
    """Pack what must be kept of a home into `file` (.tar.gz, readable by its owner only); return what is in it.

    Raises HomeBusyError while a run is at work, FileExistsError where the file is there already, ValueError where it
    would lie in the home itself or something in the home may not be read.
    """
    file = file.expanduser().resolve()
    if file.is_relative_to(home.resolve()):
        raise ValueError("A backup inside the home would be lost with it. Name a file elsewhere.")
    if file.exists():
        raise FileExistsError(f"{file} is there already. Name a new file, or move that one away.")
    if not file.parent.is_dir():
        raise NotADirectoryError(f"There is no folder {file.parent}.")
    beside = file.with_name(f"{file.name}.part")
    beside.unlink(missing_ok=True)
    kept = [name for name in KEPT if (home / name).exists()]
    try:
        with hold_home(home, A_MOMENT_SECONDS):
            handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, ONLY_OURS)
            with os.fdopen(handle, "wb") as out, tarfile.open(fileobj=out, mode="w:gz", compresslevel=3) as packed:
                for name in kept:
                    packed.add(home / name, name)
        beside.replace(file)
    # Which file it is may be a pupil's name, so none is named.
    except PermissionError:
        raise ValueError("Something in the home may not be read. Run as the user who owns the home.") from None
    except OSError as error:
        raise ValueError(
            f"The backup could not be finished ({os.strerror(error.errno or 0)}): a file went away while it was "
            "packed, or there is no room. Try again once nothing is being copied into the inbox."
        ) from None
    finally:
        beside.unlink(missing_ok=True)
    return kept
