"""What a scale of any kind comes to: a row for each code, or for each band of a number, wherever it applies.

Each row keeps the line of the file it comes from, and the lines of the words that stand above it. Files are read and
checked before; nothing is looked up in the rest of the home here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from statistics import NormalDist
from typing import Any

from ingest.home.kept_rows import Band, CutRow, Placed, R, ScaleRow
from ingest.home.scale_kinds import JUDGED, CodeScale, Cuts, CutScale, NationalProportion, ScaleFile, StepScale
from ingest.home.strict import Document

# The years of school in order; those before them (nursery) have no steps of a year's curriculum.
SCHOOL_YEARS = ("R", *(str(year) for year in range(1, 15)))
# Standardised scores have this mean and spread in the whole country.
_STANDARDISED = NormalDist(100, 15)
# What every row of a file says alike.
_ANSWERED = (
    *("scale", "version", "comparability_class", "rationale", "authored_by", "approved_by", "approved_on"),
    *("valid_from", "valid_to"),
)
_LISTS = {"school": "schools", "subject": "subjects", "year_group": "year_groups", "window": "windows"}


def expand_codes(document: Document[CodeScale]) -> list[Placed[ScaleRow]]:
    """A row for each code, school, subject, year group and window the file lists."""
    spread = [*_spread(document)]
    return [
        _place(ScaleRow(**applied, **code.model_dump()), document, _line(document, "codes", at))
        for at, code in enumerate(document.value.codes)
        for applied in spread
    ]


def expand_steps(document: Document[StepScale]) -> list[Placed[ScaleRow]]:
    """A row for each pupil's year group, window, band and step, with the band it is by the line expected by then."""
    return [
        _place(
            ScaleRow(**applied, code=code, band=meant, meaning=f"{_name_year(band)} curriculum, step {step}"),
            document,
            _line(document, "expected", window) if window else _line(document, "expected"),
        )
        for window, line in list_expected(document.value).items()
        for applied in _spread(document, window=[window] if window else [None])
        for band, step, code in list_written(document.value, str(applied["year_group"]))
        for meant in [_judge(document.value, applied["year_group"], band, step, window, line)]
    ]


def expand_cuts(document: Document[CutScale]) -> list[Placed[CutRow]]:
    """A row for each band of each list of cuts, school, subject, year group and window."""
    rows: list[Placed[CutRow]] = []
    scale = document.value
    parts: list[tuple[str, int, Cuts | NationalProportion]] = [
        *(("cuts", at, part) for at, part in enumerate(scale.cuts)),
        *(("national_proportion", at, part) for at, part in enumerate(scale.national_proportion)),
    ]
    for name, at, part in parts:
        numbers = part.named if isinstance(part, Cuts) else cut_by_proportions(part)
        own = {
            column: list(getattr(part, listed)) or None for column, listed in _LISTS.items() if hasattr(part, listed)
        }
        for band, at_least in numbers.items():
            rows += [
                _place(
                    CutRow(**applied, of=scale.of, band=band, at_least=at_least),
                    document,
                    _line(document, name, at, band),
                    (name, at),
                )
                for applied in _spread(document, **{column: listed for column, listed in own.items() if listed})
            ]
    return rows


def cut_by_proportions(part: NationalProportion) -> dict[Band, float | None]:
    """The standardised scores that part the country's pupils as their results did: 100 + 15 inv_cdf(1 - share)."""
    cuts: dict[Band, float | None] = {"WTS": None, "EXS": _STANDARDISED.inv_cdf(1 - part.expected)}
    if part.greater is not None:
        cuts["GDS"] = _STANDARDISED.inv_cdf(1 - part.greater)
    return cuts


def list_expected(scale: StepScale) -> dict[str, str]:
    """The expected step by window; under an empty name where one step is expected in every window."""
    if isinstance(scale.expected, str):
        return dict.fromkeys(scale.windows or [""], scale.expected)
    return scale.expected


def list_written(scale: StepScale, year_group: str) -> Iterator[tuple[str, str, str]]:
    """Each band and step a pupil of the year group may be at, and each way an export writes it."""
    bands = (scale.bands or scale.year_groups) if "{band}" in scale.written else [year_group]
    if not scale.later_bands:
        bands = [band for band in bands if SCHOOL_YEARS.index(band) <= SCHOOL_YEARS.index(year_group)]
    for band, step in product(bands, scale.steps):
        for written in (step, *scale.also_written.get(step, ())):
            code = scale.written.replace("{band}", scale.band_names.get(band, band))
            yield band, step, code.replace("{step}", written)


def _judge(scale: StepScale, year_group: object, band: str, step: str, window: str, line: str) -> Band:
    years = SCHOOL_YEARS.index(band) - SCHOOL_YEARS.index(str(year_group))
    if years < 0:
        return "BLW"
    place = years * len(scale.steps) + scale.steps.index(step)
    above = place - scale.steps.index(line)
    deep = scale.greater_depth_at.get(window)
    if above >= scale.greater_depth_from or (deep is not None and place >= scale.steps.index(deep)):
        return "GDS"
    if above >= 0:
        return "EXS"
    return "WTS" if -above <= scale.working_towards_to else JUDGED[0]


def _name_year(band: str) -> str:
    return "Reception" if band == "R" else f"Year {band}"


def _spread(document: Document[Any], **own: Sequence[str | None]) -> Iterator[dict[str, Any]]:
    """What each row says of where it applies; `own` stands in place of the file's lists."""
    scale: ScaleFile = document.value
    said = {name: getattr(scale, name) for name in _ANSWERED}
    lists = [own.get(column, getattr(scale, listed) or [None]) for column, listed in _LISTS.items()]
    for source, framework, *where in product(scale.source, scale.framework, *lists):
        yield {**said, "source": source, "framework": framework, **dict(zip(_LISTS, where, strict=True))}


def _place(row: R, document: Document[Any], line: int, part: tuple[str | int, ...] = ()) -> Placed[R]:
    return Placed(row, document.file, line, _find_heads(row, document, part))


def _find_heads(row: R, document: Document[Any], part: tuple[str | int, ...]) -> Mapping[str, int]:
    """The lines of the words of a row that stand elsewhere in the file than the row itself."""
    heads = {name: _line(document, name) for name in ("valid_from", "valid_to")}
    for name in ("source", "framework"):
        heads[name] = _line(document, name, getattr(document.value, name).index(getattr(row, name)))
    for column, listed in _LISTS.items():
        seen = getattr(row, column)
        for place in ((*part, listed), (listed,)):
            holder: Any = document.value
            for step in place:
                holder = holder[step] if isinstance(step, int) else getattr(holder, step, [])
            if seen in holder:
                heads[column] = _line(document, *place, holder.index(seen))
                break
    return heads


def _line(document: Document[Any], *place: str | int) -> int:
    return document.find_line(*place) or 1
