"""Fixtures of the publishing room's tests: the tiny trust's tables and the release built from them, once a session."""

from __future__ import annotations

from pathlib import Path

import pytest
from site_tiny_trust import IDENTITY, make_tables, write_tables

from site_builder import BuildSummary, build_release


@pytest.fixture(scope="session")
def tiny_published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny trust's published tables."""
    return write_tables(make_tables(), tmp_path_factory.mktemp("site") / "published")


@pytest.fixture(scope="session")
def tiny_build(tiny_published: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, BuildSummary]:
    """The release built from them, and what the build said of itself."""
    target = tmp_path_factory.mktemp("site") / "release"
    return target, build_release(tiny_published, target, IDENTITY)


@pytest.fixture(scope="session")
def tiny_release(tiny_build: tuple[Path, BuildSummary]) -> Path:
    """The folder of that release."""
    return tiny_build[0]
