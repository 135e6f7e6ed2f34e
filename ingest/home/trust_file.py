"""What `trust.yml` holds, and the checks across its parts.

Here live the models of the trust, its years, windows, subjects, assessments, groups and policy. Term dates, feeds,
times of runs and who is told of them have modules of their own; neither the register of schools nor the KPI files
live here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from ingest.home.autonomy import Agreed, Framework, check_register
from ingest.home.feeds import Feed, check_feeds
from ingest.home.notice import Notify, check_notify
from ingest.home.problems import Place, Problem, find_nearest, list_words, wrong_value
from ingest.home.schedule import Freshness, Schedule, Sensor
from ingest.home.strict import Document, read_document
from ingest.home.term_dates import TermDates, check_term_dates
from ingest.home.words import (
    AcademicYear,
    ComparabilityClass,
    MonthDay,
    Name,
    Phase,
    Strict,
    Text,
    Urn,
    Word,
    YearGroup,
    fold_label,
    place_day,
)

Construct = Literal["point_in_time", "end_of_year_prediction", "summative_test", "statutory"]
ResultType = Literal["teacher_judgement", "prediction", "test", "statutory"]

DEMO_KEY_ID = "demo"
MOST_COLLECTIONS = 3  # of one year group in a year


def _check_group_id(written: str) -> str:
    if not re.fullmatch(r"TR[0-9]{5}", written):
        raise wrong_value("the trust's Group ID, TR and five digits, such as TR01234")
    return written


def _check_group_uid(written: str) -> str:
    if not re.fullmatch(r"[0-9]+", written):
        raise wrong_value("the trust's Group UID, a whole number")
    return written


def _check_key_id(written: str) -> str:
    if written != DEMO_KEY_ID and not re.fullmatch(r"k[0-9a-f]{10}", written):
        raise wrong_value("the id of this home's key as new-home wrote it, k and ten letters or digits")
    return written


class Trust(Strict):
    """Who the trust is."""

    name: Name
    group_id: Annotated[Text, AfterValidator(_check_group_id)]
    group_uid: Annotated[Text, AfterValidator(_check_group_uid)] | None = None


class Window(Strict):
    """A time of year in which schools of some phases assess some year groups (days as month-day)."""

    window: Word
    title: Name
    phases: list[Phase] = Field(min_length=1)
    year_groups: list[YearGroup] = Field(min_length=1)
    opens: MonthDay
    closes: MonthDay
    tolerance_days: int = Field(default=0, ge=0, le=60)
    labels: list[Text] = Field(default_factory=list)
    subjects: list[Name] = Field(min_length=1)

    @property
    def known_labels(self) -> list[str]:
        """What exports call this window, folded, each once; its title where the file lists none."""
        return list(dict.fromkeys(fold_label(label) for label in self.labels or [self.title]))


class Assessment(Strict):
    """A test, scheme or judgement and how far its results may be compared.

    Judgements of several schemes that are mapped onto the trust's bands are compared under one name, `compared_as`;
    marks are of their own test alone.
    """

    assessment: Name
    title: Name | None = None
    # Under its own name it would hide a method of pydantic's.
    construct_kind: Construct = Field(alias="construct")
    comparability_class: ComparabilityClass
    result_type: ResultType
    compared_as: Name | None = None


class CustomGroup(Strict):
    """One group of a set and the words readers see for it."""

    group: Name
    label: Name


class CustomGroupSet(Strict):
    """A division of pupils the trust reports by; without `groups` every group is shown under its own name."""

    group_set: Word
    title: Name
    groups: list[CustomGroup] = Field(default_factory=list)


class Audience(Strict):
    """What one audience may be shown: no figure of fewer than `min_n` pupils."""

    min_n: int = Field(ge=1)


class Audiences(Strict):
    """The policy of each audience."""

    site: Audience = Audience(min_n=6)
    central: Audience = Audience(min_n=6)
    pack: Audience = Audience(min_n=1)


class Policy(Strict):
    """What may leave."""

    audiences: Audiences = Audiences()


class Quality(Strict):
    """When a file is held back: shares in percent of a file's records, or of the pupils in the list before."""

    refused_percent_held: float = Field(default=20, ge=0, le=100, allow_inf_nan=False)
    matched_percent_least: float = Field(default=50, ge=0, le=100, allow_inf_nan=False)
    roll_drop_percent_held: float = Field(default=30, ge=0, le=100, allow_inf_nan=False)
    # Schools whose pupils did leave: the next run takes their shorter pupil list.
    smaller_rolls_agreed: list[Urn] = Field(default_factory=list)


class TrustFile(Strict):
    """The whole of `trust.yml`."""

    trust: Trust
    demo: bool = False
    key_id: Annotated[Text, AfterValidator(_check_key_id)] | None = None
    academic_years: list[AcademicYear] = Field(min_length=1)
    subjects: list[Name] = Field(min_length=1)
    assessments: list[Assessment] = Field(min_length=1)
    windows: list[Window] = Field(min_length=1)
    custom_groups: list[CustomGroupSet] = Field(default_factory=list)
    term_dates: list[TermDates] = Field(default_factory=list)
    feeds: list[Feed] = Field(default_factory=list)
    policy: Policy = Policy()
    quality: Quality = Quality()
    schedule: Schedule | None = None
    sensor: Sensor | None = None
    notify: Notify | None = None
    freshness: Freshness = Freshness()
    autonomy: list[Agreed] = Field(default_factory=list)
    frameworks: list[Framework] = Field(default_factory=list)


def read_trust_file(path: Path, home: Path) -> Document[TrustFile]:
    """Read and check `trust.yml`, keeping its lines for checks across files.

    Raises ConfigurationError with every problem of a file that cannot be used.
    """
    document = read_document(path, TrustFile, home=home)
    document.check(
        [
            *_check_key(document),
            *_check_repeats(document),
            *_check_compared(document),
            *_check_subjects(document),
            *_check_window_days(document),
            *_check_labels(document),
            *check_term_dates(document, document.value.term_dates, document.value.academic_years),
            *check_feeds(document, document.value.feeds),
            *check_notify(document, document.value.notify),
            *check_register(document, document.value.autonomy, document.value.frameworks),
        ]
    )
    return document


def _check_key(document: Document[TrustFile]) -> Iterator[Problem]:
    trust = document.value
    if trust.demo and trust.key_id is not None:
        what = "a demo home uses the public demo key and names none."
        yield document.say_problem(
            ("key_id",), trust.key_id, what, "Take this line out, or set demo to false."
        )
    elif not trust.demo and trust.key_id is None:
        what = '"key_id" is missing.'
        remedy = "Write the id of this home's key; plumbline new-home makes a key and says its id."
        yield document.say_problem(("key_id",), "", what, remedy)
    elif not trust.demo and trust.key_id == DEMO_KEY_ID:
        what = "the demo key is public; it cannot guard the pupils of a trust."
        remedy = "Write the id of this home's own key; plumbline new-home makes one."
        yield document.say_problem(("key_id",), DEMO_KEY_ID, what, remedy)


def _check_repeats(document: Document[TrustFile]) -> Iterator[Problem]:
    trust = document.value
    lists: list[tuple[Place, list[str]]] = [
        (("academic_years",), list(trust.academic_years)),
        (("subjects",), list(trust.subjects)),
        (("assessments",), [each.assessment for each in trust.assessments]),
        (("windows",), [each.window for each in trust.windows]),
        (("custom_groups",), [each.group_set for each in trust.custom_groups]),
    ]
    for at, window in enumerate(trust.windows):
        lists.append((("windows", at, "phases"), list(window.phases)))
        lists.append((("windows", at, "year_groups"), list(window.year_groups)))
        lists.append((("windows", at, "subjects"), list(window.subjects)))
    for at, group_set in enumerate(trust.custom_groups):
        lists.append((("custom_groups", at, "groups"), [each.group for each in group_set.groups]))
    for place, words in lists:
        for at, word in enumerate(words):
            if word in words[:at]:
                first = document.find_line(*place, words.index(word))
                what = f'"{word}" stands here a second time; it is first on line {first}.'
                yield document.say_problem((*place, at), word, what, "Keep one of the two.")


def _check_compared(document: Document[TrustFile]) -> Iterator[Problem]:
    for at, each in enumerate(document.value.assessments):
        if each.compared_as is not None and each.result_type not in ("teacher_judgement", "prediction"):
            what = f'"{each.assessment}" gives results of its own kind, which are compared under its own name alone.'
            remedy = "Take compared_as out; it is for teachers' judgements and predictions."
            yield document.say_problem(("assessments", at, "compared_as"), each.compared_as, what, remedy)


def _check_subjects(document: Document[TrustFile]) -> Iterator[Problem]:
    known = document.value.subjects
    for at, window in enumerate(document.value.windows):
        for number, subject in enumerate(window.subjects):
            if subject not in known:
                what = f'"{subject}" is not one of this trust\'s subjects: {list_words(known)}.'
                nearest = find_nearest(subject, known)
                remedy = "" if nearest else "Add it under subjects, or take it out here."
                place = ("windows", at, "subjects", number)
                yield document.say_problem(place, subject, what, remedy, nearest)


def _check_window_days(document: Document[TrustFile]) -> Iterator[Problem]:
    for at, window in enumerate(document.value.windows):
        opens, closes = (place_day(day, "2000/01") for day in (window.opens, window.closes))
        if opens > closes:
            what = (
                f'the window "{window.window}" opens on {window.opens}, after it closes on {window.closes}.'
            )
            remedy = "An academic year runs from 09-01 to 08-31; days are written month-day."
            yield document.say_problem(("windows", at, "opens"), window.opens, what, remedy)


def warn_of_collections(document: Document[TrustFile]) -> Iterator[Problem]:
    """Yield a warning where a year group is to be assessed more often than is worth teachers' time."""
    windows: dict[tuple[Phase, str], list[int]] = {}
    for at, window in enumerate(document.value.windows):
        for phase in window.phases:
            for year_group in window.year_groups:
                windows.setdefault((phase, year_group), []).append(at)
    too_many = {key: places for key, places in windows.items() if len(places) > MOST_COLLECTIONS}
    for at in dict.fromkeys(places[MOST_COLLECTIONS] for places in too_many.values()):
        where = [f"{phase}, year group {group}" for (phase, group), places in too_many.items() if at in places]
        name = document.value.windows[at].window
        what = f'with "{name}" there are more than {MOST_COLLECTIONS} collections a year for {list_words(where)}.'
        remedy = "Three are what most trusts ask for; fewer are more often complete."
        yield document.say_problem(("windows", at, "window"), name, what, remedy)


def _check_labels(document: Document[TrustFile]) -> Iterator[Problem]:
    taken: dict[tuple[str, str, str], str] = {}
    for at, window in enumerate(document.value.windows):
        clashes: dict[tuple[str, str], tuple[Phase, str]] = {}
        for label in window.known_labels:
            for phase in window.phases:
                for year_group in window.year_groups:
                    other = taken.setdefault((phase, year_group, label), window.window)
                    if other != window.window:
                        clashes.setdefault((label, other), (phase, year_group))
        for (label, other), (phase, year_group) in clashes.items():
            shared = f"{phase}, year group {year_group}"
            what = f'the label "{label}" also belongs to the window "{other}" of {shared}.'
            remedy = "Give the two windows labels of their own, or one of them other year groups."
            yield document.say_problem(("windows", at, "labels"), label, what, remedy)
