"""What attendance codes and dates mean, written out from the national guidance and not from the seed.

What lives here: the class of a code on a day, and the attendance year of a day. What does not: where a record
belongs (`oracle_placing`, `oracle_attendance`), any SQL.
"""

from __future__ import annotations

from datetime import date

CHANGED = date(2024, 8, 19)
CLASSES = {
    "present": ["/", "\\", "L"],
    "approved": ["K", "V", "P", "W", "B", "J"],
    "authorised": ["C", "C1", "C2", "E", "I", "J1", "M", "R", "S", "T", "H", "F"],
    "unauthorised": ["G", "N", "O", "U"],
    "unable": ["Q", "Y1", "Y2", "Y3", "Y4", "Y5", "Y6", "Y7", "Y"],
    "admin": ["D", "X", "Z", "#"],
    "missing": ["-"],
}
BEGAN = dict.fromkeys(["K", "C1", "C2", "J1", "Q", "Y1", "Y2", "Y3", "Y4", "Y5", "Y6", "Y7"], CHANGED)
ENDED = {"J": date(2024, 8, 18), "H": date(2024, 8, 18), "Y": date(2024, 8, 18), "F": date(2013, 8, 31)}


def mark_of(cell: str | None) -> str:
    """Return a mark as the code list writes it; '-' where there is none."""
    return (cell or "").strip().upper() or "-"


def class_of(cell: str | None, day: date) -> str | None:
    """Return the class of a mark on a day; None where the code is unknown, or was not a code yet."""
    mark = mark_of(cell)
    if day < BEGAN.get(mark, date.min):
        return None
    return next((name for name, marks in CLASSES.items() if mark in marks), None)


def is_retired(cell: str | None, day: date) -> bool:
    """Say whether the code had been taken out of use by that day."""
    return day > ENDED.get(mark_of(cell), date.max)


def says_something(cell: str | None, day: date) -> bool:
    """Say whether a mark tells where the pupil was, rather than that nobody expected the pupil, or nothing."""
    return class_of(cell, day) not in (None, "admin", "missing")


def attendance_year(day: date) -> str:
    """Return the attendance year of a day, as 2024/25: August belongs to the year that follows."""
    first = day.year if day.month >= 8 else day.year - 1
    return f"{first}/{(first + 1) % 100:02}"
