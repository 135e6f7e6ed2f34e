"""What a KPI file (`kpis/<kpi>.yml`) holds, and the checks across its parts.

A KPI names measures; what a measure counts is the warehouse's matter and does not live here.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import Field

from ingest.home.problems import Problem, find_nearest, list_words
from ingest.home.strict import Document, read_document
from ingest.home.words import ComparabilityClass, Day, Name, Owner, Strict, Text, Word

Interval = Literal["wilson", "byar", "t", "by_pupil"]
PeriodKind = Literal["window", "week", "half_term", "term", "year_to_date"]
Breakdown = Literal["sex", "custom_groups", "population"]
Unit = Literal["percent", "score", "rate_per_100", "points", "marks"]

# What each kind of KPI is made of, and the units and intervals that fit it: Wilson for a share of pupils,
# by_pupil for a share of sessions (those of one pupil are alike, so the pupils are what chance picks), Byar for a
# rate of events, t for a mean.
_PARTS: dict[str, tuple[str, ...]] = {"ratio": ("numerator", "denominator"), "mean": ("mean_of",)}
_UNITS: dict[str, dict[str, tuple[str, ...]]] = {
    "ratio": {"percent": ("wilson", "by_pupil"), "rate_per_100": ("byar",)},
    "mean": {"score": ("t",), "points": ("t",), "marks": ("t",)},
}


class Kpi(Strict):
    """One version of one management KPI; a mean has `mean_of`, a ratio its numerator and denominator.

    `headline` is its place among the figures of the trust's first screen, from 1; without one it is not there.
    `parts` are the KPIs, itself among them, that make a whole together and are drawn as one bar.
    """

    kpi: Word
    version: int = Field(ge=1)
    kind: Literal["ratio", "mean"]
    title: Name
    family: Name | None = None
    numerator: Word | None = None
    denominator: Word | None = None
    mean_of: Word | None = None
    population: Text
    periods: list[PeriodKind] = Field(min_length=1)
    year_groups: Literal["apart", "together"]
    breakdowns: list[Breakdown] = Field(default_factory=list)
    unit: Unit
    direction: Literal["higher", "lower", "neutral"]
    dp: int = Field(ge=0, le=6)
    min_n: int | None = Field(default=None, ge=1)
    interval: Interval
    comparability: ComparabilityClass
    status: Literal["in_development", "preview", "published", "archived"]
    owner: Owner
    headline: int | None = Field(default=None, ge=1)
    parts: list[Word] = Field(default_factory=list, max_length=4)
    why_it_matters: Text
    how_calculated: Text
    what_good_looks_like: Text
    exemplification: Text | None = None
    authored_by: Text
    checked_by: Text | None = None
    next_review: Day | None = None
    valid_from: Day | None = None
    valid_to: Day | None = None


def read_kpi_file(path: Path, home: Path, owner: str, measures: frozenset[str] | None) -> Kpi:
    """Read and check one KPI file whose folder belongs to `owner` ('trust' or a URN).

    Raises ConfigurationError with every problem of the file. `measures` are the columns the warehouse can
    count; None leaves them unchecked.
    """
    document = read_document(path, Kpi, home=home)
    document.check(
        [
            *_check_name(document, path.stem),
            *_check_owner(document, owner),
            *_check_parts(document),
            *_check_unit(document),
            *_check_periods(document),
            *_check_dates(document),
            *_check_headline(document),
            *_check_measures(document, measures),
        ]
    )
    return document.value


def _check_name(document: Document[Kpi], stem: str) -> Iterator[Problem]:
    kpi = document.value.kpi
    if kpi != stem:
        what = f'the file is named "{stem}", but the KPI in it "{kpi}".'
        yield document.say_problem(
            ("kpi",), kpi, what, f"Rename the file to {kpi}.yml, or write kpi: {stem}."
        )


def _check_owner(document: Document[Kpi], owner: str) -> Iterator[Problem]:
    written = document.value.owner
    if written != owner:
        what = f'the owner is "{written}", but the file stands in the folder of {owner}.'
        remedy = "A school's own KPIs stand in kpis/schools/<its URN>/, the trust's in kpis/."
        yield document.say_problem(("owner",), written, what, remedy)


def _check_parts(document: Document[Kpi]) -> Iterator[Problem]:
    kpi = document.value
    for kind, parts in _PARTS.items():
        for part in parts:
            given = getattr(kpi, part)
            if kind == kpi.kind and given is None:
                what = f'"{part}" is missing; a {kind} is made from {" and ".join(parts)}.'
                yield document.say_problem(("kind",), "", what, "Add it.")
            elif kind != kpi.kind and given is not None:
                what = f'"{part}" belongs to KPIs of kind {kind}, and this one is a {kpi.kind}.'
                yield document.say_problem((part,), given, what, "Take it out, or change the kind.")


def _check_unit(document: Document[Kpi]) -> Iterator[Problem]:
    kpi = document.value
    fitting = _UNITS[kpi.kind]
    if kpi.unit not in fitting:
        what = f'the unit of a {kpi.kind} is {list_words(fitting)}, not "{kpi.unit}".'
        yield document.say_problem(("unit",), kpi.unit, what, "Change the unit or the kind.")
    elif kpi.interval not in fitting[kpi.unit]:
        taken = list_words(fitting[kpi.unit])
        what = f'a {kpi.kind} in {kpi.unit} takes the interval {taken}, not "{kpi.interval}".'
        yield document.say_problem(("interval",), kpi.interval, what, "Change the interval.")


def _check_periods(document: Document[Kpi]) -> Iterator[Problem]:
    kpi = document.value
    lists: list[tuple[str, list[str]]] = [("periods", [*kpi.periods]), ("breakdowns", [*kpi.breakdowns])]
    for name, words in lists:
        for at, word in enumerate(words):
            if word in words[:at]:
                what = f'"{word}" stands here a second time.'
                yield document.say_problem((name, at), word, what, "Keep one of the two.")
    # Results have windows and attendance has days: no measure is counted both ways.
    in_windows = "window" in kpi.periods
    if in_windows and set(kpi.periods) != {"window"}:
        at, other = next((at, word) for at, word in enumerate(kpi.periods) if word != "window")
        what = f'"window" and "{other}" cannot both be periods of one KPI.'
        remedy = "Results are counted by window; attendance by week, half_term, term and year_to_date."
        yield document.say_problem(("periods", at), other, what, remedy)
    elif in_windows and "population" in kpi.breakdowns:
        what = '"population" divides attendance, and this KPI is counted by window.'
        place = ("breakdowns", kpi.breakdowns.index("population"))
        yield document.say_problem(place, "population", what, "Take it out.")
    elif in_windows and kpi.interval == "by_pupil" and (kpi.denominator or "").startswith("pupils_"):
        what = "by_pupil is for shares of what one pupil has several of, and this KPI is a share of pupils."
        yield document.say_problem(("interval",), kpi.interval, what, "Write wilson.")


def _check_dates(document: Document[Kpi]) -> Iterator[Problem]:
    kpi = document.value
    if kpi.valid_from and kpi.valid_to and kpi.valid_to < kpi.valid_from:
        what = f"the definition ends on {kpi.valid_to}, before it begins on {kpi.valid_from}."
        yield document.say_problem(
            ("valid_to",), str(kpi.valid_to), what, "Exchange or correct the two dates."
        )


def _check_headline(document: Document[Kpi]) -> Iterator[Problem]:
    kpi = document.value
    if kpi.headline is not None and kpi.owner != "trust":
        what = "the first screen shows KPIs of the trust, and this one is a school's own."
        yield document.say_problem(("headline",), str(kpi.headline), what, "Take it out.")


def _check_measures(document: Document[Kpi], measures: frozenset[str] | None) -> Iterator[Problem]:
    if measures is None:
        return
    for part in _PARTS[document.value.kind]:
        named = getattr(document.value, part)
        if named is not None and named not in measures:
            nearest = find_nearest(named, measures)
            what = f'"{named}" is not a measure Plumbline knows.'
            remedy = "" if nearest else f"It knows {', '.join(sorted(measures))}."
            yield document.say_problem((part,), named, what, remedy, nearest)
