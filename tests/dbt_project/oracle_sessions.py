"""The attendance measures, worked out slowly in plain Python: what int_attendance_measures must equal.

What lives here: sums of sessions by period, the year carried on from an earlier URN, persistent absence. What does
not: which marks count (`oracle_attendance`), any SQL.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from fractions import Fraction
from typing import Any

from tests.dbt_project.lake_files import Row
from tests.dbt_project.oracle_attendance import Attendance, Sessions
from tests.dbt_project.oracle_codes import attendance_year, class_of, says_something
from tests.dbt_project.oracle_placing import is_in_trust

Key = tuple[str, str, str, str, str]
"""pupil, urn, academic year, period kind, period."""

NURSERY, SIXTH_FORM = ("N1", "N2", "E1", "E2"), ("12", "13", "14")
HEADLINE = ("R", *(str(n) for n in range(1, 12)))


def periods_of(attendance: Attendance, one: Sessions) -> list[tuple[str, str]]:
    """Return the periods a mark or total counts in: a total in a half-term or term that holds both its ends."""
    urn = one.record["urn"]
    starts, ends = attendance.half_term(urn, one.first), attendance.half_term(urn, one.last)
    found = [("year_to_date", "year_to_date")]
    if one.kind == "attendance":
        found.append(("week", (one.first - timedelta(days=one.first.weekday())).isoformat()))
    found += [(kind, ends[kind]) for kind in ("half_term", "term") if starts[kind] == ends[kind] and ends[kind]]
    return found


def later_urns(attendance: Attendance, urn: str) -> set[str]:
    """Return the URNs the school had after `urn`, through any number of links."""
    found: set[str] = set()
    waiting = {urn}
    while waiting:
        waiting = {u for u, s in attendance.schools.items() if s["predecessor_urn"] in waiting} - found
        found |= waiting
    return found - {urn}


def find_heirs(attendance: Attendance) -> dict[tuple[str, str], set[str]]:
    """Return (earlier urn, year) -> the URNs that carry the year on: the last of the chain with attendance in it."""
    attended = {(one.record["urn"], attendance_year(one.last)) for one in attendance.used()}
    heirs: dict[tuple[str, str], set[str]] = {}
    for urn, year in attended:
        later = {u for u in later_urns(attendance, urn) if (u, year) in attended}
        last = {u for u in later if not any((v, year) in attended for v in later_urns(attendance, u))}
        if last:
            heirs[urn, year] = last
    return heirs


def carry(attendance: Attendance, heirs: dict[tuple[str, str], set[str]]) -> list[tuple[Sessions, str]]:
    """Return (mark or total of an earlier URN, the URN it is carried to)."""
    own: dict[tuple[str, str], list[Sessions]] = {}
    for one in attendance.used():
        own.setdefault((one.record["pupil_key"], one.record["urn"]), []).append(one)
    carried = []
    for one in attendance.used():
        pupil, urn, year = one.record["pupil_key"], one.record["urn"], attendance_year(one.last)
        if (urn, year) not in heirs:
            continue
        later = [
            other for u in later_urns(attendance, urn) for other in own.get((pupil, u), [])
            if other.kind == "attendance_totals" or says_something(other.code, other.first)
        ]  # fmt: skip
        if any(one.touches(other) for other in later):
            continue
        went_to = [
            u for u in heirs[urn, year]
            if any(attendance_year(other.last) == year for other in own.get((pupil, u), []))
        ]  # fmt: skip
        carried.append((one, min(went_to or heirs[urn, year])))
    return carried


def expect_measures(attendance: Attendance) -> dict[Key, Row]:
    """Return every row of the measures, by its key."""
    heirs = find_heirs(attendance)
    forebears = set(heirs)
    changed = forebears | {(urn, year) for (_, year), urns in heirs.items() for urn in urns}
    sums: dict[Key, Counter[str]] = {}
    came_from: dict[Key, set[str]] = {}

    def add(urn: str, one: Sessions, kind: str, period: str) -> None:
        key = (one.record["pupil_key"], urn, attendance_year(one.last), kind, period)
        name = class_of(one.code, one.last)
        assert name is not None
        sums.setdefault(key, Counter())[name] += one.number
        sums[key]["late"] += one.number * (one.code in ("L", "U"))
        came_from.setdefault(key, set()).add(one.record["urn"])

    for one in attendance.used():
        urn = one.record["urn"]
        for kind, period in periods_of(attendance, one):
            add(urn, one, kind, period)
        if (urn, attendance_year(one.last)) in changed:
            add(urn, one, "year_to_date_urn", "year_to_date_urn")
    for one, urn in carry(attendance, heirs):
        add(urn, one, "year_to_date", "year_to_date")
    return {
        key: {**describe(attendance, key, came_from[key], forebears), **measure(counts)} for key, counts in sums.items()
    }


def measure(counts: Counter[str]) -> Row:
    """Return the measures of a row; nothing is 0 where no session was possible."""
    attending = counts["present"] + counts["approved"]
    absent = counts["authorised"] + counts["unauthorised"]
    possible = attending + absent
    share = Fraction(absent, possible) if possible else None
    row: Row = {
        "sessions_possible": possible, "sessions_attending": attending, "sessions_present": counts["present"],
        "sessions_authorised_absence": counts["authorised"],
        "sessions_unauthorised_absence": counts["unauthorised"], "sessions_absent": absent,
        "sessions_late": counts["late"], "pupils_with_possible_sessions": 1,
        "pupils_absent_10_percent_or_more": int(share is not None and share >= Fraction(1, 10)),
        "pupils_absent_50_percent_or_more": int(share is not None and share >= Fraction(1, 2)),
    }  # fmt: skip
    if not possible:
        row = dict.fromkeys(row)
    return {**row, "sessions_not_recorded": counts["missing"]}


def describe(attendance: Attendance, key: Key, came_from: set[str], forebears: set[tuple[str, str]]) -> Row:
    """Return what a row says of the pupil and the period."""
    pupil, urn, year, kind, period = key
    known = [attendance.enrolments.get((pupil, u, year)) for u in _nearest_first(attendance, urn, came_from)]
    found: list[Any] = [e for e in known if e is not None]
    groups = [e.year_group for e in found if e.year_group]
    ages = [e.age for e in found if e.age is not None]
    year_group = groups[0] if groups else None
    years = {y["academic_year"]: y for y in attendance.tables["academic_years"]}
    in_trust = is_in_trust(attendance.schools[urn], years[year])
    numbered = int(year_group) + 4 if year_group and year_group.isdigit() else None
    age = ages[0] if ages else {"R": 4, "N1": 2, "N2": 3}.get(str(year_group), numbered)
    population = "unknown"
    for name, members in (("nursery", NURSERY), ("headline", HEADLINE), ("sixth_form", SIXTH_FORM)):
        if year_group in members:
            population = name
    if year_group == "X" and ages:
        population = "nursery" if ages[0] < 4 else "headline" if ages[0] <= 15 else "sixth_form"
    return {
        "year_group": year_group,
        "sex": next((e.sex for e in found if e.sex != "U"), "U"),
        "population": population,
        "is_compulsory_age": None if age is None else 5 <= age <= 15,
        "is_in_trust": in_trust,
        "counts_at_trust": in_trust
        and kind != "year_to_date_urn"
        and not (kind == "year_to_date" and (urn, year) in forebears),
        "comparability_key": f"A|statutory|z|{period}|{year}",
    }


def _nearest_first(attendance: Attendance, urn: str, came_from: set[str]) -> list[str]:
    chain = [urn]
    while (earlier := attendance.schools[chain[-1]]["predecessor_urn"]) and earlier not in chain:
        if earlier not in attendance.schools:
            break
        chain.append(earlier)
    # Only the nearest earlier URN the sessions came from speaks for the pupil besides the school itself.
    return [urn, *[u for u in chain[1:] if u in came_from][:1]]
