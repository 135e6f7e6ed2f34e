"""A tiny home of its own for each test, and a shorthand for the messages of a reading that fails."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.home import ConfigurationError

HOMES = Path(__file__).parents[2] / "homes"


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A copy of the configuration of tests/homes/tiny."""
    home = tmp_path / "home"
    (home / "kpis").mkdir(parents=True)
    for source in (HOMES / "tiny" / "trust.yml", HOMES / "tiny" / "schools.csv"):
        shutil.copyfile(source, home / source.name)
    for source in (HOMES / "tiny" / "kpis").glob("*.yml"):
        shutil.copyfile(source, home / "kpis" / source.name)
    return home


@pytest.fixture
def messages() -> Callable[..., list[str]]:
    """Call something that must raise ConfigurationError and return what each problem says."""

    def collect(call: Callable[..., object], *arguments: object, **named: object) -> list[str]:
        with pytest.raises(ConfigurationError) as raised:
            call(*arguments, **named)
        assert str(raised.value) == "\n".join(str(problem) for problem in raised.value.problems)
        return [str(problem) for problem in raised.value.problems]

    return collect
