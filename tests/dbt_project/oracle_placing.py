"""Where every record belongs, worked out slowly in plain Python from the definitions.

What lives here: enrolments, the window of each result, its bucket and reason. What does not: any KPI (`oracle`),
any SQL. Nothing here was written from the models; both were written from the same words.

Rows are dicts with the columns of the contract (records, findings) and of lake/config.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.dbt_project.lake_files import Row, Tables
from tests.dbt_project.oracle_bands import Meant, Scales
from tests.dbt_project.oracle_codes import attendance_year, says_something


@dataclass
class Enrolment:
    """A pupil at a school in an academic year, and how that is known."""

    pupil: str
    urn: str
    year: str
    on_school_roll: bool
    year_group: str | None
    sex: str
    status: str | None
    start: date | None
    end: date | None
    age: int | None = None

    def touches(self, opens: date, closes: date) -> bool:
        """Say whether the pupil was at the school on a day from `opens` to `closes`."""
        return (self.start is None or self.start <= closes) and (self.end is None or self.end >= opens)


@dataclass
class Placed:
    """A result with its bucket, its reason, and the window it falls in, if any."""

    record: Row
    bucket: str
    reason: str | None
    year_group: str | None
    window: Row | None
    meant: Meant = Meant()
    compared_as: str = ""


def arrivals(tables: Tables) -> dict[tuple[str, str], int]:
    """Return receipt -> order of arrival at the school."""
    return {(r["urn"], r["receipt_id"]): r["arrival"] for r in tables["receipts"]}


def is_in_trust(school: Row, year: Row) -> bool:
    """Say whether the school was open in the trust on some day of the academic year."""
    joined_in_time = school["joined"] is None or school["joined"] <= year["ends"]
    still_there = school["left_on"] is None or school["left_on"] > year["starts"]
    return joined_in_time and still_there


def standing_pupils(tables: Tables) -> dict[tuple[str, str, str | None], Row]:
    """Return (pupil, urn, academic year or None) -> the pupil record that stands: the last."""
    order = arrivals(tables)
    rows = sorted(tables["pupils"], key=lambda r: (order[r["urn"], r["receipt_id"]], r["file_row"]))
    return {(row["pupil_key"], row["urn"], row["academic_year"]): row for row in rows}


def year_group_then(result: Row, records: dict[tuple[str, str, str | None], Row]) -> str | None:
    """Return the year group a result says, or the pupil's at that time where it says another year's."""
    said: str | None = result["year_group"]
    year: str = result["academic_year"]
    rolls: dict[str, str] = {
        str(y): row["year_group"]
        for (pupil, urn, y), row in records.items()
        if (pupil, urn) == (result["pupil_key"], result["urn"]) and y is not None and row.get("year_group")
    }
    if said is None or said not in [group for y, group in rolls.items() if y != year]:
        return said
    if year in rolls:
        return rolls[year]
    ladder = ["N1", "N2", "R", *(str(n) for n in range(1, 15))]
    places = {ladder.index(group) + int(year[:4]) - int(y[:4]) for y, group in rolls.items() if group in ladder}
    return ladder[places.pop()] if len(places) == 1 and min(places) >= 0 else said


def tell_where_pupils_were(tables: Tables) -> set[tuple[str, str, str]]:
    """Return (pupil, urn, year) of the attendance that says something: a pupil without a list was there too."""
    as_of = tables["run"][0]["as_of"]
    told = set()
    for row in tables.get("attendance", []):
        day = row["session_date"]
        if day <= as_of and says_something(row["mark_code"], day):
            told.add((row["pupil_key"], row["urn"], attendance_year(day)))
    for row in tables.get("attendance_totals", []):
        day = row["to_date"]
        if day <= as_of and row["sessions"] > 0 and says_something(row["mark_code"], day):
            told.add((row["pupil_key"], row["urn"], attendance_year(day)))
    return told


def find_enrolments(tables: Tables) -> dict[tuple[str, str, str], Enrolment]:
    """Return (pupil, urn, academic year) -> enrolment, for schools on the register and years of the trust."""
    records = standing_pupils(tables)
    stated: dict[tuple[str, str, str], set[str]] = {}
    for row in [*tables["results"], *tables["groups"]]:
        if row["academic_year"] is not None:
            key = (row["pupil_key"], row["urn"], row["academic_year"])
            stated.setdefault(key, set())
            if row.get("year_group"):
                stated[key].add(str(year_group_then(row, records)))
    for told in tell_where_pupils_were(tables):
        stated.setdefault(told, set())

    urns = {s["urn"] for s in tables["schools"]}
    years = {y["academic_year"] for y in tables["academic_years"]}
    found = {}
    dated_years = {(pupil, urn, year) for pupil, urn, year in records if year is not None}
    for pupil, urn, year in stated.keys() | dated_years:
        if urn not in urns or year not in years:
            continue
        dated = records.get((pupil, urn, year))
        undated = records.get((pupil, urn, None))
        source: Row = dated or undated or {}
        said = stated.get((pupil, urn, year), set())
        found[pupil, urn, year] = Enrolment(
            pupil, urn, year,
            on_school_roll=dated is not None,
            year_group=(dated or {}).get("year_group") or (next(iter(said)) if len(said) == 1 else None),
            sex=_find_sex(pupil, urn, dated, undated, records),
            status=source.get("enrolment_status"),
            start=source.get("start_date"),
            end=source.get("end_date"),
            age=(dated or {}).get("age_at_start"),
        )  # fmt: skip
    return found


def _find_sex(pupil: str, urn: str, dated: Row | None, undated: Row | None, records: dict[Any, Row]) -> str:
    for row in (dated, undated):
        if row and row["sex"] in ("F", "M"):
            return str(row["sex"])
    others = [(k[2], r["sex"]) for k, r in records.items() if k[:2] == (pupil, urn) and k[2] is not None]
    known = [(year, sex) for year, sex in others if sex in ("F", "M")]
    return str(max(known)[1]) if known else "U"


def counts_nowhere_here(enrolment: Enrolment | None, phase: str) -> bool:
    """Say whether the enrolment is a guest's, or a subsidiary one outside alternative provision."""
    status = enrolment.status if enrolment else None
    return status == "G" or (status == "S" and phase != "Alternative provision")


def find_window(result: Row, phase: str, year_group: str, tables: Tables) -> Row | None:
    """Return the window of a result: by its label, else the nearest to its date within tolerance; else None."""
    label = " ".join((result["window_label"] or "").lower().split())
    named = {w["window_name"] for w in tables["window_labels"] if w["label"] == label}
    day = result["assessed_on"]

    def days_away(window: Row) -> int:
        if day is None:
            return 10**6
        return int(max((window["opens"] - day).days, (day - window["closes"]).days, 0))

    possible = [
        w for w in tables["windows"]
        if (w["phase"], w["academic_year"], w["year_group"]) == (phase, result["academic_year"], year_group)
    ]  # fmt: skip
    chosen = [w for w in possible if w["window_name"] in named]
    if not chosen and day is not None:
        chosen = [w for w in possible if days_away(w) <= (w["tolerance_days"] or 0)]
    return min(chosen, key=lambda w: (days_away(w), w["sort_order"], w["opens"]), default=None)


def place_results(tables: Tables, enrolments: dict[tuple[str, str, str], Enrolment]) -> list[Placed]:
    """Return every result with its bucket and reason."""
    schools = {s["urn"]: s for s in tables["schools"]}
    years = {y["academic_year"]: y for y in tables["academic_years"]}
    subjects = {s["subject"] for s in tables["subjects"]}
    assessments = {a["assessment"]: a for a in tables["assessments"]}
    as_of = tables["run"][0]["as_of"]
    records, scales = standing_pupils(tables), Scales(tables)
    placed: list[Placed] = []
    for record in tables["results"]:
        school = schools.get(record["urn"])
        enrolment = enrolments.get((record["pupil_key"], record["urn"], record["academic_year"]))
        year_group = year_group_then(record, records) or (enrolment.year_group if enrolment else None)
        window = find_window(record, school["phase"], year_group, tables) if school and year_group else None
        meant = scales.find(record, year_group, window) if window and year_group else Meant()
        known = assessments.get(record["assessment"]) or {}
        outcome: tuple[str, str | None] = ("used", None)
        if school is None:
            outcome = ("out of scope", "school not on the register")
        elif record["academic_year"] not in years:
            outcome = ("out of scope", "academic year not reported by this trust")
        elif record["subject"] not in subjects:
            outcome = ("unmapped", "subject not known to this trust")
        elif record["assessment"] not in assessments:
            outcome = ("unmapped", "assessment not known to this trust")
        elif record["result_type"] != assessments[record["assessment"]]["result_type"]:
            outcome = ("unmapped", "result type is not the assessment's")
        elif year_group is None:
            outcome = ("unmapped", "year group unknown")
        elif counts_nowhere_here(enrolment, school["phase"]):
            outcome = ("out of scope", "subsidiary or guest registration")
        elif window is None:
            outcome = ("out of scope", "no window for this label or date")
        elif window["opens"] > as_of:
            outcome = ("out of scope", "window not open yet")
        elif meant.unmapped:
            outcome = ("unmapped", meant.unmapped)
        elif meant.band == "NA":
            outcome = ("out of scope", "the code says that the pupil was not assessed")
        compared_as = known.get("compared_as") or record["assessment"]
        placed.append(Placed(record, *outcome, year_group, window, meant, compared_as))
    _leave_one_standing(placed, tables, enrolments)
    return placed


def _leave_one_standing(
    placed: list[Placed], tables: Tables, enrolments: dict[tuple[str, str, str], Enrolment]
) -> None:
    order = arrivals(tables)
    schools = {s["urn"]: s for s in tables["schools"]}
    years = {y["academic_year"]: y for y in tables["academic_years"]}
    rivals: dict[tuple[str, ...], list[Placed]] = {}
    for one in placed:
        if one.bucket == "used" and one.window:
            r = one.record
            key = (r["pupil_key"], r["academic_year"], one.window["window_name"], r["subject"], one.compared_as)
            rivals.setdefault(key, []).append(one)

    def school_first(one: Placed) -> tuple[Any, ...]:
        r = one.record
        e = enrolments[r["pupil_key"], r["urn"], r["academic_year"]]
        assert one.window is not None
        return (
            not is_in_trust(schools[r["urn"]], years[r["academic_year"]]),
            not e.touches(one.window["opens"], one.window["closes"]),
            -(e.start or date.min).toordinal(),
            r["urn"],
        )

    def latest_last(one: Placed) -> tuple[Any, ...]:
        r = one.record
        return (r["assessed_on"] or date.min, order[r["urn"], r["receipt_id"]], r["file_row"])

    for group in rivals.values():
        urn = min(group, key=school_first).record["urn"]
        stands = max((one for one in group if one.record["urn"] == urn), key=latest_last)
        for one in group:
            if one.record["urn"] != urn:
                one.bucket, one.reason = "out of scope", f"counted at {urn}"
            elif one is not stands:
                one.bucket, one.reason = "out of scope", "a later result stands for this window"


def place_pupils(tables: Tables) -> list[tuple[Row, str, str | None]]:
    """Return every pupil record with bucket and reason. A record without a year is used at any school we know."""
    schools = {s["urn"] for s in tables["schools"]}
    years = {None, *(y["academic_year"] for y in tables["academic_years"])}
    placed: list[tuple[Row, str, str | None]] = []
    for record in tables["pupils"]:
        if record["urn"] not in schools:
            placed.append((record, "out of scope", "school not on the register"))
        elif record["academic_year"] not in years:
            placed.append((record, "out of scope", "academic year not reported by this trust"))
        else:
            placed.append((record, "used", None))
    return placed


def place_groups(
    tables: Tables, enrolments: dict[tuple[str, str, str], Enrolment]
) -> list[tuple[Row, str, str | None, tuple[str, str] | None]]:
    """Return every membership with bucket, reason, and the (topic, label) it is reported under, if any."""
    schools = {s["urn"] for s in tables["schools"]}
    years = {y["academic_year"] for y in tables["academic_years"]}
    enrolled = {(e.pupil, e.urn) for e in enrolments.values()}
    placed = []
    for record in tables["groups"]:
        of_set = [g for g in tables["custom_groups"] if g["group_set"] == record["group_set"]]
        named = [g for g in of_set if g["group_name"] == record["group_name"]]
        whole = [g for g in of_set if g["group_name"] is None]
        reported = None
        if named:
            reported = (named[0]["title"], named[0]["label"])
        elif whole:
            reported = (whole[0]["title"], record["group_name"])
        outcome: tuple[str, str | None] = ("used", None)
        if record["urn"] not in schools:
            outcome = ("out of scope", "school not on the register")
        elif record["academic_year"] is not None and record["academic_year"] not in years:
            outcome = ("out of scope", "academic year not reported by this trust")
        elif (record["pupil_key"], record["urn"]) not in enrolled:
            outcome = ("out of scope", "no enrolment of this pupil is known")
        elif record["group_type"] != "class" and not of_set:
            outcome = ("out of scope", "group set not reported by this trust")
        elif record["group_type"] != "class" and reported is None:
            outcome = ("out of scope", "group not reported by this trust")
        placed.append((record, *outcome, reported if outcome[0] == "used" else None))
    return placed
