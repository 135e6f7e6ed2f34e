"""Named home: which folder a command works on.

Here lives the choice between --home, the environment and the folder a person is in. Opening it lives in `open_home`.
"""

from __future__ import annotations

import os
from pathlib import Path


def look_for_home(named: Path | None) -> Path | None:
    """Return the home that is named (by `named`, else PLUMBLINE_HOME), else this folder if it is one, else None.

    Raises FileNotFoundError where what is named is no home.
    """
    said = named or os.environ.get("PLUMBLINE_HOME")
    path = Path(said).expanduser().resolve() if said else Path.cwd()
    if (path / "trust.yml").exists():
        return path
    if said:
        raise FileNotFoundError(_say_no_home(path))
    return None


def find_home(named: Path | None) -> Path:
    """Return the home as `look_for_home` does; FileNotFoundError where there is none at all."""
    home = look_for_home(named)
    if home is None:
        raise FileNotFoundError(_say_no_home(Path.cwd()))
    return home


def _say_no_home(path: Path) -> str:
    return (
        f"{path} is not a trust home: it has no trust.yml. Name one with --home, or make one with "
        "`plumbline new-home DIR`."
    )
