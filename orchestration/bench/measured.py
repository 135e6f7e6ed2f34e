"""Measured: what runs in the fresh processes of the bench, each of which does one thing and says how it went.

Here live a refresh with timers, the imports of such a run alone, and the site alone; `processes` starts them.
`python -m orchestration.bench.measured WHAT REPORT ...` writes its report as JSON.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def refresh(home: Path, as_of: str) -> dict[str, Any]:
    """Refresh a home as the command does; report its code, seconds by phase and the modules it loaded."""
    from orchestration.bench.timers import Timers
    from orchestration.command import main

    timers = Timers()
    timers.put_everywhere()
    code = main(["refresh", "--home", str(home), "--as-of", as_of])
    return {"code": code, "phases": timers.seconds, "grown": timers.grown, "modules": list(sys.modules)}


def refresh_again(home: Path, as_of: str) -> dict[str, Any]:
    """Refresh a home as the command does, without clocks: they load what a run without news does not."""
    from orchestration.command import main

    return {"code": main(["refresh", "--home", str(home), "--as-of", as_of]), "modules": list(sys.modules)}


def import_alone(modules: Path) -> dict[str, Any]:
    """Import what another process had loaded, in its order."""
    from orchestration.collecting import collect_seldom

    collect_seldom()  # as the run itself does
    names = json.loads(modules.read_text("utf-8"))["modules"]
    for name in names:
        # Some stand in sys.modules only once another has run; whatever needs them has imported them.
        with contextlib.suppress(Exception):
            if name != "__main__":
                importlib.import_module(name)
    return {"modules": names}


def plain(home: Path, out: str) -> dict[str, Any]:
    """Run the plain script."""
    from orchestration.bench.plain_script import main

    main(home, Path(out))
    return {"modules": list(sys.modules)}


def site(home: Path, out: str) -> dict[str, Any]:
    """Build a release's pages and files from what the home has published."""
    import datetime as dt

    from site_builder import ReleaseIdentity, build_release

    current = json.loads((home / "releases" / "current.json").read_text("utf-8"))
    manifest = json.loads((home / "releases" / current["release_id"] / "manifest.json").read_text("utf-8"))
    identity = ReleaseIdentity(
        release_id=current["release_id"], previous_release_id=None, as_of=dt.date.fromisoformat(current["as_of"]),
        inputs=[], published_sha256="", configuration_sha256="", code_sha256="", key_id=str(manifest.get("key_id", "")),
        versions={}, purged_inputs=[],
    )  # fmt: skip
    summary = build_release(home / "lake" / "published", Path(out), identity)
    return {"pages": summary.pages, "files": summary.files, "modules": list(sys.modules)}


def warm_up(home: Path) -> dict[str, Any]:
    """Let dbt read its project once, as it does after each change of the code."""
    from orchestration.warehouse import prepare_manifest

    prepare_manifest()
    return {"home": str(home)}


_WORK: dict[str, Callable[..., dict[str, Any]]] = {
    "refresh": refresh, "refresh_again": refresh_again, "imports": import_alone, "plain": plain, "site": site,
    "warm_up": warm_up,
}  # fmt: skip

if __name__ == "__main__":
    began = time.perf_counter()
    what, report, place, *more = sys.argv[1:]
    told = _WORK[what](Path(place), *more)
    Path(report).write_text(json.dumps({**told, "seconds_inside": time.perf_counter() - began}), "utf-8")
