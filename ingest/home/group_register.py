"""The official register of groups and their schools: read once, and searched for one trust.

Here live the file's columns, the finding of a trust by its UID or Group ID, and which of its rows are open
schools. What is made of one school's row lives in `establishments`, the new home in `new_home`.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ingest.home.establishments import Establishment, clean_name, fold_column, read_date, read_establishment
from ingest.home.problems import ConfigurationError, Problem, find_nearest, quote_seen
from ingest.readers import Sheet, Unreadable, read_sheets

NEEDED = ("URN", "Group UID", "Group ID", "Group Name", "EstablishmentName")
_HEADER_LOOKED_FOR = 30
_NAMES_SHOWN = 3
_TRUST_ID = re.compile(r"TR[0-9]{5}")


@dataclass(frozen=True)
class RegisterTrust:
    """A trust as the register has it: open schools in URN order, and in sentences what was left out."""

    name: str
    group_id: str
    group_uid: str
    schools: list[Establishment]
    left_out: list[str]


@dataclass(frozen=True)
class GroupRegister:
    """The whole register: the file's name and the rows of each group by its UID, columns folded."""

    file: str
    columns: tuple[str, ...]
    groups: dict[str, list[tuple[str, ...]]]

    def list_trusts(self) -> Iterator[tuple[str, str, str]]:
        """Yield UID, Group ID and name of every group whose Group ID is a trust's."""
        for uid in self.groups:
            group_id, name = self._say_group(uid)
            if _TRUST_ID.fullmatch(group_id):
                yield uid, group_id, name

    def find_trust(self, words: str, today: dt.date) -> RegisterTrust:
        """Return the trust that has `words` as its Group UID or Group ID.

        Raises ConfigurationError, with the nearest there are, where there is none; also where the group is no
        trust or has no open school. `today` says which closing days have come.
        """
        sought = words.strip().upper()
        uid = sought if sought in self.groups else self._find_uid(sought)
        if uid is None:
            raise ConfigurationError([self._say_unknown(words.strip())])
        group_id, name = self._say_group(uid)
        rows = [dict(zip(self.columns, row, strict=True)) for row in self.groups[uid]]
        if not _TRUST_ID.fullmatch(group_id):
            kind = rows[0].get("grouptype") or "group"
            what = f'the group {uid}, "{quote_seen(name)}", is no academy trust but a {kind}.'
            remedy = "A trust has a Group ID of TR and five digits; give that, or its UID."
            raise ConfigurationError([Problem(self.file, None, "Group UID", uid, remedy=remedy, what=what)])
        schools, left_out = _sort_rows(rows, today)
        if not schools:
            what = f'the trust {uid}, "{quote_seen(name)}", has no open school in this file.'
            remedy = " ".join(left_out) or "Look the trust up in a newer register."
            raise ConfigurationError([Problem(self.file, None, "Group UID", uid, remedy=remedy, what=what)])
        return RegisterTrust(name, group_id, uid, schools, left_out)

    def _say_group(self, uid: str) -> tuple[str, str]:
        row = self.groups[uid][0]
        group_id, name = (row[self.columns.index(column)] for column in ("groupid", "groupname"))
        return group_id.upper(), clean_name(name) or f"Trust {group_id}"

    def _find_uid(self, group_id: str) -> str | None:
        return next((uid for uid, known, _ in self.list_trusts() if known == group_id), None)

    def _say_unknown(self, words: str) -> Problem:
        trusts = list(self.list_trusts())
        what = f'no trust in the register has the Group UID or Group ID "{quote_seen(words)}".'
        names = {name.casefold(): f'{uid} is "{name}" ({group_id})' for uid, group_id, name in trusts}
        alike = difflib.get_close_matches(words.casefold(), names, n=_NAMES_SHOWN, cutoff=0.6)
        alike += [name for name in names if len(words) > 3 and words.casefold() in name and name not in alike]
        ids = [part for uid, group_id, _ in trusts for part in (uid, group_id)]
        nearest = "" if alike else find_nearest(words, ids)
        if alike:
            remedy = f"By name: {'; '.join(names[name] for name in alike[:_NAMES_SHOWN])}."
        elif nearest:
            remedy = next(f'That is "{name}".' for uid, group_id, name in trusts if nearest in (uid, group_id))
        else:
            remedy = f"It has {len(trusts)} trusts; look the UID up in the column Group UID."
        return Problem(self.file, None, "Group UID", words, nearest=nearest, remedy=remedy, what=what)


def read_group_register(path: Path) -> GroupRegister:
    """Read a register of groups: delimited text in any usual encoding, or a workbook.

    Raises ConfigurationError where the file cannot be read or lacks a column that is needed. Columns may come in
    any order, and others beside them do no harm.
    """
    try:
        sheets = read_sheets(path)
    except Unreadable as error:
        problem = Problem(path.name, error.row, "this file", what=error.reason, remedy=error.remedy)
        raise ConfigurationError([problem]) from None
    except OSError:
        what, remedy = "the register cannot be opened.", "Check its name, and that you may read it."
        raise ConfigurationError([Problem(path.name, None, "this file", what=what, remedy=remedy)]) from None
    sheet, at = _find_header(sheets, path.name)
    folded = [fold_column(cell) for cell in sheet.rows[at]]
    # Of two columns with one name the first stands; a column without a name says nothing.
    places = {column: place for place, column in reversed([*enumerate(folded)]) if column}
    columns = tuple(places)
    width, uid_place = len(folded), columns.index("groupuid")
    groups: dict[str, list[tuple[str, ...]]] = {}
    for cells in sheet.rows[at + 1 :]:
        filled = [cell.strip() for cell in cells] + [""] * (width - len(cells))
        row = tuple(filled[place] for place in places.values())
        if row[uid_place]:
            groups.setdefault(row[uid_place], []).append(row)
    return GroupRegister(path.name, columns, groups)


def _find_header(sheets: list[Sheet], file: str) -> tuple[Sheet, int]:
    needed = {fold_column(column) for column in NEEDED}
    best: tuple[int, set[str]] = (0, needed)
    for sheet in sheets:
        for at, row in enumerate(sheet.rows[:_HEADER_LOOKED_FOR]):
            missing = needed - {fold_column(cell) for cell in row}
            if not missing:
                return sheet, at
            if len(missing) < len(best[1]):
                best = (at + 1, missing)
    number, missing = best
    names = [column for column in NEEDED if fold_column(column) in missing]
    what = f"the file lacks {'the column' if len(names) == 1 else 'the columns'} {', '.join(names)}."
    remedy = (
        "Take the file of all groups and their schools (group links) from Get Information about Schools, "
        "and leave its headings as they are."
    )
    raise ConfigurationError([Problem(file, number or None, "this file", what=what, remedy=remedy)])


def _sort_rows(rows: list[dict[str, str]], today: dt.date) -> tuple[list[Establishment], list[str]]:
    """The open schools of a group's rows in URN order, and a sentence for each row that is left out."""
    schools: dict[str, Establishment] = {}
    left_out: list[str] = []
    # A school that left and came back stands twice: the day it joined last is the one that counts.
    for row in sorted(rows, key=lambda row: read_date(row.get("joineddate", "")) or dt.date.min, reverse=True):
        urn, name = row["urn"], clean_name(row["establishmentname"])
        because = _say_closed(row, today)
        if not re.fullmatch(r"[1-9][0-9]{5}", urn):
            because = f'its URN "{quote_seen(urn)}" is not six digits'
        elif not because and urn in schools:
            because = "it stands in the register twice"
        if because:
            left_out.append(f"{urn} {name} is left out: {because}.")
        else:
            schools[urn] = read_establishment(row)
    return [schools[urn] for urn in sorted(schools)], sorted(left_out)


def _say_closed(row: Mapping[str, str], today: dt.date) -> str:
    """Why the row stands for no open school of the group today; '' where it does."""
    status = row.get("establishmentstatusname", "").casefold()
    if status and not status.startswith("open"):
        return f"the school is {status}"
    if row.get("groupstatus", "").casefold().startswith("closed"):
        return "the group is closed"
    for column, whose in (("closeddate", "group"), ("closedate", "school")):
        closed = read_date(row.get(column, ""))
        if closed is not None and closed <= today:
            return f"the {whose} closed on {closed}"
    return ""
