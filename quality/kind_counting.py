"""The SQL of the figures only one kind of record has, a step and columns for each.

Here lives the text of those steps of the query in counting.py. Which limit a figure must keep is kind_rules.py's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ingest.contract import RecordKind
from quality.checks import ROLL_KIND
from quality.kind_rules import ATTENDANCE, TOTALS, says_year_group

# `-`: no mark recorded; `#`: the school is closed. The three below are what every register has for being there.
NO_MARK, CLOSED = "-", "#"
PRESENT = "mark_code IN ('/', '\\', 'L')"
IS_MARK = f"mark_code NOT IN ('{NO_MARK}', '{CLOSED}')"


@dataclass(frozen=True)
class Step:
    """A step of the query: its name, its text, and its profile columns.

    sure: columns that are counts, 0 where the step says nothing of a school; optional: columns that stay empty then.
    """

    name: str
    sql: str
    sure: dict[str, str]
    optional: dict[str, str]


def write_kind_steps(kind: RecordKind, roll: bool, with_last: bool) -> Iterator[Step]:
    """Yield the steps that only this kind has; `roll`: whether there is a roll to compare with."""
    k = kind.name
    if k == ROLL_KIND:
        if with_last:
            yield Step("shrunk", _SHRUNK, {}, {"drop_percent": "shrunk.percent", "dropped": "shrunk.fewer"})
        columns = {"misfit_percent": "misfit.percent", "misfits": "misfit.wrong"}
        yield Step("misfit", _MISFIT, {}, columns)
    if k == ATTENDANCE:
        yield Step("days", _DAYS, {}, {})
        yield Step("marks", _MARKS, {"weekend": "marks.weekend", "closed_day": "marks.closed_day"}, {
            "halves_percent": "100.0 * abs(am - pm) / nullif(greatest(am, pm), 0)", "halves": "abs(am - pm)",
            **_SHARES,
        })  # fmt: skip
    if k == TOTALS:
        yield Step("marks", _TOTALS, {"too_many": "marks.too_many"}, _SHARES)
    if says_year_group(kind) and roll:
        yield Step("later", _LATER.format(k=k), {"later_year_group": "later.n"}, {})


_SHARES = {
    "unrecorded_percent": "100.0 * marks.unrecorded / nullif(marks.unrecorded + marks.recorded, 0)",
    "unrecorded": "marks.unrecorded",
    "present_percent": "100.0 * marks.present / nullif(marks.recorded, 0)",
    "not_present": "marks.recorded - marks.present",
    "all_present": "CASE WHEN marks.recorded > $all_present_most AND marks.present = marks.recorded "
    "THEN marks.present WHEN marks.recorded > 0 THEN 0 END",
}

# Each year in both lists; and where the newest year is a new one, that with the newest before it. A year the new list
# says nothing of is not compared: a list may well hold one year only.
_SHRUNK = """
"pupils shrunk" AS (
    WITH before AS (
        SELECT school, academic_year, count(DISTINCT pupil_key) AS n FROM "in last pupils" GROUP BY ALL
    ),
    now AS (SELECT school, academic_year, count(DISTINCT pupil_key) AS n FROM "in pupils" GROUP BY ALL),
    newest AS (
        SELECT b.school, arg_max(b.n, b.academic_year) AS before, any_value(n.n) AS now
        FROM before AS b
        JOIN (SELECT school, max(academic_year) AS academic_year, arg_max(n, academic_year) AS n
              FROM now GROUP BY school) AS n ON n.school = b.school
        GROUP BY b.school HAVING max(b.academic_year) < any_value(n.academic_year)
    ),
    pairs AS (
        SELECT b.school, b.n AS before, n.n AS now FROM before AS b
        JOIN now AS n ON n.school = b.school AND n.academic_year IS NOT DISTINCT FROM b.academic_year
        UNION ALL SELECT school, before, now FROM newest
    )
    SELECT school, max(100.0 * greatest(before - now, 0) / before) AS percent,
        arg_max(greatest(before - now, 0), 100.0 * (before - now) / before) AS fewer
    FROM pairs WHERE before >= $list_least AND NOT list_contains($smaller_rolls_agreed, school) GROUP BY school
)"""

# Nursery years are left out: children may join them in the year they turn two, three or four.
_MISFIT = """
"pupils misfit" AS (
    SELECT school, max(100.0 * wrong / n) AS percent,
        coalesce(sum(wrong) FILTER (WHERE 100.0 * wrong / n > $misfit_percent_held), 0) AS wrong
    FROM (
        SELECT school, count(*) AS n, count(*) FILTER (WHERE age_at_start <> expected) AS wrong
        FROM (SELECT school, receipt_id, academic_year, age_at_start,
                CASE year_group WHEN 'R' THEN 4 ELSE try_cast(year_group AS INTEGER) + 4 END AS expected
              FROM "in pupils")
        WHERE age_at_start IS NOT NULL AND expected IS NOT NULL
        GROUP BY school, receipt_id, academic_year
    )
    WHERE n >= $list_least GROUP BY school
)"""

_DAYS = f"""
"attendance days" AS (
    SELECT school, session_date, isodow(session_date) > 5 AS weekend,
        count(*) FILTER (WHERE mark_code = '{NO_MARK}') AS unrecorded,
        count(*) FILTER (WHERE {IS_MARK}) AS recorded,
        count(*) FILTER (WHERE {IS_MARK} AND session = 'AM') AS am,
        count(*) FILTER (WHERE {IS_MARK} AND session = 'PM') AS pm,
        count(*) FILTER (WHERE {PRESENT}) AS present
    FROM "in attendance" GROUP BY ALL
)"""

_MARKS = """
"attendance marks" AS (
    SELECT school, sum(unrecorded) AS unrecorded, sum(recorded) AS recorded, sum(am) AS am, sum(pm) AS pm,
        sum(present) AS present, sum(recorded) FILTER (WHERE weekend) AS weekend,
        sum(recorded) FILTER (WHERE NOT weekend AND 100.0 * recorded < $closed_day_percent * usual) AS closed_day
    FROM "attendance days"
    LEFT JOIN (SELECT school, median(recorded) AS usual FROM "attendance days"
               WHERE recorded > 0 AND NOT weekend GROUP BY school) USING (school)
    GROUP BY school
)"""

_TOTALS = f"""
"attendance_totals marks" AS (
    SELECT school, sum(unrecorded) AS unrecorded, sum(recorded) AS recorded, sum(present) AS present,
        sum(n) FILTER (WHERE sessions > 2 * (to_date - from_date + 1)) AS too_many
    FROM (
        SELECT school, pupil_key, from_date, to_date, count(*) AS n, sum(sessions) AS sessions,
            coalesce(sum(sessions) FILTER (WHERE mark_code = '{NO_MARK}'), 0) AS unrecorded,
            coalesce(sum(sessions) FILTER (WHERE {IS_MARK}), 0) AS recorded,
            coalesce(sum(sessions) FILTER (WHERE {PRESENT}), 0) AS present
        FROM "in attendance_totals" GROUP BY ALL
    )
    GROUP BY school
)"""

_LATER = """
"{k} later" AS (
    SELECT r.school, count(*) AS n FROM "in {k}" AS r
    JOIN "in pupils" AS p USING (school, pupil_key, academic_year)
    WHERE CASE r.year_group WHEN 'R' THEN 0 ELSE try_cast(r.year_group AS INTEGER) END
        > CASE p.year_group WHEN 'N1' THEN -2 WHEN 'N2' THEN -1 WHEN 'R' THEN 0
            ELSE try_cast(p.year_group AS INTEGER) END
    GROUP BY r.school
)"""
