"""Open home: a trust home ready for work, with its formats and key, or with its last good configuration.

Here lives the decision what to run with when somebody's edit broke a file. Reading the files lives in
`ingest.home` and `ingest.format_file`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ingest import BUILT_IN, FormatFile, load_formats
from ingest.home import ConfigurationError, Home, Secret, keep_configuration, load_home, load_last_good, read_secret
from orchestration.place import list_measures


@dataclass(frozen=True)
class OpenHome:
    """A home, its formats and its key. `problems` are why the configuration as it lies could not be used."""

    home: Home
    formats: dict[str, FormatFile]
    secret: Secret
    problems: list[str]

    @property
    def as_written(self) -> bool:
        """Whether the configuration in use is the one that lies in the home now."""
        return not self.problems


def open_home(path: Path, *, keep: bool = False) -> OpenHome:
    """Open the home at `path`; with `keep`, remember a configuration that loads as the last good one.

    Raises ConfigurationError when neither the configuration nor an earlier good one can be used.
    """
    try:
        home = load_home(path, measures=list_measures())
        formats = load_formats([BUILT_IN, home.formats])
    except ConfigurationError as error:
        before = load_last_good(path, measures=list_measures())
        if before is None:
            raise
        return OpenHome(
            before, load_formats([BUILT_IN, before.formats]), read_secret(before), [str(p) for p in error.problems]
        )
    secret = read_secret(home)
    if keep:
        keep_configuration(home)
    return OpenHome(home, formats, secret, [])


def try_to_open(path: Path | None) -> OpenHome | None:
    """Open the home as `open_home` does; None where there is none or it cannot be used yet: a run will say why."""
    try:
        return open_home(path) if path else None
    except ConfigurationError:
        return None
