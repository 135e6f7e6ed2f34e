"""What must hold between the parts of one scale file: each code means one thing, steps are known, cuts rise.

Each check is given a file whose every word has been read well, and yields what is wrong with its line. What must hold
between files is checked in `kept_tables`, and against the rest of the home in `across`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise, product
from typing import Any

from ingest.home.problems import Place, Problem, find_nearest, list_words
from ingest.home.scale_expansion import SCHOOL_YEARS, list_expected, list_written
from ingest.home.scale_kinds import CodeScale, Cuts, CutScale, ScaleFile, StepScale
from ingest.home.strict import Document

_LISTS = ("schools", "subjects", "year_groups", "windows")


def check_scale(document: Document[Any], stem: str) -> Iterator[Problem]:
    """Yield what is wrong within a scale file of any kind; `stem` is its name without the ending."""
    scale: ScaleFile = document.value
    if scale.scale != stem:
        what = f'the scale is called "{scale.scale}" and its file "{stem}".'
        yield document.say_problem(("scale",), scale.scale, what, "Give both the same name.", stem)
    if scale.valid_to is not None and scale.valid_to < scale.valid_from:
        what = f"the scale ends on {scale.valid_to}, before it begins on {scale.valid_from}."
        remedy = "Dates are day first: 01/09/2025 is 1 September."
        yield document.say_problem(("valid_to",), str(scale.valid_to), what, remedy)
    for name in ("source", "framework", *_LISTS):
        yield from _check_repeats(document, (name,), getattr(scale, name))
    if isinstance(scale, CodeScale):
        yield from _check_codes(document, scale)
    elif isinstance(scale, StepScale):
        yield from _check_steps(document, scale)
    elif isinstance(scale, CutScale):
        yield from _check_cuts(document, scale)


def _check_repeats(document: Document[Any], place: Place, words: Sequence[str]) -> Iterator[Problem]:
    for at, word in enumerate(words):
        if word in words[:at]:
            first = document.find_line(*place, words.index(word))
            what = f'"{word}" stands here a second time; it is first on line {first}.'
            yield document.say_problem((*place, at), word, what, "Keep one of the two.")


def _check_codes(document: Document[Any], scale: CodeScale) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for at, code in enumerate(scale.codes):
        if code.band is None and code.points is None:
            what = f'the code "{code.code}" has neither a band nor points.'
            yield document.say_problem(("codes", at, "band"), "", what, "Add one of them.")
        before = first.setdefault(code.code, at)
        if before == at:
            continue
        other, line = scale.codes[before], document.find_line("codes", before)
        if (other.band, other.points) == (code.band, code.points):
            what = f'the code "{code.code}" stands here a second time; it is first on line {line}.'
        else:
            meant = other.band if other.band is not None else f"{other.points:g} points"
            what = f'the code "{code.code}" cannot mean two things; on line {line} it is {meant}.'
        yield document.say_problem(("codes", at, "code"), code.code, what, "Keep one of the two.")


def _check_steps(document: Document[Any], scale: StepScale) -> Iterator[Problem]:
    yield from _check_repeats(document, ("steps",), scale.steps)
    yield from _check_repeats(document, ("bands",), scale.bands)
    yield from _check_line(document, scale)
    for name, years in (("year_groups", scale.year_groups), ("bands", scale.bands)):
        for at, year in enumerate(years):
            if year not in SCHOOL_YEARS:
                what = f'the year group "{year}" has no curriculum that steps could count; R and 1 to 14 have.'
                yield document.say_problem((name, at), year, what, "Take it out.")
                return
    for year in scale.band_names:
        if year not in (scale.bands or scale.year_groups):
            what = f'"{year}" is not one of the bands of this scale: {list_words(scale.bands or scale.year_groups)}.'
            yield document.say_problem(("band_names", year), year, what, "Take it out, or add it to bands.")
    for step in scale.also_written:
        if step not in scale.steps:
            yield _say_no_step(document, ("also_written", step), step, scale)
    left = scale.written.replace("{band}", "").replace("{step}", "")
    if "{step}" not in scale.written or "{" in left or "}" in left:
        what = f'"written" is "{scale.written}", which does not say where the step stands.'
        remedy = "Write {step}, and {band} where the year group is written too, such as {band}{step}."
        yield document.say_problem(("written",), scale.written, what, remedy)
        return
    for year_group in scale.year_groups:
        meant: dict[str, str] = {}
        for band, step, code in list_written(scale, year_group):
            told = f"step {step} of year {band}"
            other = meant.setdefault(code, told)
            if other != told:
                what = f'"{code}" would be written for {other} and for {told} alike.'
                remedy = "Give the steps or bands names that cannot be mistaken, or part them in written."
                place = "written" if "written" in scale.model_fields_set else "steps"
                yield document.say_problem((place,), code, what, remedy)
                return


def _check_line(document: Document[Any], scale: StepScale) -> Iterator[Problem]:
    """The expected line: of known steps, for the windows the scale is for, with none left out."""
    if isinstance(scale.expected, str):
        if scale.expected not in scale.steps:
            yield _say_no_step(document, ("expected",), scale.expected, scale)
    else:
        for window, step in scale.expected.items():
            if step not in scale.steps:
                yield _say_no_step(document, ("expected", window), step, scale)
            if scale.windows and window not in scale.windows:
                what = f'this scale is not for the window "{window}": {list_words(scale.windows)}.'
                nearest = find_nearest(window, scale.windows)
                remedy = "" if nearest else "Add it to windows, or take it out here."
                yield document.say_problem(("expected", window), window, what, remedy, nearest)
        for at, window in enumerate(scale.windows):
            if window not in scale.expected:
                what = f'no step is expected by the window "{window}", so nothing would be mapped in it.'
                yield document.say_problem(("windows", at), window, what, "Add it under expected.")
    known = [*filter(None, list_expected(scale))]
    for window, step in scale.greater_depth_at.items():
        line = list_expected(scale).get(window)
        if step not in scale.steps:
            yield _say_no_step(document, ("greater_depth_at", window), step, scale)
        elif line is None:
            what = f'no step is expected by the window "{window}"' + (f": {list_words(known)}." if known else ".")
            nearest = find_nearest(window, known)
            remedy = "" if nearest else "Take it out, or list the step of each window under expected."
            yield document.say_problem(("greater_depth_at", window), window, what, remedy, nearest)
        elif line in scale.steps and scale.steps.index(step) <= scale.steps.index(line):
            what = f'"{step}" is not above "{line}", the step expected by the window "{window}".'
            yield document.say_problem(("greater_depth_at", window), step, what, "Name a later step.")


def _say_no_step(document: Document[Any], place: Place, step: str, scale: StepScale) -> Problem:
    what = f'"{step}" is not one of the steps of this scale: {list_words(scale.steps)}.'
    nearest = find_nearest(step, scale.steps)
    return document.say_problem(place, step, what, "" if nearest else "Correct it, or add it to steps.", nearest)


def _check_cuts(document: Document[Any], scale: CutScale) -> Iterator[Problem]:
    if bool(scale.cuts) == bool(scale.national_proportion):
        seen = "both cuts and" if scale.cuts else "neither cuts nor"
        what = f"there is {seen} a national_proportion."
        yield document.say_problem(("of",), "", what, "Write one of the two.")
        return
    for at, part in enumerate(scale.cuts):
        yield from _check_rising(document, ("cuts", at), part)
    for at, share in enumerate(scale.national_proportion):
        if share.greater is not None and share.greater >= share.expected:
            what = f"{share.greater:g} of the pupils cannot reach GDS where {share.expected:g} reach EXS."
            yield document.say_problem(("national_proportion", at, "GDS"), f"{share.greater:g}", what, "Correct it.")
    name = "cuts" if scale.cuts else "national_proportion"
    parts = scale.cuts or scale.national_proportion
    taken: dict[tuple[str, ...], int] = {}
    for at, each in enumerate(parts):
        for listed in _LISTS[1:]:
            whole, own = getattr(scale, listed), getattr(each, listed)
            yield from _check_repeats(document, (name, at, listed), own)
            for number, word in enumerate(own):
                if whole and word not in whole:
                    what = f'this scale is not for "{word}": {list_words(whole)}.'
                    nearest = find_nearest(word, whole)
                    remedy = "" if nearest else f"Add it to the scale's {listed}, or take it out here."
                    yield document.say_problem((name, at, listed, number), word, what, remedy, nearest)
        cells = product(*(getattr(each, listed) or getattr(scale, listed) or [""] for listed in _LISTS[1:]))
        before = next((taken[cell] for cell in cells if taken.setdefault(cell, at) != at), None)
        if before is not None:
            what = f"this is for what the entry on line {document.find_line(name, before)} is for."
            yield document.say_problem((name, at), "", what, "Part the two by subjects, year_groups or windows.")
    for listed in _LISTS[1:]:
        for number, word in enumerate(getattr(scale, listed)):
            if not any(word in (getattr(each, listed) or [word]) for each in parts):
                what = f'nothing is said for "{word}", so no number would be mapped there.'
                yield document.say_problem((listed, number), word, what, f"Add it under {name}, or take it out here.")


def _check_rising(document: Document[Any], place: Place, part: Cuts) -> Iterator[Problem]:
    named = part.named
    if len(named) < 2:
        what = "cuts part a number into at least two bands."
        yield document.say_problem(place, "", what, "Name each band, lowest first; leave the lowest empty.")
        return
    lowest, *higher = named
    if named[lowest] is not None:
        what = f"{lowest} is the lowest band named and begins at {named[lowest]:g}, so lower numbers would have none."
        remedy = f"Leave {lowest} empty, or name a band below it."
        yield document.say_problem((*place, lowest), f"{named[lowest]:g}", what, remedy)
    for band in higher:
        if named[band] is None:
            what = f"{band} has no number; only the lowest band, {lowest}, is left empty."
            yield document.say_problem((*place, band), "", what, "Write from which number on it holds.")
    for one, other in pairwise(higher):
        low, high = named[one], named[other]
        if low is not None and high is not None and high <= low:
            what = f"{other} begins at {high:g}, which is not above {low:g}, where {one} begins."
            yield document.say_problem((*place, other), f"{high:g}", what, "Cuts rise with the bands.")
