"""The checks: one per record kind and rule, and a few on a school's files, derived from the contract.

Here live their names, titles, severities, words and which measures each gathers. A new kind or column in
the contract is checked without a change here; what only one kind can be asked is in kind_rules.py. How a
measure is counted is in measures.py and profile.py, how it is judged in judge.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from ingest.contract import RECORD_KINDS, RecordKind
from quality.checks import FILE_TABLES, ROLL_KIND, Check, make_kind_check
from quality.kind_rules import derive_kind_checks
from quality.measures import Measure, measure_dates, measure_missing, measure_values
from quality.results import CheckSpec, Severity

TELL_TEAM = "Nothing for the school to do: tell the trust's data team that "


def list_checks(kinds: Mapping[str, RecordKind] = RECORD_KINDS) -> list[CheckSpec]:
    """Return every check there is, in a fixed order; neither data nor Great Expectations is needed."""
    return [check.spec for check in derive_checks(kinds)]


def derive_checks(kinds: Mapping[str, RecordKind] = RECORD_KINDS) -> list[Check]:
    """Return the checks of a school's files, then of each kind. A rule nothing falls under is left out."""
    checks = [*_file_checks(kinds)]
    for kind in kinds.values():
        checks.extend(_kind_checks(kind))
        checks.extend(derive_kind_checks(kind, roll=ROLL_KIND in kinds))
    return [check for check in checks if check.measures]


def _file_checks(kinds: Mapping[str, RecordKind]) -> Iterator[Check]:
    def check(
        name: str,
        severity: Severity,
        title: str,
        expected: str,
        remedy: str,
        *measures: Measure,
        applies: str = "",
    ) -> Check:
        return Check(
            CheckSpec(f"files_{name}", "files", f"Files: {title}", severity, remedy), measures, expected,
            among="files__received", noun="files", applies=applies or "files__any",
            reads=frozenset({*FILE_TABLES, *(kinds if name == "give_records" else ())}),
        )  # fmt: skip

    yield check(
        "give_records", "critical", "together they give records",
        "at least 1 record from all files of the school",
        "Look at the receipts: each says why its file gave nothing. Export again and drop the file in the "
        "school's folder.",
        Measure("school__records", "{n} records in all", limit="at_least", bound=lambda _: 1),
        applies="school__should_have_records",
    )  # fmt: skip
    yield check(
        "could_be_read", "warning", "each could be read",
        "no file that could not be used",
        "The receipt of the file says what was seen and what to send instead.",
        Measure("files__unusable", "files that could not be used: {n}"),
    )  # fmt: skip
    yield check(
        "each_give_records", "warning", "none is empty",
        "no file without a record",
        "The file was read but holds no pupil's row with a value. Check the filters and export again.",
        Measure("files__without_records", "files without a record: {n}"),
    )  # fmt: skip
    yield check(
        "rows_accounted", "critical", "every row is accounted for",
        "in each file: rows = layout rows + rows with records + rows without values; no row lost",
        TELL_TEAM + "rows of a file were lost while it was read.",
        Measure("files__rows_lost", "files whose rows do not add up: {n}", affected="files__rows_lost_rows"),
        Measure("files__records_lost", "files with too few or too many records for their rows: {n}"),
    )  # fmt: skip
    yield check(
        "well_listed", "critical", "the list of files is sound",
        "each file listed once with a known outcome; each count with a known file, kind and bucket",
        TELL_TEAM + "the list of files received is damaged.",
        Measure("files__malformed", "files listed twice, for another school or without a known outcome: {n}"),
        Measure("files__counts_malformed", "counts of no known file, kind or bucket: {n}"),
    )  # fmt: skip
    yield check(
        "explained", "warning", "whatever was set aside is explained",
        "a line on the fix-list for each file with records set aside, each with what to do",
        TELL_TEAM + "a line of the fix-list is missing or unclear.",
        Measure("files__unexplained", "files with records set aside and no line on the fix-list: {n}"),
        Measure("files__unclear_fixes", "lines of the fix-list without reason or remedy: {n}"),
    )  # fmt: skip


def _kind_checks(kind: RecordKind) -> Iterator[Check]:
    k = kind.name
    check = partial(make_kind_check, kind)

    yield check(
        "rows_present", "critical", "there are records",
        "at least 1 record, since a file of this kind was received",
        "The file may hold only headings, or no row could be used. See the fix-list, and send it again.",
        Measure(f"{k}__rows", "{n} records", limit="at_least", bound=lambda _: 1),
    )  # fmt: skip
    yield check(
        "keys_unique", "critical", "no record stands twice",
        "no two records with the same " + ", ".join(kind.key),
        TELL_TEAM + "the same thing was read twice.",
        Measure(f"{k}__repeated_keys", "{n} more than once by their key"),
        Measure(f"{k}__repeated_ids", "{n} more than once by record_id"),
    )  # fmt: skip
    yield check(
        "required_present", "critical", "nothing needed is missing",
        "no record without a column that is needed",
        "Fill in the columns named, or choose an export that has them, and send the file again.",
        *measure_missing(kind),
    )  # fmt: skip
    yield check(
        "values_known", "critical", "codes, years and numbers are within bounds",
        "only codes, year groups, academic years and numbers the contract knows",
        "Look at the columns named in the school's system, or ask the trust's data team.",
        *measure_values(kind),
    )  # fmt: skip
    yield check(
        "dates_in_order", "warning", "dates make sense",
        "no date after {as_of:%d/%m/%Y}, and no end before its start",
        "Look at the dates in the school's system: day and month may have changed places.",
        *measure_dates(kind),
    )  # fmt: skip
    yield check(
        "records_accounted", "critical", "every record is accounted for",
        "as many records as the ledger says, each from a file of this school",
        TELL_TEAM + "records and ledger do not agree.",
        Measure(f"{k}__unaccounted", "records more or fewer than the ledger says: {n}"),
        Measure(f"{k}__unknown_file", "records from no file received and read: {n}"),
        Measure(f"{k}__other_school", "records of another school: {n}"),
    )  # fmt: skip
    yield check(
        "mostly_used", "critical", "most records could be used",
        "at most {refused_percent_held:g} % set aside",
        "The fix-list says row by row what to put right. Correct it in the school's system and export again.",
        Measure(
            f"{k}__refused_percent", "{n} % set aside ({a} records)", bound=lambda t: t.refused_percent_held,
            affected=f"{k}__refused", optional=True,
        ),
    )  # fmt: skip
    if k != ROLL_KIND:
        yield check(
            "mostly_on_roll", "critical", "most records belong to a pupil on the roll",
            "at least {matched_percent_least:g} % belong to a pupil on the school's roll",
            "It may be another school's file, or the pupil list an old one. Send a current pupil list first.",
            Measure(
                f"{k}__matched_percent", "{n} % belong to a pupil on the roll ({a} records do not)",
                limit="at_least", bound=lambda t: t.matched_percent_least, affected=f"{k}__unmatched",
                optional=True,
            ),
        )  # fmt: skip
    if k != ROLL_KIND:
        yield check(
            "rows_kept", "warning", "about as many records as last time",
            "at most {drop_percent_look:g} % fewer records than last accepted",
            "Check that the export holds all classes and year groups. If pupils did leave, nothing need be done.",
            Measure(
                f"{k}__drop_percent", "{n} % fewer than last time ({a} records)",
                bound=lambda t: t.drop_percent_look, affected=f"{k}__dropped", optional=True,
            ),
            also_reads=(f"last {k}",),
        )  # fmt: skip
    if has_values(kind):
        yield check(
            "values_vary", "warning", "pupils differ",
            "at most {same_value_percent_look:g} % with one and the same value, where a subject and window "
            "have {same_value_least} results or more",
            "Check that a column was not filled down with one value. If it is right, nothing need be done.",
            Measure(
                f"{k}__same_value_percent", "up to {n} % with one and the same value ({a} records)",
                bound=lambda t: t.same_value_percent_look, affected=f"{k}__same_value", optional=True,
            ),
        )  # fmt: skip


def has_values(kind: RecordKind) -> bool:
    """Return True for a kind whose records say a value of a pupil in a subject."""
    return {"subject", "value"} <= {column.name for column in kind.columns}
