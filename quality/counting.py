"""The SQL of the profile, generated from the contract.

Here lives the text of the one query that turns a run's records and ledger into a row of counts per school.
Views `in <table>` hold the rows of a table's files with `school`, the name of the file they stand in.
Running the query is profile.py; what a count means for a school is rules.py.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from ingest.contract import RecordKind
from quality.checks import ROLL_KIND
from quality.kind_counting import Step, write_kind_steps
from quality.measures import literal, quote
from quality.rules import has_values

READ = ("accepted", "held")  # outcomes of a file that was read; a held one was, and waits
NOT_READ = ("refused", "duplicate", "skipped")
BUCKETS = ("accepted", "refused", "duplicate", "superseded")
NOT_A_SUBJECT = ("pupil_key", "urn", "statement")
NOT_ON_ROLL = "pupil not on roll"  # ingest's reason for a record that fits no pupil of the school


def write_sql(
    kinds: Mapping[str, RecordKind],
    faults: Mapping[str, str],
    columns: Collection[str],
    last: Collection[str],
    used: Collection[str],
) -> str:
    """Return the query.

    faults: condition of a record at fault by profile column, `<kind>__...`. columns: the profile columns
    wanted. last: the kinds of which last accepted records are known. used: the kinds of which there is any file
    or count; the others cost nothing, and nothing was received of them. Parameters: `$as_of`, and for a kind
    with values `$same_value_least` and `$same_value_percent_look`, and those the steps of kind_counting.py name:
    each is a field of Thresholds.
    """
    steps = [_FILES.format(read=_listed(READ), known=_listed(READ + NOT_READ), buckets=_listed(BUCKETS),
                           kinds=_listed(tuple(kinds)))]  # fmt: skip
    counted = {name: kind for name, kind in kinds.items() if name in used}
    for kind in counted.values():
        own = {name: sql for name, sql in faults.items() if name.startswith(f"{kind.name}__")}
        more = list(write_kind_steps(kind, roll=ROLL_KIND in kinds, with_last=kind.name in last))
        steps.append(",\n".join(_count_kind(kind, own, more, with_last=kind.name in last)))
    joins = "".join(f"\nLEFT JOIN {quote(f'sum {name}')} USING (school)" for name in ("files", *counted))
    now = " + ".join(f"coalesce({quote(f'{name}__rows')}, 0)" for name in counted) or "0"
    before = " + ".join(f"coalesce({quote(f'{name}__last_rows')}, 0)" for name in counted) or "0"
    spine = "(SELECT urn AS school FROM schools)"
    steps.append(f"wide AS (SELECT *, {now} AS now, {before} AS before FROM {spine}{joins})")
    steps.append(
        "profile AS (SELECT *, school AS urn, files__received IS NOT NULL AS files__any, "
        "coalesce(files__tried, 0) + now + before > 0 AS school__should_have_records, "
        "CASE WHEN school__should_have_records THEN now END AS school__records FROM wide)"
    )
    idle = {name for name in columns if (about := name.split("__")[0]) in kinds and about not in counted}
    said = {name: "false" if name.endswith("__received") else "NULL" for name in idle}
    chosen = "".join(f", CAST({said.get(name, quote(name))} AS DOUBLE) AS {quote(name)}" for name in columns)
    return "WITH " + ",\n".join(steps) + f"\nSELECT urn{chosen} FROM profile ORDER BY urn"


def _listed(values: Sequence[str]) -> str:
    return ", ".join(literal(value) for value in values)


# Receipts with what the ledger says of each, and the counts over a school's files.
_FILES = """
files AS (
    SELECT *, coalesce(outcome IN ({read}), false) AS was_read,
        count(*) OVER (PARTITION BY school, receipt_id) AS times,
        count(*) OVER (PARTITION BY school, arrival) AS same_arrival
    FROM "in receipts"
),
known_files AS (
    SELECT school, receipt_id, bool_or(was_read) AS was_read, max(arrival) AS arrival,
        any_value(format) AS format
    FROM files GROUP BY ALL
),
ledger AS (
    SELECT school, receipt_id, coalesce(sum(records), 0) AS records,
        coalesce(sum(records) FILTER (WHERE bucket = 'refused'), 0) AS refused
    FROM "in record_counts" GROUP BY ALL
),
per_file AS (
    SELECT f.*, coalesce(l.records, 0) AS records,
        coalesce(l.refused, 0) > 0 AND x.receipt_id IS NULL AS unexplained,
        coalesce(rows_total <> rows_layout + rows_with_records + rows_without_values, true) AS lost,
        abs(coalesce(rows_total, 0) - coalesce(rows_layout, 0) - coalesce(rows_with_records, 0)
            - coalesce(rows_without_values, 0)) AS lost_rows
    FROM files AS f
    LEFT JOIN ledger AS l USING (school, receipt_id)
    LEFT JOIN (SELECT DISTINCT school, receipt_id FROM "in fix_list") AS x USING (school, receipt_id)
),
file_counts AS (
    SELECT school, count(*) AS files__received,
        count(*) FILTER (WHERE outcome IS DISTINCT FROM 'skipped') AS files__tried,
        count(*) FILTER (WHERE outcome = 'refused') AS files__unusable,
        count(*) FILTER (WHERE was_read AND records = 0) AS files__without_records,
        count(*) FILTER (WHERE was_read AND lost) AS files__rows_lost,
        coalesce(sum(greatest(lost_rows, 1)) FILTER (WHERE was_read AND lost), 0) AS files__rows_lost_rows,
        count(*) FILTER (WHERE was_read AND (records < coalesce(rows_with_records, 0)
            OR (records > 0) <> (coalesce(rows_with_records, 0) > 0))) AS files__records_lost,
        count(*) FILTER (WHERE urn IS DISTINCT FROM school OR receipt_id IS NULL OR times > 1
            OR (outcome <> 'skipped' AND (arrival IS NULL OR same_arrival > 1))
            OR coalesce(outcome NOT IN ({known}), true)) AS files__malformed,
        count(*) FILTER (WHERE unexplained) AS files__unexplained
    FROM per_file GROUP BY school
),
faulty_counts AS (
    SELECT c.school, count(*) AS files__counts_malformed
    FROM "in record_counts" AS c LEFT JOIN known_files AS f USING (school, receipt_id)
    WHERE f.receipt_id IS NULL OR c.urn IS DISTINCT FROM c.school OR coalesce(c.records, -1) < 0
        OR (f.was_read AND coalesce(c.kind NOT IN ({kinds}), true))
        OR coalesce(c.bucket NOT IN ({buckets}), true)
    GROUP BY c.school
),
unclear_fixes AS (
    SELECT school, count(*) AS files__unclear_fixes FROM "in fix_list"
    WHERE coalesce(trim(code), '') = '' OR coalesce(trim(remedy), '') = '' GROUP BY school
),
"sum files" AS (
    SELECT school, coalesce(COLUMNS('files__.*'), 0)
    FROM (SELECT school FROM "in receipts" UNION SELECT school FROM "in record_counts"
          UNION SELECT school FROM "in fix_list")
    LEFT JOIN file_counts USING (school)
    LEFT JOIN faulty_counts USING (school) LEFT JOIN unclear_fixes USING (school)
)"""


def _count_kind(
    kind: RecordKind, faults: Mapping[str, str], more: Sequence[Step], with_last: bool
) -> Iterator[str]:
    """Yield the steps of one kind; the last is `sum <kind>`, one row for every school."""
    k, key = kind.name, ", ".join(quote(name) for name in kind.key)
    counted = "".join(f", count(*) FILTER (WHERE {sql}) AS {quote(name)}" for name, sql in faults.items())
    yield (
        f'"{k} records" AS (SELECT school, count(*) AS n, '
        f"count(*) FILTER (WHERE urn IS DISTINCT FROM school) AS other_school{counted} "
        f'FROM "in {k}" GROUP BY school)'
    )
    for name, columns in (("keys", key), ("ids", "record_id")):
        yield _count_again(k, name, columns)
    # A file none of whose records stands weighs nothing once a later one of its format is used: a corrected
    # file must be able to put things right.
    yield f"""
"{k} per file" AS (
    SELECT *, max(CASE WHEN accepted > 0 THEN arrival END) OVER (PARTITION BY school, format) AS last_used
    FROM (
        SELECT school, receipt_id, coalesce(sum(records) FILTER (WHERE bucket = 'accepted'), 0) AS accepted,
            coalesce(sum(records) FILTER (WHERE bucket = 'refused'), 0) AS refused,
            coalesce(sum(records) FILTER (
                WHERE bucket = 'refused' AND reason = {literal(NOT_ON_ROLL)}), 0) AS unmatched
        FROM "in record_counts" WHERE kind = {literal(k)} GROUP BY ALL
    ) LEFT JOIN known_files USING (school, receipt_id)
),
"{k} ledger" AS (
    SELECT school, coalesce(bool_or(was_read), false) AS received,
        coalesce(sum(refused) FILTER (WHERE stands), 0) AS refused,
        coalesce(sum(unmatched) FILTER (WHERE stands), 0) AS unmatched,
        nullif(coalesce(sum(accepted + refused) FILTER (WHERE stands), 0), 0) AS weighed
    FROM (SELECT *, was_read AND (accepted > 0 OR last_used IS NULL OR arrival > last_used) AS stands
          FROM "{k} per file")
    GROUP BY school
),
"{k} balance" AS (
    SELECT school, sum(abs(coalesce(present, 0) - coalesce(accepted, 0))) AS differ,
        sum(CASE WHEN coalesce(f.was_read, false) THEN 0 ELSE coalesce(present, 0) END) AS unknown_file
    FROM (SELECT school, coalesce(receipt_id, '') AS receipt_id, count(*) AS present
          FROM "in {k}" GROUP BY ALL)
    FULL JOIN (SELECT school, coalesce(receipt_id, '') AS receipt_id, sum(accepted) AS accepted
               FROM "{k} per file" GROUP BY ALL) USING (school, receipt_id)
    LEFT JOIN known_files AS f USING (school, receipt_id)
    GROUP BY school
)"""
    yield f'"{k} last" AS (SELECT school, count(*) AS n FROM "in {"last " if with_last else ""}{k}" ' \
          f"WHERE {'true' if with_last else 'false'} GROUP BY school)"  # fmt: skip
    joined = ["records", "keys", "ids", "ledger", "balance", "last"]
    received = "(coalesce(records.n, 0) > 0 OR coalesce(ledger.received, false))"
    sure = {  # counts: never empty where a file of the kind was received
        "rows": "records.n", **{name.removeprefix(f"{k}__"): f"records.{quote(name)}" for name in faults},
        "other_school": "records.other_school", "repeated_keys": "keys.again", "repeated_ids": "ids.again",
        "unaccounted": "balance.differ", "unknown_file": "balance.unknown_file", "refused": "ledger.refused",
        "unmatched": "ledger.unmatched",
    }  # fmt: skip
    optional = {
        "refused_percent": "100.0 * ledger.refused / ledger.weighed",
        "matched_percent": "100.0 * (ledger.weighed - ledger.unmatched) / ledger.weighed",
        "last_rows": "last.n",
        "dropped": "greatest(last.n - coalesce(records.n, 0), 0)",
        "drop_percent": "100.0 * greatest(last.n - coalesce(records.n, 0), 0) / last.n",
    }
    if has_values(kind):
        yield _count_same_values(kind)
        joined.append("same")
        optional |= {"same_value_percent": "same.percent", "same_value": "same.alike"}
    for step in more:
        yield step.sql
        if not (step.sure or step.optional):
            continue  # a step for the steps after it; it has more than a row a school
        joined.append(step.name)
        sure |= step.sure
        optional |= step.optional
    chosen = [
        f"CASE WHEN {received} THEN coalesce({sql}, 0) END AS {quote(f'{k}__{name}')}"
        for name, sql in sure.items()
    ]
    chosen += [f"{sql} AS {quote(f'{k}__{name}')}" for name, sql in optional.items()]
    joins = "".join(f'\n    LEFT JOIN "{k} {name}" AS {quote(name)} USING (school)' for name in joined)
    yield f"""
"sum {k}" AS (
    SELECT school, {received} AS {quote(f"{k}__received")},
        {", ".join(chosen)}
    FROM (SELECT urn AS school FROM schools) AS s{joins}
)"""


def _count_again(kind: str, name: str, columns: str) -> str:
    """Return the step that counts records whose `columns` stand before.

    Numbers are compared before texts, which takes a quarter of the time; only what is alike by its number is
    counted by its text.
    """
    number = f"hash(school, {columns})"
    return f"""
"{kind} {name}" AS (
    SELECT school, sum(n - 1) AS again FROM (
        SELECT school, count(*) AS n FROM "in {kind}"
        WHERE {number} IN (
            SELECT number FROM (SELECT {number} AS number FROM "in {kind}") GROUP BY number HAVING count(*) > 1
        )
        GROUP BY school, {columns}
    ) GROUP BY school
)"""


def _count_same_values(kind: RecordKind) -> str:
    """Return the step with the largest share of one value in a subject, assessment and window with enough
    results.

    The group is the kind's key without pupil and dates (a date may differ pupil by pupil) and without the
    single statement of a markbook (all may well be secure in one), within a year group.
    """
    names = [n for n in kind.key if n not in NOT_A_SUBJECT and kind.column(n).type != "date"]
    names += [
        column.name for column in kind.columns if column.type == "year_group" and column.name not in names
    ]
    group = ", ".join(quote(name) for name in names)
    return f"""
"{kind.name} same" AS (
    SELECT school, max(100.0 * most / n) AS percent,
        coalesce(sum(most) FILTER (WHERE 100.0 * most / n > $same_value_percent_look), 0) AS alike
    FROM (
        SELECT school, max(n) AS most, sum(n) AS n
        FROM (SELECT school, {group}, value, count(*) AS n
              FROM "in {kind.name}" WHERE value IS NOT NULL GROUP BY ALL)
        GROUP BY school, {group}
    )
    WHERE n >= $same_value_least GROUP BY school
)"""
