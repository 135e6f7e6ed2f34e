"""A small trust of its own for each ingest test."""

from __future__ import annotations

from pathlib import Path

import pytest
from landing_one import Landing
from small_trust import Trust


@pytest.fixture
def trust(tmp_path: Path) -> Trust:
    """Three schools with an empty inbox and four formats."""
    return Trust(tmp_path)


@pytest.fixture
def land(tmp_path: Path) -> Landing:
    """A way to land single files of one school with nine pupils."""
    return Landing(tmp_path)
