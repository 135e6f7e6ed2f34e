"""Collecting: how often Python looks for garbage during a run.

Here lives one setting. A refresh makes millions of small objects that live as long as the step that made them; with
Python's own setting it goes through all of them again every few hundred new ones, which is up to a third of the time.
"""

from __future__ import annotations

import gc

_YOUNG, _MIDDLE, _OLD = 50_000, 20, 50


def collect_seldom() -> None:
    """Let the collector of this process look at fewer, larger heaps of objects; what it frees is the same."""
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)
