"""Term dates as people declare them in trust.yml, their checks, and the half-terms each school has in the end.

A school's own dates stand over its local authority's, those over the trust's, and those over the calendar's,
which live in `calendar_terms`. What was open on a day, and what attendance counts, does not live here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import Field

from ingest.home.calendar_terms import Span, find_calendar_terms
from ingest.home.problems import Problem, find_nearest, list_words
from ingest.home.register import School
from ingest.home.strict import Document
from ingest.home.words import AcademicYear, Day, LaCode, Strict, Urn, census_year

# Each half-term with its term and its title, in the order of a year.
HALF_TERMS = (
    ("AUT1", "autumn", "Autumn 1"),
    ("AUT2", "autumn", "Autumn 2"),
    ("SPR1", "spring", "Spring 1"),
    ("SPR2", "spring", "Spring 2"),
    ("SUM1", "summer", "Summer 1"),
    ("SUM2", "summer", "Summer 2"),
)


class HalfTerm(Strict):
    """First and last day of a half-term."""

    starts: Day
    ends: Day


class HalfTerms(Strict):
    """The six half-terms of a year; one that is missing would leave days without a half-term."""

    AUT1: HalfTerm
    AUT2: HalfTerm
    SPR1: HalfTerm
    SPR2: HalfTerm
    SUM1: HalfTerm
    SUM2: HalfTerm

    def list_spans(self) -> dict[str, Span]:
        """The days of each half-term, in the order of a year."""
        return {
            name: (span.starts, span.ends) for name, _, _ in HALF_TERMS for span in [getattr(self, name)]
        }


class TermDates(Strict):
    """The half-terms of one academic year: of some schools, of a local authority's, or of the whole trust."""

    academic_year: AcademicYear
    la_code: LaCode | None = None
    schools: list[Urn] | None = Field(default=None, min_length=1)
    half_terms: HalfTerms


def check_term_dates(
    document: Document[Any], entries: Sequence[TermDates], academic_years: Sequence[str]
) -> Iterator[Problem]:
    """Yield what is wrong within `term_dates`: years, days, their order, and who has dates twice."""
    for at, entry in enumerate(entries):
        place = ("term_dates", at)
        if entry.academic_year not in academic_years:
            what = f'"{entry.academic_year}" is not one of the academic years above.'
            nearest = find_nearest(entry.academic_year, academic_years)
            remedy = "" if nearest else "Add it under academic_years, or take these dates out."
            yield document.say_problem(
                (*place, "academic_year"), entry.academic_year, what, remedy, nearest
            )
        if entry.la_code and entry.schools:
            what = "these dates name a local authority as well as schools."
            remedy = "Keep one of the two; a school's own dates stand over its local authority's."
            yield document.say_problem((*place, "la_code"), entry.la_code, what, remedy)
        yield from _check_days(document, at, entry)
    yield from _check_scopes(document, entries)


def _check_days(document: Document[Any], at: int, entry: TermDates) -> Iterator[Problem]:
    opens, closes = census_year(entry.academic_year)
    before: tuple[str, dt.date] | None = None
    for name, (starts, ends) in entry.half_terms.list_spans().items():
        place = ("term_dates", at, "half_terms", name)
        outside = next((day for day in (starts, ends) if not opens <= day <= closes), None)
        if outside is not None:
            part = "starts" if outside == starts else "ends"
            what = f"{name} {part} on {outside}, which is not in {entry.academic_year}."
            remedy = f"Its school year runs from {opens} to {closes}."
            yield document.say_problem((*place, part), str(outside), what, remedy)
        elif ends < starts:
            what = f"{name} ends on {ends}, before it starts on {starts}."
            yield document.say_problem((*place, "ends"), str(ends), what, "Exchange or correct the two days.")
        elif before is not None and starts <= before[1]:
            what = f"{name} starts on {starts}, but {before[0]} ends on {before[1]}."
            remedy = "Half-terms follow one another and share no day."
            yield document.say_problem((*place, "starts"), str(starts), what, remedy)
        before = (name, ends)


def _check_scopes(document: Document[Any], entries: Sequence[TermDates]) -> Iterator[Problem]:
    first: dict[tuple[str, str], int | None] = {}
    for at, entry in enumerate(entries):
        scopes = entry.schools or ([f"local authority {entry.la_code}"] if entry.la_code else ["the whole trust"])
        for number, scope in enumerate(scopes):
            part = ("schools", number) if entry.schools else ("la_code",) if entry.la_code else ()
            key = (entry.academic_year, scope)
            if key in first:
                named = f"school {scope}" if entry.schools else scope
                what = (
                    f"{named} has dates for {entry.academic_year} already, from line {first[key]} on."
                )
                yield document.say_problem(("term_dates", at, *part), scope, what, "Keep one of the two.")
            first.setdefault(key, document.find_line("term_dates", at))


def check_whose_dates(
    document: Document[Any], entries: Sequence[TermDates], schools: Sequence[School]
) -> Iterator[Problem]:
    """Yield the schools and local authorities of `term_dates` that the register does not know."""
    urns = {school.urn for school in schools}
    authorities = {school.la for school in schools if school.la}
    for at, entry in enumerate(entries):
        for number, urn in enumerate(entry.schools or []):
            if urn not in urns:
                what = f"no school of the register has the URN {urn}."
                remedy = "Add the school to the register, or take it out here."
                place = ("term_dates", at, "schools", number)
                yield document.say_problem(place, urn, what, remedy, find_nearest(urn, urns))
        if entry.la_code and schools and entry.la_code not in authorities:
            what = f"no school of the register is in the local authority {entry.la_code}."
            remedy = (
                f"The register has {list_words(sorted(authorities))}."
                if authorities
                else "Fill in laestab or la_code in the register."
            )
            nearest = find_nearest(entry.la_code, authorities)
            yield document.say_problem(("term_dates", at, "la_code"), entry.la_code, what, remedy, nearest)


def list_half_terms(
    entries: Sequence[TermDates], academic_years: Sequence[str], schools: Sequence[School]
) -> Iterator[Mapping[str, object]]:
    """Yield one record per school, academic year and half-term (all six), with where its days come from."""
    declared: dict[tuple[str, str], TermDates] = {}
    for entry in entries:
        for scope in entry.schools or [entry.la_code or ""]:
            declared[entry.academic_year, scope] = entry
    for school in schools:
        for year in sorted(academic_years):
            basis, spans = _choose_spans(declared, year, school)
            for place, (name, term, title) in enumerate(HALF_TERMS, 1):
                starts, ends = spans[name]
                yield {
                    "urn": school.urn,
                    "academic_year": year,
                    "half_term": name,
                    "term": term,
                    "title": title,
                    "starts": starts,
                    "ends": ends,
                    "basis": basis,
                    "sort_order": place,
                }


def _choose_spans(
    declared: Mapping[tuple[str, str], TermDates], year: str, school: School
) -> tuple[str, dict[str, Span]]:
    """The half-terms that hold for a school in a year, and whose they are: the nearest to the school's own."""
    for basis, scope in (("school", school.urn), ("local authority", school.la), ("trust", "")):
        found = declared.get((year, scope)) if scope is not None else None
        if found is not None:
            return basis, found.half_terms.list_spans()
    return "calendar", find_calendar_terms(year)
