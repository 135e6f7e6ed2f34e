"""Curriculum statements in the warehouse: every judgement placed, every measure and share the oracle's."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.dbt_project.lake_files import Row, read_lake
from tests.dbt_project.oracle_figures import by_pupil, wilson
from tests.dbt_project.oracle_statements import ASSESSED, SECURE, Statements
from tests.dbt_project.statements_trust import BEFORE, NOW, make_statements, make_statements_trust
from tests.dbt_project.statements_warehouse import build, rows_of

KEY = ("pupil_key", "urn", "academic_year", "period", "statement_owner", "assessment", "subject")
MEASURES = ("statements_due", "statements_assessed", "statements_secure", "counts_at_trust")
Ask = Any


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Statements, duckdb.DuckDBPyConnection]]:
    home = tmp_path_factory.mktemp("judged")
    with build(home, make_statements_trust()) as connection:
        yield Statements(read_lake(home / "lake")), connection


@pytest.fixture(scope="module")
def oracle(judged: tuple[Statements, duckdb.DuckDBPyConnection]) -> Statements:
    return judged[0]


@pytest.fixture(scope="module")
def ask(judged: tuple[Statements, duckdb.DuckDBPyConnection]) -> Ask:
    return lambda query: rows_of(judged[1], query)


@pytest.fixture(scope="module")
def wanted(oracle: Statements) -> dict[tuple[str, ...], Row]:
    return {tuple(cell): row for cell, row in oracle.expect_measures().items()}


def same(ours: float | None, theirs: float | None) -> bool:
    """Say whether two numbers are one, or both missing."""
    if ours is None or theirs is None:
        return ours is theirs
    return math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-9)


def test_each_judgement_is_placed_as_the_oracle_says(oracle: Statements, ask: Ask) -> None:
    placed = {(row["urn"], row["record_id"]): row for row in ask("from int_judgements_placed")}
    assert len(placed) == len(oracle.judgements)
    differing = [
        (one.record, one.reason, row["reason_code"])
        for one in oracle.judgements
        if (row := placed[one.record["urn"], one.record["record_id"]])["reason_code"] != one.reason
    ]
    assert differing == []
    buckets = {row["reason_code"]: row["bucket"] for row in placed.values()}
    unmapped = {"statement_unknown", "judgement_code_unmapped", "subject_unknown", "year_group_unknown"}
    assert {reason for reason, bucket in buckets.items() if bucket == "unmapped"} == unmapped
    assert {reason for reason, bucket in buckets.items() if bucket == "used"} == {None}
    assert {reason for reason, bucket in buckets.items() if bucket == "out of scope"} == {
        "school_not_on_register", "academic_year_not_reported", "judged_outside_year", "judged_after_run_date",
        "pupil_not_enrolled", "not_counted_here", "statement_of_another_year_group", "no_window",
        "judged_after_last_window", "window_not_open", "not_on_roll_in_window", "statement_not_due_in_window",
        "later_judgement_stands",
    }  # fmt: skip


def test_every_measure_equals_the_oracle(wanted: dict[tuple[str, ...], Row], ask: Ask) -> None:
    found = {tuple(row[part] for part in KEY): row for row in ask("from int_statements_measures")}
    assert found.keys() - wanted.keys() == set()
    assert wanted.keys() - found.keys() == set()
    differing = [
        (key, name, wanted[key][name], row[name])
        for key, row in found.items()
        for name in MEASURES
        if row[name] != wanted[key][name]
    ]
    assert differing == []
    shared = [key for key in found if key[0] == "shared"]
    assert sorted(found[key]["counts_at_trust"] for key in shared) == [False, True]


def test_every_share_and_interval_equals_the_oracle(wanted: dict[tuple[str, ...], Row], ask: Ask) -> None:
    parts = {
        "statements_secure": ("statements_secure", "statements_due"),
        "statements_assessed": ("statements_assessed", "statements_due"),
        "statements_secure_of_assessed": ("statements_secure", "statements_assessed"),
    }
    found = ask(
        "from kpi_values where geography in ('School', 'MAT') and breakdown = 'Total' and year_group <> 'Total' "
        f"and kpi in {tuple(parts)}"
    )
    assert Counter(row["kpi"] for row in found).keys() == parts.keys()
    expected: dict[tuple[Any, ...], list[tuple[Decimal, Decimal]]] = {}
    for (_, urn, year, window, owner, framework, subject), row in wanted.items():
        for kpi, (numerator, denominator) in parts.items():
            units = ["TR99999"] * row["counts_at_trust"] + [urn] * (owner == "trust")
            for unit in units:
                if row[denominator]:
                    key = (kpi, unit, year, window, row["year_group"], framework, subject)
                    expected.setdefault(key, []).append((Decimal(row[numerator]), Decimal(row[denominator])))
    columns = ("kpi", "unit_code", "academic_year", "period", "year_group", "assessment", "subject")
    assert {tuple(row[part] for part in columns) for row in found} == expected.keys()
    for row in found:
        pupils = expected[tuple(row[part] for part in columns)]
        low, high = by_pupil(pupils) or (None, None)
        share = float(sum(y for y, _ in pupils) / sum(x for _, x in pupils))
        assert row["pupil_count"] == len(pupils)
        assert same(row["value"], 100 * share)
        assert same(row["lower_95_ci"], low if low is None else 100 * low)
        assert same(row["upper_95_ci"], high if high is None else 100 * high)
        assert row["comparability_key"] == f"C|point_in_time|{row['assessment']}|{row['period']}|{row['academic_year']}"


def test_statements_are_published_as_the_oracle_says(
    oracle: Statements, wanted: dict[tuple[str, ...], Row], ask: Ask
) -> None:
    expected: dict[tuple[Any, ...], list[str | None]] = {}
    standing = {(tuple(cell), name): one for (cell, name), one in oracle.standing.items()}
    for cell, row in wanted.items():
        _, urn, year, window_name, owner, framework, subject = cell
        windows = [w for w in oracle.tables["windows"] if (w["academic_year"], w["window_name"]) == (year, window_name)]
        window = next(w for w in windows if w["year_group"] == row["year_group"])
        for name, statement in oracle.due(window).items():
            if name[:3] == (owner, framework, subject):
                one = standing.get((cell, name[3]))
                for unit in [urn] + ["TR99999"] * row["counts_at_trust"]:
                    key = (unit, year, window_name, owner, framework, subject, name[3], statement["version"])
                    expected.setdefault(key, []).append(one.band if one else None)
    columns = ("unit_code", "academic_year", "period", "owner", "framework", "subject", "statement", "version")
    rows = ask("from published_statements where audience = 'central' or (audience = 'pack' and owner <> 'trust')")
    found = {tuple(row[part] for part in columns): row for row in rows}
    assert {key for key, row in found.items() if row["symbol"] != "x"} == expected.keys()
    for key, bands in expected.items():
        row, secure = found[key], sum(band in SECURE for band in bands)
        assessed = sum(band in ASSESSED for band in bands)
        low, high = wilson(secure, len(bands))
        assert (key, row["pupils_due"], row["pupils_assessed"], row["pupils_secure"]) == (
            key, len(bands), assessed, secure
        )  # fmt: skip
        assert same(row["percent_secure"], 100 * secure / len(bands))
        assert same(row["percent_of_assessed"], 100 * secure / assessed if assessed else None)
        assert same(row["coverage_percent"], 100 * assessed / len(bands))
        assert same(row["lower_95_ci"], 100 * low)
        assert same(row["upper_95_ci"], 100 * high)


def test_small_numbers_are_hidden_from_the_site(ask: Ask) -> None:
    rows = ask("from published_statements where audience = 'site'")
    columns = ("unit_code", "academic_year", "period", "framework", "subject", "year_group", "statement")
    full = {
        tuple(row[part] for part in columns): row for row in ask("from published_statements where audience = 'central'")
    }
    symbols: Counter[tuple[str | None, str | None]] = Counter()
    for row in rows:
        whole = full[tuple(row[part] for part in columns)]
        due, assessed = whole["pupils_due"] or 0, whole["pupils_assessed"] or 0
        symbol = "x" if due == 0 else "c" if due < 6 else None
        assert row["symbol"] == symbol
        assert row["assessed_symbol"] == (symbol or ("x" if assessed == 0 else "c" if assessed < 6 else None))
        shown = {
            name for name in ("pupils_due", "pupils_secure", "percent_secure", "lower_95_ci") if row[name] is not None
        }
        assert bool(shown) == (symbol is None)
        assert (row["percent_of_assessed"] is not None) == (row["assessed_symbol"] is None)
        if row["assessed_symbol"] == "c":
            assert (row["pupils_assessed"], row["coverage_percent"]) == (None, None)
        symbols[row["symbol"], row["assessed_symbol"]] += 1
    assert symbols.keys() >= {(None, None), (None, "c"), (None, "x"), ("c", "c"), ("x", "x")}


def test_a_school_is_compared_where_the_trust_is_of_several_and_shown(ask: Ask) -> None:
    columns = ("academic_year", "period", "framework", "subject", "year_group", "statement", "version")
    rows = ask("from published_statements where owner = 'trust'")
    trusts = {tuple(row[part] for part in columns): row for row in rows
              if row["geography"] == "MAT" and row["audience"] == "site"}  # fmt: skip
    outcomes: Counter[tuple[bool, str | None]] = Counter()
    for row in rows:
        if row["geography"] == "School" and row["audience"] != "central":
            beside = trusts[tuple(row[part] for part in columns)]
            compared = row["symbol"] is None and beside["symbol"] is None and beside["schools_in"] > 1
            assert row["comparison_value"] == (beside["percent_secure"] if compared else None)
            if compared:
                low, high, value = row["lower_95_ci"], row["upper_95_ci"], beside["percent_secure"]
                words = "similar" if low <= value <= high else "above" if row["percent_secure"] > value else "below"
                assert row["comparison"] == words
            outcomes[compared, row["comparison"]] += 1
    assert outcomes.keys() >= {(True, "similar"), (False, None)}


def test_a_pack_holds_rows_of_schools_alone(ask: Ask) -> None:
    assert {row["geography"] for row in ask("from published_statements where audience = 'pack'")} == {"School"}


def test_a_schools_own_statements_reach_its_pack_and_nothing_else(ask: Ask) -> None:
    own = ask("from published_statements where owner <> 'trust'")
    assert {(row["audience"], row["owner"] == row["unit_code"]) for row in own} == {("pack", True)}
    assert {row["statement"] for row in own} == {"Own 1", "Own 2", "Own 3", "6E1"}
    assert ask("from kpi_parts where assessment = 'Ash Skills' or comparability_class = 'D'") == []
    # Beech judged its own 6E1, which is not the trust's of that name.
    english = ask("select statement_owner from int_statements_measures where urn = '100002' and subject = 'English'")
    assert {row["statement_owner"] for row in english} == {"100002"}
    assert ask("from int_statements_measures where statement_owner <> 'trust' and counts_at_trust") == []


def test_a_linked_statement_counts_as_the_trusts_while_that_one_holds(oracle: Statements, ask: Ask) -> None:
    linked = [(cell, name) for (cell, name), one in oracle.standing.items() if one.record["framework"] == "Ash Skills"]
    as_trusts = {(cell[3], name) for cell, name in linked if cell[4] == "trust"}
    assert as_trusts == {("autumn", "6M1"), ("spring", "6M1"), ("autumn", "6M4")}
    found = ask(
        "select distinct standing.window_name, standing.statement from int_judgements_standing as standing "
        "inner join int_judgements_banded as banded using (urn, record_id) "
        "where standing.owner = 'trust' and banded.framework = 'Ash Skills'"
    )
    assert {(row["window_name"], row["statement"]) for row in found} == as_trusts


def test_statements_without_exemplification_are_found(ask: Ask) -> None:
    missing = ask("from published_statements where is_exemplification_missing")
    assert {(row["owner"], row["statement"], row["version"]) for row in missing} == {
        ("trust", "6M5", "1"), ("trust", "6M5", "2")
    }  # fmt: skip
    assert {row["audience"] for row in missing} == {"site", "central", "pack"}


def test_statements_nobody_judged_stand_there_without_a_number(ask: Ask) -> None:
    rows = ask("from published_statements where framework = 'Oak Extras' and audience = 'central'")
    assert {(row["geography"], row["symbol"], row["percent_secure"], row["schools_in"]) for row in rows} == {
        ("MAT", "x", None, 0)
    }  # fmt: skip
    # This year's summer has not opened.
    assert {row["period"] for row in rows if row["academic_year"] == NOW} == {"autumn", "spring"}


def versions(rows: list[Row]) -> set[tuple[str, str, str]]:
    """Return (window, statement, version) of rows."""
    return {(row["period"], row["statement"], row["version"]) for row in rows}


def test_old_windows_keep_the_old_versions(ask: Ask) -> None:
    rows = ask(
        f"from published_statements where audience = 'central' and geography = 'School' and unit_code = '100001' "
        f"and owner = 'trust' and subject = 'Mathematics' and academic_year = '{NOW}'"
    )
    assert versions(rows) == {
        ("autumn", "6M1", "1"), ("autumn", "6M2", "1"), ("autumn", "6M4", "1"), ("autumn", "6M5", "1"),
        ("spring", "6M1", "1"), ("spring", "6M2", "2"), ("spring", "6M3", "1"), ("spring", "6M5", "2"),
    }  # fmt: skip


def test_an_amended_and_an_added_statement_change_no_old_window(ask: Ask, tmp_path: Path) -> None:
    statements = make_statements()
    amended = next(row for row in statements if (row["owner"], row["statement"]) == ("trust", "6M1"))
    statements += [
        {**amended, "version": "2", "text": "Amended", "valid_from": date(2025, 2, 1)},
        {**amended, "statement": "6M9", "text": "Added", "valid_from": date(2025, 2, 1)},
    ]
    (old,) = [row for row in statements if row is amended]
    old["valid_to"] = date(2025, 1, 31)
    query = (
        "from published_statements where unit_code = '100001' and owner = 'trust' and framework = 'Oak Curriculum' "
        "and subject = 'Mathematics' and period = '{}' order by all"
    )
    figures = "from kpi_values where academic_year = '{}' and period = '{}' order by all"
    with build(tmp_path, {**make_statements_trust(), "statements": statements}) as connection:
        assert rows_of(connection, query.format("autumn")) == ask(query.format("autumn"))
        for year, window in ((NOW, "autumn"), (BEFORE, "spring"), (BEFORE, "autumn")):
            assert rows_of(connection, figures.format(year, window)) == ask(figures.format(year, window))
        spring = versions(rows_of(connection, query.format("spring"))) - versions(ask(query.format("spring")))
        assert spring == {("spring", "6M1", "2"), ("spring", "6M9", "1")}
        # The pupils who were secure in the statement still are: it is the same one in a new version.
        one = query.format("spring").replace("order", "and statement = '6M1' and audience = 'pack' order")
        (after,), (before,) = rows_of(connection, one), ask(one)
        assert after["pupils_due"] == before["pupils_due"]
        assert after["pupils_secure"] > 0
        (total,) = rows_of(connection, figures.format(NOW, "spring").replace(
            "order", "and kpi = 'statements_secure' and unit_code = '100001' and subject = 'Mathematics' "
            "and year_group = '6' and breakdown = 'Total' order"
        ))  # fmt: skip
        due = rows_of(
            connection,
            "select statements_due from int_statements_measures where pupil_key = 'a4' and period = 'spring' "
            f"and academic_year = '{NOW}' and statement_owner = 'trust' and subject = 'Mathematics'",
        )
    assert due == [{"statements_due": 5}]
    assert total["pupil_count"] == before["pupils_due"]


def test_a_trust_without_statements_keeps_its_judgements_and_asks_nothing(tmp_path: Path) -> None:
    tables = make_statements_trust()
    elders = [row for row in tables["statements"] if row["owner"] == "100005"]
    with build(tmp_path, {**tables, "statements": elders}) as connection:
        query = "select distinct urn, reason_code from int_judgements_placed where urn in ('100002', '100005')"
        found = rows_of(connection, query)
    assert {(row["urn"], row["reason_code"]) for row in found} == {
        ("100002", "no_kpi_uses_it"), ("100005", "judgement_code_unmapped")
    }  # fmt: skip


def test_what_could_not_be_placed_is_told_without_what_a_person_may_have_typed(ask: Ask) -> None:
    told = ask("select distinct reason_code, seen from int_judgements_placed where seen is not null and urn = '100001'")
    by_reason: dict[str, set[str]] = {}
    for row in told:
        by_reason.setdefault(row["reason_code"], set()).add(row["seen"])
    assert by_reason["subject_unknown"] == {"Latin"}
    assert by_reason["judgement_code_unmapped"] >= {"X", "m", "P", "WTS", "a judgement of 29 signs"}
    assert "Makes soup" in by_reason["statement_unknown"]
    assert by_reason.keys() == {"subject_unknown", "judgement_code_unmapped", "statement_unknown"}
