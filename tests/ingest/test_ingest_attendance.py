"""Attendance: marks in three layouts and totals per code, with a week that cannot be read refused and never guessed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from landing_one import Landing
from small_trust import make_format, make_upn

from ingest.fixes import LISTED_OF_A_FIELD
from ingest.format_file import EachMark
from ingest.home import ConfigurationError
from ingest.landed import Landed
from ingest.mark_string import cut_marks, read_week
from ingest.pattern import Pattern

ROWS = """
format: mark_rows
title: Marks (one row a mark)
columns: {UPN: upn, Date: day, Session: session, Mark: mark, Minutes: minutes, Present: present}
optional: [Minutes, Present]
blanks: ["NULL"]
values:
  session: {Morning: AM, Afternoon: PM}
  mark: {PRESENT_AM: "/", "TRUE": "/", "FALSE": "N"}
records:
  - kind: attendance
    fields: {session_date: day, session: session, mark_code: mark, minutes_late: minutes}
replaces: {upsert: [pupil_key, session_date, session]}
"""

WEEKS = """
format: mark_weeks
title: Register (a week in a cell)
title_rows: ["Week beginning {week_begins}"]
columns: {UPN: upn, Starting: week_begins, Marks: marks}
optional: [Starting]
records:
  - kind: attendance
    each_mark: {cell: marks, first_day: week_begins}
    fields: {session_date: day, session: session, mark_code: mark}
replaces: {upsert: [pupil_key, session_date, session]}
"""

DAYS = """
format: mark_days
title: Attendance by day
columns: {UPN: upn}
records:
  - kind: attendance
    each_column: "{day} {session}"
    fields: {session_date: day, session: session, mark_code: cell}
replaces: {upsert: [pupil_key, session_date, session]}
"""

TOTALS = """
format: mark_totals
title: Totals (a column a code)
title_rows: ["Attendance {from_date} to {to_date}"]
columns: {UPN: upn}
leave_out: [Name]
ranges: {sessions: [0, 400]}
records:
  - kind: attendance_totals
    each_column: "{mark_code}"
    fields: {from_date: from_date, to_date: to_date, mark_code: mark_code, sessions: cell}
replaces: {period: [from_date, to_date]}
"""

TOTALS_LONG = """
format: mark_totals_long
title: Totals (a row a code)
columns: {UPN: upn, From: from_date, To: to_date, Code: mark_code, Sessions: sessions}
records:
  - kind: attendance_totals
    fields: {from_date: from_date, to_date: to_date, mark_code: mark_code, sessions: sessions}
replaces: {period: [from_date, to_date]}
"""

MONDAY = dt.date(2025, 9, 8)


def list_marks(landed: Landed, *also: str) -> list[tuple[object, ...]]:
    """Return day, session and mark of each record, in order, and the columns of `also`."""
    return list(landed.records["attendance"].rows(["session_date", "session", "mark_code", *also]))


# A row a mark -------------------------------------------------------------------------------------------------------


def test_a_row_a_mark(land: Landing) -> None:
    rows = (
        "UPN,Date,Session,Mark,Minutes",
        f"{make_upn(1)},08/09/2025,AM,/,",
        f"{make_upn(1)},08/09/2025,pm,\\,",
        f"{make_upn(1)},09/09/2025,Morning,PRESENT_AM,NULL",
        f"{make_upn(1)},09/09/2025,Afternoon,L,7",
        f"{make_upn(1)},10/09/2025,AM,-,",  # no mark recorded: a record all the same
        f"{make_upn(1)},10/09/2025,PM,,",  # a blank cell says nothing
        f"{make_upn(1)},11/09/2025,AM,TRUE,",
        f"{make_upn(1)},11/09/2025,PM,FALSE,",
    )
    landed = land(ROWS, "\n".join(rows))
    assert list_marks(landed, "minutes_late") == [
        (MONDAY, "AM", "/", None),
        (MONDAY, "PM", "\\", None),
        (MONDAY + dt.timedelta(1), "AM", "/", None),
        (MONDAY + dt.timedelta(1), "PM", "L", 7),
        (MONDAY + dt.timedelta(2), "AM", "-", None),
        (MONDAY + dt.timedelta(3), "AM", "/", None),
        (MONDAY + dt.timedelta(3), "PM", "N", None),
    ]
    assert landed.fixes == []
    assert (landed.rows_with_records, landed.rows_without_values) == (7, 1)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("09/31/2025,AM,/", "session date cannot be read"),
        ("08/09/2025,Noon,/", "session cannot be read"),
        (",AM,/", "session date cannot be read"),
    ],
)
def test_a_mark_whose_day_or_session_cannot_be_read_is_refused(land: Landing, row: str, reason: str) -> None:
    landed = land(ROWS, f"UPN,Date,Session,Mark\n{make_upn(1)},{row}\n")
    assert landed.records["attendance"]["reason"] == [reason]


def test_two_marks_of_one_session_contradict_and_the_same_again_is_a_duplicate(land: Landing) -> None:
    rows = [f"{make_upn(1)},08/09/2025,AM,{mark}\n" for mark in "/I"] + [f"{make_upn(2)},08/09/2025,AM,/\n"] * 2
    landed = land(ROWS, "UPN,Date,Session,Mark\n" + "".join(rows))
    assert landed.records["attendance"]["bucket"] == ["refused", "refused", "accepted", "duplicate"]


# A string of marks a week -------------------------------------------------------------------------------------------


def test_a_week_in_a_cell_gives_a_record_a_mark(land: Landing) -> None:
    text = f"UPN,Starting,Marks\n{make_upn(1)},08/09/2025,/\\ II L\\ C1Y1 -#\n{make_upn(2)},15/09/2025,\n"
    landed = land(WEEKS, text)
    marks = ["/", "\\", "I", "I", "L", "\\", "C1", "Y1", "-", "#"]
    assert list_marks(landed) == [
        (MONDAY + dt.timedelta(i // 2), ("AM", "PM")[i % 2], mark) for i, mark in enumerate(marks)
    ]
    records = landed.records["attendance"]
    assert records["record_id"] == [f"r1:2:{n}" for n in range(1, 11)]
    assert set(records["source_column"]) == {"Marks"}
    assert (landed.rows_with_records, landed.rows_without_values, landed.fixes) == (1, 1, [])


def test_the_first_day_may_stand_in_the_title_and_the_cell_under_another_name(land: Landing) -> None:
    form = WEEKS.replace("optional: [Starting]", "optional: [Starting]\nalso_called: {Marks: [Week 2 marks]}")
    landed = land(form, f"Week beginning 08/09/2025,\nUPN,Week 2 marks\n{make_upn(1)},{'/' * 10}\n")
    assert {day for day, _, _ in list_marks(landed)} == {MONDAY + dt.timedelta(n) for n in range(5)}
    assert set(landed.records["attendance"]["source_column"]) == {"Week 2 marks"}


@pytest.mark.parametrize(
    ("cell", "marks"),
    [
        ("/\\/\\/\\/\\/\\", 10), (" / \\ / \\\u00a0/\\/\\/\\ ", 10), ("C1C2Y7J1/\\/\\/\\", 10),
        ('"/,\\,/,\\,/,\\,/,\\,/,\\"', 10), ("/|\\|/|\\|/|\\|/|\\|/|\\|", 10), ('"/,\\,,\\,/,\\,/,\\,/,"', 8),
        ('",,,,,,,,,"', 0),
    ],
)  # fmt: skip
def test_marks_are_cut_by_sign_or_by_what_stands_between_them(land: Landing, cell: str, marks: int) -> None:
    landed = land(WEEKS, f"UPN,Starting,Marks\n{make_upn(1)},08/09/2025,{cell}\n")
    assert len(list_marks(landed)) == marks
    assert landed.fixes == []


@pytest.mark.parametrize(
    ("cell", "seen", "held"),
    [
        ("/\\/\\/\\/\\/", "9 marks", 9), ("/\\/\\/\\/\\/\\/", "11 marks", 10), ("I", "1 mark", 1),
        ("notes", "5 marks", 5),
        ('"/,\\,,\\"', "4 marks", 3), ("x" * 3000, "3000 marks", 10),
    ],
)  # fmt: skip
def test_another_number_of_marks_refuses_them_in_words(land: Landing, cell: str, seen: str, held: int) -> None:
    text = f"UPN,Starting,Marks\n{make_upn(1)},08/09/2025,{cell}\n{make_upn(2)},08/09/2025,{'/' * 10}\n"
    landed = land(WEEKS, text)
    (fix,) = landed.fixes
    assert (fix.code, fix.field, fix.seen, fix.file_row) == ("marks cannot be read", "Marks", seen, 2)
    assert fix.expected == "10 marks, two for each of 5 days"
    assert (fix.severity, fix.records_held) == ("fix", held)
    records = landed.records["attendance"]
    first = [row == 2 for row in records["file_row"]]
    told = list(records.rows(["session_date", "session", "reason"]))
    assert {said for said, mine in zip(told, first, strict=True) if mine} == {(None, None, "marks cannot be read")}
    assert sum(first) == held
    assert records["bucket"].count("accepted") == 10
    assert (landed.rows_with_records, landed.rows_without_values) == (2, 0)


@pytest.mark.parametrize(("day", "seen"), [("09/31/2025", "10 char"), ("", "an empty cell"), ("Fore1", "5 char")])
def test_a_first_day_that_cannot_be_read_refuses_the_week_once(land: Landing, day: str, seen: str) -> None:
    landed = land(WEEKS, f"UPN,Starting,Marks\n{make_upn(1)},{day},{'/' * 10}\n{make_upn(2)},{day},\n")
    (fix,) = landed.fixes
    assert (fix.code, fix.field, fix.records_held) == ("first day cannot be read", "Starting", 10)
    assert fix.seen.startswith(seen)  # never the cell itself: a row may have slid
    assert "day/month/year" in fix.expected
    assert landed.records["attendance"]["bucket"] == ["refused"] * 10
    assert (landed.rows_with_records, landed.rows_without_values) == (1, 1)


def test_without_any_first_day_the_title_is_named(land: Landing) -> None:
    (fix,) = land(WEEKS, f"UPN,Marks\n{make_upn(1)},{'/' * 10}\n").fixes
    assert (fix.field, fix.seen) == ("Starting", "an empty cell")


def test_a_week_of_nobody_on_roll_is_told_once_whatever_else_is_wrong(land: Landing) -> None:
    landed = land(WEEKS, f"UPN,Starting,Marks\nQ207000016049,08/09/2025,{'/' * 9}\n")
    assert [(fix.code, fix.records_held) for fix in landed.fixes][-1] == ("pupil not on roll", 9)
    assert "marks cannot be read" not in {fix.code for fix in landed.fixes}


def test_blank_signs_keep_their_place(land: Landing) -> None:
    landed = land(
        WEEKS.replace("optional:", 'blanks: ["-"]\noptional:'),
        f"UPN,Starting,Marks\n{make_upn(1)},08/09/2025,--I-------\n",
    )
    assert list_marks(landed) == [(MONDAY + dt.timedelta(1), "AM", "I")]
    assert landed.records["attendance"]["record_id"] == ["r1:2:3"]


def test_a_school_of_one_session_a_day_and_words_for_marks(land: Landing) -> None:
    form = WEEKS.replace("first_day: week_begins}", "first_day: week_begins, days: 2, sessions: [PM]}").replace(
        "records:", "values: {mark: {Ill: I}}\nrecords:"
    )
    landed = land(form, f'UPN,Starting,Marks\n{make_upn(1)},08/09/2025,"Ill,/"\n')
    assert list_marks(landed) == [(MONDAY, "PM", "I"), (MONDAY + dt.timedelta(1), "PM", "/")]


SIGN = st.sampled_from(["/", "\\", "I", "L", "N", "-", "#", "C1", "Y7", "é", "É2"])


@given(st.lists(SIGN, min_size=1, max_size=14), st.sampled_from(["", " ", ",", " | ", "\t"]))
def test_marks_joined_are_cut_again(marks: list[str], between: str) -> None:
    assert cut_marks(between.join(marks), len(marks)) == marks


CELL = st.one_of(
    st.lists(SIGN, min_size=10, max_size=10).map("".join),
    st.text("/\\ICY17é ,|-\u00a0", max_size=14),
    st.sampled_from(["", " ", ",,,"]),
)
FIRST = st.sampled_from(["08/09/2025", "15/09/2025", "", "31/31/2025", "2025-09-22"])


@settings(max_examples=100)
@given(
    st.lists(st.tuples(CELL, FIRST), max_size=6),
    st.integers(1, 7),
    st.sampled_from([("AM", "PM"), ("PM",), ("PM", "AM")]),
)
def test_any_cells_give_marks_or_trouble_and_no_mark_moves(
    cells: list[tuple[str, str]], days: int, sessions: tuple[str, ...]
) -> None:
    rule = EachMark.model_validate({"cell": "marks", "first_day": "day", "days": days, "sessions": sessions})
    texts, firsts, rows = [text for text, _ in cells], [first for _, first in cells], list(range(2, 2 + len(cells)))
    week = read_week(
        rule, texts, firsts, rows, order="day_month_year", is_blank=lambda text: not text.strip(), headers=("M", "W")
    )
    wanted = days * len(sessions)
    assert len(week.marks) == len(week.days) == len(week.sessions) == wanted
    for i, row in enumerate(rows):
        cut = cut_marks(texts[i], wanted)
        found = [(week.days[k][i], week.sessions[k][i], week.marks[k][i]) for k in range(wanted)]
        filled = [mark for _, _, mark in found if mark]
        assert filled == [mark for mark in cut[:wanted] if mark]
        if row in week.troubles:
            assert week.troubles[row].records_held == len(filled) > 0
            assert {(day, session) for day, session, _ in found} == {("", "")}
        elif filled:
            assert len(cut) == wanted
            assert [session for _, session, _ in found] == list(sessions) * days
            assert len({day for day, _, _ in found}) == days
            assert "" not in {day for day, _, _ in found}


# A column a date ----------------------------------------------------------------------------------------------------


def test_a_column_a_day_and_session_with_or_without_the_weekday(land: Landing) -> None:
    text = f"UPN,Mon 08/09/2025 AM,Mon 08/09/2025 PM,2025-09-09 am\n{make_upn(1)},/,,I\n{make_upn(2)},C1,#,-\n"
    landed = land(DAYS, text)
    assert list_marks(landed, "file_row", "source_column") == [
        (MONDAY, "AM", "/", 2, "Mon 08/09/2025 AM"),
        (MONDAY, "AM", "C1", 3, "Mon 08/09/2025 AM"),
        (MONDAY, "PM", "#", 3, "Mon 08/09/2025 PM"),
        (MONDAY + dt.timedelta(1), "AM", "I", 2, "2025-09-09 am"),
        (MONDAY + dt.timedelta(1), "AM", "-", 3, "2025-09-09 am"),
    ]
    assert landed.fixes == []


def test_two_lines_of_headings_are_a_day_above_its_sessions(land: Landing) -> None:
    form = DAYS.replace("columns:", "header_rows: 2\ncolumns:")
    landed = land(form, f"UPN,Mon 08/09/2025,,Tue 09/09/2025,\n,AM,PM,AM,PM\n{make_upn(1)},/,\\,I,I\n")
    assert [mark for _, _, mark in list_marks(landed)] == ["/", "\\", "I", "I"]


@pytest.mark.parametrize("day", ["31/09/2025", "Tue 08/09/2025"])
def test_a_heading_of_a_day_that_cannot_be_refuses_its_marks(land: Landing, day: str) -> None:
    landed = land(DAYS, f"UPN,{day} AM,Mon 15/09/2025 AM\n{make_upn(1)},/,/\n")
    assert landed.records["attendance"]["reason"] == ["session date cannot be read", None]
    assert [(fix.field, fix.seen) for fix in landed.fixes] == [(f"{day} AM", day)]


@pytest.mark.parametrize("cell", ["see Quillon", "Leo", make_upn(1), "C12"])
def test_a_mark_longer_than_two_signs_is_refused_and_not_shown(land: Landing, cell: str) -> None:
    days = land(DAYS, f"UPN,08/09/2025 AM,08/09/2025 PM\n{make_upn(1)},{cell},/\n{make_upn(2)},/,C1\n")
    weeks = land(WEEKS, f'UPN,Starting,Marks\n{make_upn(1)},08/09/2025,"{cell}{",/" * 9}"\n')
    assert days.records["attendance"]["bucket"].count("accepted") == (2 if cell == make_upn(1) else 3)
    assert weeks.records["attendance"]["bucket"].count("accepted") == (0 if cell == make_upn(1) else 9)
    for landed in (days, weeks):
        (fix,) = landed.fixes
        assert fix.code in ("mark cannot be read", "a number that identifies a pupil stands in another column")
        held = repr((fix.seen, landed.records["attendance"].columns))
        assert cell not in held


# Totals per code ----------------------------------------------------------------------------------------------------


def test_totals_with_a_column_a_code(land: Landing) -> None:
    text = (
        "Attendance 01/09/2025 to 19/12/2025\n"
        f"UPN,/,\\,#,C1,–,Name\n{make_upn(1)},60,58,4,0,,A\n{make_upn(2)},1,2,x,500,3,B\n"
    )
    landed = land(TOTALS, text)
    assert list(landed.records["attendance_totals"].rows(["mark_code", "sessions", "file_row", "reason"])) == [
        ("/", 60, 3, None), ("/", 1, 4, None), ("\\", 58, 3, None), ("\\", 2, 4, None), ("#", 4, 3, None),
        (None, None, 4, "sessions cannot be read"), ("C1", 0, 3, None), (None, None, 4, "sessions cannot be read"),
        ("-", 3, 4, None),
    ]  # fmt: skip
    assert set(landed.records["attendance_totals"]["to_date"]) == {dt.date(2025, 12, 19)}
    assert [fix.field for fix in landed.fixes] == ["#", "C1"]


def test_only_a_mark_is_a_code_of_a_heading() -> None:
    pattern = Pattern("{mark_code}")
    for mark in ("/", "\\", "#", "-", "I", "C1", "y7"):
        assert pattern.match(mark) == {"mark_code": mark}
    for heading in ("Name", "Possible", "C12", "AM", ""):
        assert pattern.match(heading) is None


def test_totals_with_a_row_a_code(land: Landing) -> None:
    text = (
        f"UPN,From,To,Code,Sessions\n{make_upn(1)},01/09/2025,19/12/2025,I,3\n{make_upn(1)},01/09/2025,19/12/2025,/,\n"
    )
    landed = land(TOTALS_LONG, text)
    assert list(landed.records["attendance_totals"].rows(["mark_code", "sessions"])) == [("I", 3)]
    assert landed.rows_without_values == 1


# The same register in three layouts ---------------------------------------------------------------------------------


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.integers(1, 9),
        st.lists(SIGN.filter(lambda s: s.isascii()), min_size=20, max_size=20),
        min_size=1,
        max_size=4,
    )
)
def test_the_same_marks_come_from_each_layout(land: Landing, marks: dict[int, list[str]]) -> None:
    days = [MONDAY + dt.timedelta(7 * week + day) for week in (0, 1) for day in range(5)]
    slots = [(day, session) for day in days for session in ("AM", "PM")]
    rows = [f'{make_upn(n)},{day:%d/%m/%Y},{session},"{mark}"' for n, mine in marks.items()
            for (day, session), mark in zip(slots, mine, strict=True)]  # fmt: skip
    weeks = [f'{make_upn(n)},{slots[at][0]:%d/%m/%Y},"{"".join(mine[at : at + 10])}"' for n, mine in marks.items()
             for at in (0, 10)]  # fmt: skip
    head = ",".join(["UPN", *(f"{day:%d/%m/%Y} {session}" for day, session in slots)])
    wide = [",".join([make_upn(n), *(f'"{mark}"' for mark in mine)]) for n, mine in marks.items()]
    said = [
        land(ROWS, "\n".join(["UPN,Date,Session,Mark", *rows])),
        land(WEEKS, "\n".join(["UPN,Starting,Marks", *weeks])),
        land(DAYS, "\n".join([head, *wide])),
    ]
    found = [
        sorted(landed.records["attendance"].rows(["pupil_key", "session_date", "session", "mark_code"]))
        for landed in said
    ]
    assert found[0] == found[1] == found[2]
    assert len(found[0]) == 20 * len(marks)
    assert all(landed.fixes == [] for landed in said)


# Formats ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "old", "new", "said"),
    [
        (WEEKS, "cell: marks", "cell: mark", "each_mark speaks of “mark”"),
        (WEEKS, "first_day: week_begins}", "first_day: week}", "each_mark speaks of “week”"),
        (WEEKS, "week_begins}\n    fields", "week_begins, days: 8}\n    fields", "days"),
        (WEEKS, "week_begins}\n    fields", "week_begins, sessions: [AM, AM]}\n    fields", "a session twice"),
        (WEEKS, "mark_code: mark}", "mark_code: marc}", "Did you mean “mark”"),
        (WEEKS, "records:", "values: {marc: {x: y}}\nrecords:", "values speaks of “marc”"),
        (ROWS, "mark_code: mark,", "mark_code: mark, mark: mark,", "not a column of attendance"),
        (TOTALS, "kind: attendance_totals", "kind: attendance_total", "Did you mean “attendance_totals”"),
    ],
)  # fmt: skip
def test_a_slip_in_a_format_of_attendance_is_named(tmp_path: Path, text: str, old: str, new: str, said: str) -> None:
    assert old in text
    with pytest.raises(ConfigurationError, match=said):
        make_format(text.replace(old, new), tmp_path)


def test_marks_words_have_values(tmp_path: Path) -> None:
    form = make_format(
        WEEKS.replace("records:", "values: {mark: {'0': '-'}, session: {AM: AM}, day: {x: x}}\nrecords:"), tmp_path
    )
    assert form.values["mark"] == {"0": "-"}


# A fix-list that can be read ----------------------------------------------------------------------------------------


def test_the_same_trouble_in_many_rows_is_listed_at_first_and_then_counted(land: Landing) -> None:
    rows = [f"{make_upn(1 + n % 9)},{MONDAY + dt.timedelta(n):%d/%m/%Y},noon,/" for n in range(400)]
    landed = land(ROWS, "\n".join(["UPN,Date,Session,Mark", *rows]))
    assert landed.records["attendance"]["bucket"] == ["refused"] * 400
    assert [fix.file_row for fix in landed.fixes] == list(range(2, 2 + LISTED_OF_A_FIELD + 1))
    last = landed.fixes[-1]
    assert last.seen == "the same in 350 more rows, from row 52 to row 401"
    assert last.remedy.endswith("This line stands for 350 more rows, from row 52 to row 401.")
    assert (last.field, last.records_held, last.severity) == ("Session", 350, "fix")
    assert sum(fix.records_held for fix in landed.fixes) == 400


def test_other_troubles_are_still_listed_beside_a_flood(land: Landing) -> None:
    rows = [f"{make_upn(1)},08/09/2025,{'/' * 9}"] * 80 + [f"{make_upn(2)},soon,{'/' * 10}", "Q207000016049,,/"]
    landed = land(WEEKS, "\n".join(["UPN,Starting,Marks", *rows]))
    codes = [fix.code for fix in landed.fixes]
    assert codes.count("marks cannot be read") == LISTED_OF_A_FIELD + 1
    assert {"first day cannot be read", "pupil not on roll"} <= set(codes)
    assert landed.fixes[-1].records_held == 30 * 9


def test_a_flood_over_many_columns_ends_too(land: Landing) -> None:
    days = [f"{MONDAY + dt.timedelta(n):%d/%m/%Y} noon" for n in range(120)]
    rows = [",".join([make_upn(n), *["/"] * len(days)]) for n in range(1, 10)]
    landed = land(DAYS, "\n".join([",".join(["UPN", *days]), *rows]))
    assert len(landed.fixes) < 520
    assert sum(fix.records_held for fix in landed.fixes) == 9 * 120
    assert "columns, from “" in landed.fixes[-1].field
