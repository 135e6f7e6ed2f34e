"""Definitions: what `workspace.yaml` points at, for the home the environment names.

It loads with no home set, so that `dagster dev` opens and a run says what is missing. Assembly is in `assembly`.
"""

from __future__ import annotations

import os
from pathlib import Path

from orchestration.assembly import build_definitions
from orchestration.trust_home import HOME_VARIABLE

_named = os.environ.get(HOME_VARIABLE)
defs = build_definitions(Path(_named).expanduser().resolve() if _named else None)
