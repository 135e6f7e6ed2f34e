"""`python -m orchestration.bench`: measure a refresh on an invented trust, beside a plain script.

Here live the words of the command line. Exit codes: 0 every target is met; 1 one is missed, or figures differ.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from orchestration.bench.runs import measure
from orchestration.bench.telling import judge, tell
from orchestration.screen import say, warn


def main(words: list[str] | None = None) -> int:
    """Measure, tell, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m orchestration.bench", description=__doc__)
    parser.add_argument("--schools", type=int, default=57)
    parser.add_argument("--pupils", type=int, default=600, help="pupils a school")
    parser.add_argument("--results", type=int, default=40, help="results a pupil, a multiple of 4 up to 40")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="work in this folder and leave all in it")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write what was measured to this file too")
    said = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="plumbline-bench-") as spare:
        folder = (said.keep or Path(spare)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        found = measure(folder, said.schools, said.pupils, said.results, lambda line: warn(f"  {line}"))
    for line in tell(found):
        say(line)
    if said.json:
        said.json.write_text(found.as_json() + "\n", "utf-8")
    return 0 if all(good for good, _ in judge(found)) else 1


if __name__ == "__main__":
    sys.exit(main())
