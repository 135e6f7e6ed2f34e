"""The homes the invented exports are read in."""

from __future__ import annotations

import pytest
from reading_homes import Homes, make_homes


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Homes:
    """The two homes, made once for all tests: nothing is written to them afterwards."""
    return make_homes(tmp_path_factory.mktemp("homes"))
