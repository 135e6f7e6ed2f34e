"""Trial words: what a trial came to, in lines for a terminal.

Here lives how changes are counted, joined and rounded for the eye; what changed is worked out in `trial`. A number that
moves alike for both audiences is one line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from orchestration.trial import GONE, MOVED, NEW, OTHERWISE, Change, Trial

MOST_LINES = 40
_COUNTED = ((MOVED, "would move"), (NEW, "would be new"), (GONE, "would go"))
_AUDIENCES = {"site": "on the site", "central": "for the central team"}
_SYMBOLS = {"c": "hidden", "u": "too few pupils", "x": "not available", "z": "not applicable"}


def describe_trial(trial: Trial, *, all_lines: bool = False) -> Iterator[str]:
    """Yield how many published numbers would move, by audience and KPI, and each of them with old and new."""
    day = f"{trial.as_of.day} {trial.as_of:%B %Y}"
    if trial.edited:
        yield (
            "The configuration of the home, or a scale that comes with Plumbline, was changed since the last release; "
            "numbers that move by those changes are among these."
        )
    if not trial.changes:
        yield f"Tried on a copy, as at {day}: no published number would move."
        return
    yield f"Tried on a copy, as at {day}:"
    for audience, words in _AUDIENCES.items():
        counted = Counter(change.kind for change in trial.changes if change.key["audience"] == audience)
        yield (
            f"  {words}: "
            + ", ".join(f"{_count(counted[kind])} {said}" for kind, said in _COUNTED)
            + (f"; {counted[OTHERWISE]} more are compared or marked otherwise" if counted[OTHERWISE] else "")
        )
    yield "By KPI:"
    yield from _count_by_kpi(trial)
    joined = sorted(_join(trial.changes), key=lambda each: _place(each[1]))
    lines = [_say_change(trial, audiences, change) for audiences, change in joined]
    if lines:
        yield "Each, old and new:"
    yield from (f"  {line}" for line in (lines if all_lines else lines[:MOST_LINES]))
    if len(lines) > MOST_LINES and not all_lines:
        yield f"  and {len(lines) - MOST_LINES} more: --all prints them, --changes FILE.csv writes them unrounded"


def _count(number: int) -> str:
    return f"{number} number" if number == 1 else f"{number} numbers"


def _count_by_kpi(trial: Trial) -> Iterator[str]:
    counted = Counter((_name_kpi(trial, change), change.kind) for change in trial.changes)
    for name in sorted({name for name, _ in counted}):
        of_kind = [(counted[name, kind], kind) for kind in (MOVED, NEW, GONE, OTHERWISE)]
        yield f"  {name}: " + ", ".join(f"{number} {kind}" for number, kind in of_kind if number)


def _name_kpi(trial: Trial, change: Change) -> str:
    kpi = (change.key["kpi"], change.key["kpi_version"])
    return trial.titles.get(kpi, str(change.key["kpi"]))


def _join(changes: Sequence[Change]) -> list[tuple[list[str], Change]]:
    """Changes of numbers, those that are alike for several audiences as one."""
    joined: dict[tuple[Any, ...], tuple[list[str], Change]] = {}
    for change in changes:
        if change.kind == OTHERWISE:
            continue
        place = tuple(value for name, value in change.key.items() if name != "audience")
        said = tuple(tuple((side or {}).items()) for side in (change.before, change.after))
        joined.setdefault((*place, change.kind, said), ([], change))[0].append(change.key["audience"])
    return list(joined.values())


def _place(change: Change) -> tuple[bool, ...]:
    """The trust first, wholes before their parts; else as they come."""
    key = change.key
    return key["geography"] != "MAT", key["breakdown_topic"] != "Total", key["year_group"] != "Total"


def _say_change(trial: Trial, audiences: list[str], change: Change) -> str:
    key = change.key
    where = [
        change.names["unit_name"], _name_kpi(trial, change), f"{change.names['period_title']} {key['academic_year']}",
        key["year_group"], key["subject"], change.names["assessment"],
    ]  # fmt: skip
    if key["breakdown_topic"] != "Total":
        where.append(f"{key['breakdown_topic']}: {key['breakdown']}")
    dp = trial.decimals.get((key["kpi"], key["kpi_version"]), 1)
    values = [_show(side, dp) for side in (change.before, change.after)]
    pupils = [(side or {}).get("pupil_count") for side in (change.before, change.after)]
    counts = " to ".join("none" if each is None else str(each) for each in dict.fromkeys(pupils))
    only = "" if len(audiences) > 1 else f" ({_AUDIENCES[audiences[0]]})"
    return f"{change.kind:<5}  {', '.join(map(str, where))}{only}: {values[0]} to {values[1]}; pupils {counts}"


def _show(side: dict[str, Any] | None, dp: int) -> str:
    if side is None or (side["value"] is None and side["symbol"] is None):
        return "no number"
    return _SYMBOLS.get(str(side["symbol"]), "no number") if side["value"] is None else f"{side['value']:.{dp}f}"
