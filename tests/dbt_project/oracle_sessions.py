"""The attendance measures, worked out slowly in plain Python: what int_attendance_measures must equal.

What lives here: sums of sessions by period, periods carried on from an earlier URN, persistent absence. What does
not: which marks count (`oracle_attendance`), any SQL.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Set
from datetime import timedelta
from fractions import Fraction
from typing import Any

from tests.dbt_project.lake_files import Row
from tests.dbt_project.oracle_attendance import Attendance, Sessions
from tests.dbt_project.oracle_codes import attendance_year, class_of
from tests.dbt_project.oracle_placing import is_in_trust

Key = tuple[str, str, str, str, str]
"""pupil, urn, academic year, period kind, period."""

Part = tuple[str, str, str, str]
"""urn, academic year, period kind, period."""

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
    if urn in attendance.later_urns:
        return attendance.later_urns[urn]
    found: set[str] = set()
    waiting = {urn}
    while waiting:
        waiting = {u for u, s in attendance.schools.items() if s["predecessor_urn"] in waiting} - found
        found |= waiting
    attendance.later_urns[urn] = found - {urn}
    return attendance.later_urns[urn]


def find_heirs(attendance: Attendance) -> dict[tuple[str, str], set[str]]:
    """Return (earlier urn, year) -> the URNs that carry the year on: the last of the chain with attendance in it."""
    return {
        (urn, year): last for (urn, year, kind, _), last in find_successions(attendance).items()
        if kind == "year_to_date"
    }  # fmt: skip


def find_successions(attendance: Attendance) -> dict[Part, set[str]]:
    """Return (earlier urn, year, kind, period) -> the last URNs of the chain with attendance in that period."""
    attended = {
        (one.record["urn"], attendance_year(one.last), *period)
        for one in attendance.used()
        for period in periods_of(attendance, one)
    }
    heirs: dict[Part, set[str]] = {}
    for urn, *when in attended:
        later = {u for u in later_urns(attendance, urn) if (u, *when) in attended}
        last = {u for u in later if not any((v, *when) in attended for v in later_urns(attendance, u))}
        if last:
            heirs[urn, when[0], when[1], when[2]] = last
    return heirs


def leave_one_of_each(attendance: Attendance, records: list[Sessions]) -> list[Sessions]:
    """Return what counts of a pupil's marks and totals of one period under all URNs of the school: no day twice."""

    def is_later(one: Sessions, other: Sessions) -> bool:
        return other.record["urn"] in later_urns(attendance, one.record["urn"])

    def is_elsewhere(one: Sessions, other: Sessions) -> bool:
        return is_later(one, other) or is_later(other, one)

    marks = [one for one in records if one.session]
    marks = [
        one for one in marks
        if not any(
            other.said and (other.first, other.session) == (one.first, one.session) and is_later(one, other)
            for other in marks
        )
    ]  # fmt: skip
    totals = [one for one in records if not one.session]

    def weigh(one: Sessions) -> int:
        same = (one.record["urn"], one.first, one.last)
        return sum(t.said for t in totals if (t.record["urn"], t.first, t.last) == same)

    def gives_way(one: Sessions) -> bool:
        said = {(m.first, m.session) for m in marks if m.said and m.touches(one) and is_elsewhere(one, m)}
        return bool(said) and len(said) * 2 >= weigh(one)

    left = [one for one in totals if not gives_way(one)]
    standing = [
        one for one in left
        if not any(
            one.touches(other) and is_elsewhere(one, other)
            and (weigh(other), is_later(one, other)) > (weigh(one), False)
            for other in left
        )
    ]  # fmt: skip
    return standing + [
        m for m in marks if not any(weigh(t) and m.touches(t) and is_elsewhere(m, t) for t in standing)
    ]  # fmt: skip


def carry(attendance: Attendance) -> list[tuple[Sessions, str, tuple[str, str], int]]:
    """Return (mark or total, URN, period, sign): what an earlier URN's row gives the later's, and what falls of it."""
    heirs = find_successions(attendance)
    shared = heirs.keys() | {(h, *part[1:]) for part, urns in heirs.items() for h in urns}
    parts: dict[tuple[str, str, str, str], list[Sessions]] = {}
    years: dict[tuple[str, str], set[str]] = {}
    for one in attendance.used():
        pupil, urn, year = one.record["pupil_key"], one.record["urn"], attendance_year(one.last)
        years.setdefault((pupil, year), set()).add(urn)
        for kind, period in periods_of(attendance, one):
            if (urn, year, kind, period) in shared:
                parts.setdefault((pupil, year, kind, period), []).append(one)
    carried = []
    for (pupil, year, kind, period), records in parts.items():
        left = {id(one) for one in leave_one_of_each(attendance, records)}
        for one in records:
            to = heirs.get((one.record["urn"], year, kind, period))
            if to and id(one) in left:
                carried.append((one, min(to & years[pupil, year] or to), (kind, period), 1))
            elif not to and id(one) not in left:
                carried.append((one, one.record["urn"], (kind, period), -1))
    return carried


def expect_measures(attendance: Attendance) -> dict[Key, Row]:
    """Return every row of the measures, by its key."""
    heirs = find_heirs(attendance)
    forebears = find_successions(attendance).keys()
    changed = heirs.keys() | {(urn, year) for (_, year), urns in heirs.items() for urn in urns}
    sums: dict[Key, Counter[str]] = {}
    came_from: dict[Key, set[str]] = {}

    def add(urn: str, one: Sessions, kind: str, period: str, sign: int = 1) -> None:
        key = (one.record["pupil_key"], urn, attendance_year(one.last), kind, period)
        name = class_of(one.code, one.last)
        assert name is not None
        sums.setdefault(key, Counter())[name] += sign * one.number
        sums[key]["late"] += sign * one.number * (one.code in ("L", "U"))
        came_from.setdefault(key, set()).add(one.record["urn"])

    for one in attendance.used():
        urn = one.record["urn"]
        for kind, period in periods_of(attendance, one):
            add(urn, one, kind, period)
        if (urn, attendance_year(one.last)) in changed:
            add(urn, one, "year_to_date_urn", "year_to_date_urn")
    for one, urn, period_of, sign in carry(attendance):
        add(urn, one, *period_of, sign)
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


def describe(attendance: Attendance, key: Key, came_from: set[str], forebears: Set[Part]) -> Row:
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
        "counts_at_trust": in_trust and kind != "year_to_date_urn" and (urn, year, kind, period) not in forebears,
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
