"""Records: each kind of record Plumbline keeps, with its grain, key, columns and how sensitive they are.

The lake's doors, the quality suites, the empty files and the data dictionary are derived from these. What a source
*calls* a thing does not live here (that is a format file), nor what a code *means* (a dbt seed or a row of the home).
"""

from __future__ import annotations

from ingest.contract.columns import YEAR_GROUPS, Column, RecordKind

PUPILS = RecordKind(
    name="pupils",
    grain="one row per pupil, school and academic year (no year: characteristics that hold for every year)",
    key=("pupil_key", "urn", "academic_year"),
    columns=(
        Column("academic_year", "academic_year", "year of the enrolment, as 2024/25; empty: not said by the file"),
        Column("year_group", "year_group", "national curriculum year group", codes=YEAR_GROUPS),
        Column("sex", "code", "sex", codes=("F", "M", "U"), sensitivity="quasi"),
        Column("enrolment_status", "code", "census enrolment status", codes=("C", "M", "S", "G", "P", "O")),
        Column("start_date", "date", "first day on roll", sensitivity="quasi"),
        Column("end_date", "date", "last day on roll", sensitivity="quasi"),
        Column(
            "age_at_start",
            "integer",
            "age on 31 August before the academic year; worked out from the date of birth, never read",
            sensitivity="quasi",
            unit="years",
        ),
    ),
)

RESULTS = RecordKind(
    name="results",
    grain="one row per pupil, school, academic year, subject, assessment, window label or date, and result type",
    key=(
        "pupil_key",
        "urn",
        "academic_year",
        "subject",
        "assessment",
        "window_label",
        "assessed_on",
        "result_type",
    ),
    columns=(
        Column("academic_year", "academic_year", "academic year the result belongs to", required=True),
        Column("year_group", "year_group", "the pupil's year group at that time", codes=YEAR_GROUPS),
        Column("subject", "text", "subject, by the trust's name for it", required=True),
        Column("assessment", "text", "test, scheme or judgement the result comes from", required=True),
        Column(
            "result_type",
            "code",
            "what kind of result it is",
            required=True,
            codes=("teacher_judgement", "prediction", "test", "statutory"),
        ),
        Column("window_label", "text", "what the export calls the collection, such as Summer"),
        Column("assessed_on", "date", "date of the assessment, where the export gives one"),
        Column("value", "text", "the value exactly as the school recorded it", required=True, sensitivity="sensitive"),
        Column("mark", "decimal", "the value as a number, for tests", sensitivity="sensitive", minimum=0, unit="marks"),
        Column("status", "code", "how final a statutory result is", codes=("provisional", "revised", "final")),
    ),
)

GROUPS = RecordKind(
    name="groups",
    grain="one row per pupil, school, group set, group and academic year (no year: holds for every year)",
    key=("pupil_key", "urn", "group_set", "group_name", "academic_year"),
    columns=(
        Column("academic_year", "academic_year", "academic year of the membership; empty: every year"),
        Column(
            "group_type",
            "code",
            "what kind of group it is",
            required=True,
            codes=("class", "set", "intervention", "custom"),
        ),
        Column(
            "group_set", "text", "which division of the pupils this is, such as class or breakfast_club", required=True
        ),
        Column("group_name", "text", "the group within the set", required=True, sensitivity="quasi"),
        Column("start_date", "date", "first day in the group"),
        Column("end_date", "date", "last day in the group"),
    ),
)

ATTENDANCE = RecordKind(
    name="attendance",
    grain="one row per pupil, school, date and session: a mark of the register",
    key=("pupil_key", "urn", "session_date", "session"),
    columns=(
        Column("session_date", "date", "day of the session", required=True),
        Column("session", "code", "half of the school day", required=True, codes=("AM", "PM")),
        Column("mark_code", "text", "the mark as the register has it", required=True, sensitivity="sensitive"),
        Column("minutes_late", "integer", "minutes late", sensitivity="sensitive", minimum=0, unit="minutes"),
    ),
)

ATTENDANCE_TOTALS = RecordKind(
    name="attendance_totals",
    grain="one row per pupil, school, span of days and code: how many sessions of the span had that mark",
    key=("pupil_key", "urn", "from_date", "to_date", "mark_code"),
    columns=(
        Column("from_date", "date", "first day counted", required=True),
        Column("to_date", "date", "last day counted", required=True),
        Column("mark_code", "text", "the mark as the register has it", required=True, sensitivity="sensitive"),
        Column(
            "sessions",
            "integer",
            "sessions with that mark",
            required=True,
            sensitivity="sensitive",
            minimum=0,
            unit="sessions",
        ),
    ),
)

SUSPENSIONS = RecordKind(
    name="suspensions",
    grain="one row per pupil, school, first day and category: a suspension or a permanent exclusion",
    key=("pupil_key", "urn", "starts_on", "category"),
    columns=(
        Column("starts_on", "date", "first day", required=True, sensitivity="sensitive"),
        Column("ends_on", "date", "last day; empty where it is not known", sensitivity="sensitive"),
        Column(
            "category",
            "code",
            "what was decided",
            required=True,
            codes=("suspension", "permanent_exclusion"),
            sensitivity="sensitive",
        ),
        Column("sessions_lost", "integer", "sessions lost", sensitivity="sensitive", minimum=0, unit="sessions"),
        Column("recorded_reason", "text", "the reason as the school recorded it", sensitivity="sensitive"),
    ),
)

JUDGEMENTS = RecordKind(
    name="judgements",
    grain="one row per pupil, school, academic year, framework, subject, curriculum statement and day",
    key=("pupil_key", "urn", "academic_year", "framework", "subject", "statement", "judged_on"),
    columns=(
        Column("academic_year", "academic_year", "academic year of the judgement", required=True),
        Column("year_group", "year_group", "year group the statement is of", codes=YEAR_GROUPS),
        Column("subject", "text", "subject, by the trust's name for it", required=True),
        Column("framework", "text", "the markbook or set of statements", required=True),
        Column("statement", "text", "the statement as the markbook words or numbers it", required=True),
        Column("judged_on", "date", "day of the judgement, where the export gives one"),
        Column(
            "value", "text", "the judgement exactly as the school recorded it", required=True, sensitivity="sensitive"
        ),
    ),
)

MODERATION = RecordKind(
    name="moderation",
    grain="one row per pupil, school, academic year, subject, window label and level: work judged twice",
    key=("pupil_key", "urn", "academic_year", "subject", "window_label", "level"),
    columns=(
        Column("academic_year", "academic_year", "academic year of the judgement", required=True),
        Column("year_group", "year_group", "the pupil's year group at that time", codes=YEAR_GROUPS),
        Column("subject", "text", "subject, by the trust's name for it", required=True),
        Column("framework", "text", "the assessment whose codes both sides use", required=True),
        Column("window_label", "text", "what the school calls the collection, such as Summer"),
        Column("moderated_on", "date", "day of the moderation"),
        Column(
            "level",
            "code",
            "who moderated: the school itself, its cluster, or the whole group of schools",
            required=True,
            codes=("internal", "cluster", "group"),
        ),
        Column(
            "judged_value",
            "text",
            "the teacher's judgement exactly as the school recorded it",
            required=True,
            sensitivity="sensitive",
        ),
        Column(
            "moderated_value",
            "text",
            "the judgement exactly as the moderators recorded it",
            required=True,
            sensitivity="sensitive",
        ),
    ),
)

RECORD_KINDS: dict[str, RecordKind] = {
    kind.name: kind
    for kind in (PUPILS, RESULTS, GROUPS, ATTENDANCE, ATTENDANCE_TOTALS, SUSPENSIONS, JUDGEMENTS, MODERATION)
}
