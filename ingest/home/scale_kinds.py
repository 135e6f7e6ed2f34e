"""What a scale file may say: a list of codes, steps against an expected line, or cuts in a number.

Here live the strict models of `scales/<name>.yml`, one for each kind. What must hold between the parts of a file is
checked in `scale_checks`; the rows a scale comes to are made in `scale_expansion`.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from ingest.home.kept_rows import Band
from ingest.home.problems import wrong_value
from ingest.home.words import AcademicYear, ComparabilityClass, Day, Name, Strict, Text, Urn, Word, YearGroup

# Bands that are judged, lowest first.
JUDGED: tuple[Band, ...] = ("BLW", "WTS", "EXS", "GDS")

Kind = Literal["codes", "steps", "cuts"]


def _list_one(written: object) -> object:
    return written if isinstance(written, list) or written is None else [written]


def _read_cut(written: object) -> object:
    """A number as exports write it: 63 of "63 %", 9.5 of the reading age "9:06" (years and months)."""
    if not isinstance(written, str):
        return written
    plain = re.fullmatch(r"(-?[0-9]+(?:\.[0-9]+)?) ?%?", written.strip())
    age = re.fullmatch(r"([0-9]{1,2}):(0?[0-9]|1[01])", written.strip())
    if plain:
        return float(plain[1])
    if age:
        return int(age[1]) + int(age[2]) / 12
    raise wrong_value("a number such as 100, 63 % or the reading age 9:06 (years and months)")


Names = Annotated[list[Name], BeforeValidator(_list_one), Field(min_length=1)]
Cut = Annotated[float | None, BeforeValidator(_read_cut)]


class KindOfScale(BaseModel):
    """Which kind of scale a file holds; its other words are read by the model of that kind."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    kind: Kind


class ScaleFile(Strict):
    """What files of every kind say: of what the scale is, to what it applies and who answers for it."""

    scale: Word
    title: Text
    # One export format, or several that carry the same codes; the same for the assessments.
    source: Names
    framework: Names
    version: Name
    # A scale without such a list is for every one.
    schools: list[Urn] = Field(default_factory=list)
    subjects: list[Name] = Field(default_factory=list)
    year_groups: list[YearGroup] = Field(default_factory=list)
    windows: list[Word] = Field(default_factory=list)
    comparability_class: ComparabilityClass
    rationale: Text
    authored_by: Text | None = None
    approved_by: Text
    approved_on: Day | None = None
    valid_from: Day
    valid_to: Day | None = None
    kind: Kind


class Code(Strict):
    """One code exactly as exports write it, and its band, its points or both."""

    code: Text
    band: Band | None = None
    points: float | None = Field(default=None, allow_inf_nan=False)
    meaning: Text | None = None


class CodeScale(ScaleFile):
    """A list of codes."""

    codes: list[Code] = Field(min_length=1)


class StepScale(ScaleFile):
    """Steps within the curriculum of a year group, judged against the step expected by each window.

    A band is a year group whose curriculum a pupil is taught; an earlier year's than the pupil's own is BLW. Within the
    own year and above it the steps up or down to the expected one decide.
    """

    year_groups: list[YearGroup] = Field(min_length=1)
    steps: list[Text] = Field(min_length=2)
    # How an export writes band and step in one.
    written: Text = "{band}{step}"
    # Year groups whose curriculum may be written; the scale's own where none are listed.
    bands: list[YearGroup] = Field(default_factory=list)
    # Whether a later year's curriculum may be written; where not, such a code is not mapped.
    later_bands: bool = True
    band_names: dict[YearGroup, Text] = Field(default_factory=dict)
    also_written: dict[Text, list[Text]] = Field(default_factory=dict)
    # The step expected by each window, or one step that is expected in every window.
    expected: dict[Word, Text] | Text
    greater_depth_from: int = Field(ge=1)
    # Where a window's line ends at the top of the scale, the step that is greater depth there.
    greater_depth_at: dict[Word, Text] = Field(default_factory=dict)
    working_towards_to: int = Field(ge=0)


class Cuts(Strict):
    """From which number on each band holds; the lowest band named is left empty, as it has no lower end."""

    subjects: list[Name] = Field(default_factory=list)
    year_groups: list[YearGroup] = Field(default_factory=list)
    windows: list[Word] = Field(default_factory=list)
    below: Cut = Field(default=None, alias="BLW")
    towards: Cut = Field(default=None, alias="WTS")
    expected: Cut = Field(default=None, alias="EXS")
    greater: Cut = Field(default=None, alias="GDS")

    @property
    def named(self) -> dict[Band, float | None]:
        """The bands that are named, lowest first, and their numbers."""
        fields = dict(zip(JUDGED, ("below", "towards", "expected", "greater"), strict=True))
        return {band: getattr(self, name) for band, name in fields.items() if name in self.model_fields_set}


Share = Annotated[float, Field(gt=0, lt=1, allow_inf_nan=False)]


class NationalProportion(Strict):
    """The share of the country's pupils who met each standard in a year, and where that is published."""

    subjects: list[Name] = Field(default_factory=list)
    year_groups: list[YearGroup] = Field(default_factory=list)
    windows: list[Word] = Field(default_factory=list)
    expected: Share = Field(alias="EXS")
    greater: Share | None = Field(default=None, alias="GDS")
    academic_year: AcademicYear
    published_in: Text


class CutScale(ScaleFile):
    """Cuts in a number: given as they are, or as the shares of the country's pupils they are to part."""

    of: Literal["value", "mark", "standardised"]
    cuts: list[Cuts] = Field(default_factory=list)
    national_proportion: Annotated[list[NationalProportion], BeforeValidator(_list_one)] = Field(default_factory=list)


MODELS: dict[Kind, type[ScaleFile]] = {"codes": CodeScale, "steps": StepScale, "cuts": CutScale}
