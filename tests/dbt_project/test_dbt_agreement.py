"""Agreement in the warehouse: every pair and figure the oracle's, published vectors met, nothing small shown."""

from __future__ import annotations

import math
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import duckdb
import pytest

from tests.dbt_project.agreement_lake import TABLE_OF_100, make_agreement_trust
from tests.dbt_project.lake_files import Row, read_lake, write_lake
from tests.dbt_project.oracle_agreement import REASONS, Agreement, difference_of_pairs, kappas, mcnemar
from tests.dbt_project.warehouse_run import Warehouse, failures

TEST_KEY = (
    "geography", "unit_code", "subject", "year_group", "academic_year", "window_name", "judgement", "test"
)  # fmt: skip
MODERATION_KEY = ("level", "geography", "unit_code", "subject", "academic_year", "window_name")
# What published_agreement calls by one name for both kinds.
RENAMED = {
    "exact_percent": "agreement_percent",
    "exact_lower_95_ci": "agreement_lower_95_ci",
    "exact_upper_95_ci": "agreement_upper_95_ci",
}
TRUST = "TR99999"


@dataclass
class Agreed:
    """The trust's warehouse to ask, and what the oracle makes of its lake."""

    oracle: Agreement
    connection: duckdb.DuckDBPyConnection

    def rows(self, query: str) -> list[Row]:
        """Return the rows of a query as dicts."""
        answer = self.connection.execute(query)
        names = [column[0] for column in answer.description or []]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]

    def one(self, table: str, **where: Any) -> Row:
        """Return the one row of a table with these values."""
        (row,) = (row for row in self.rows(f"from {table}") if all(row[name] == value for name, value in where.items()))
        return row


@pytest.fixture(scope="module")
def agreed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agreed]:
    home = tmp_path_factory.mktemp("agreed")
    write_lake(home / "lake", make_agreement_trust())
    result = Warehouse(home / "lake", home).dbt(
        "build", "--exclude-resource-type", "unit_test", "--indirect-selection", "cautious",
        "--select", "+published_agreement", "+published_ledger", "+published_fix_list",
    )  # fmt: skip
    assert result.success, result.exception or "\n".join(failures(result))
    # dbt, in this process, still holds the warehouse it made.
    shutil.copytree(home / "lake", home / "copy")
    with duckdb.connect(str(home / "copy" / "warehouse.duckdb"), read_only=True) as connection:
        yield Agreed(Agreement(read_lake(home / "lake")), connection)


def same(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, float) and isinstance(theirs, float):
        return math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-9)
    return bool(ours == theirs)


def compare(rows: list[Row], keys: tuple[str, ...], expected: dict[tuple[Any, ...], Row]) -> None:
    """Hold rows against what is expected: the same keys, and every expected column."""
    found = {tuple(row[key] for key in keys): row for row in rows}
    assert len(found) == len(rows)
    assert found.keys() - expected.keys() == set()
    assert expected.keys() - found.keys() == set()
    differing = [
        (key, name, wanted, found[key][name])
        for key, figure in expected.items()
        for name, wanted in figure.items()
        if not same(wanted, found[key][name])
    ]
    assert differing == []


def test_every_figure_against_a_test_is_the_oracles(agreed: Agreed) -> None:
    expected = agreed.oracle.expect_test()
    compare(agreed.rows("from kpi_agreement_test"), TEST_KEY, expected)
    readings = Counter(figure["reading"] for figure in expected.values())
    assert readings.keys() == {"judged higher than the test", "about the same", "judged lower than the test"}


def test_every_figure_of_moderation_is_the_oracles(agreed: Agreed) -> None:
    expected = agreed.oracle.expect_moderation()
    compare(agreed.rows("from kpi_agreement_moderation"), MODERATION_KEY, expected)
    assert {(key[0], key[1]) for key in expected} == {
        (level, geography) for level in ("internal", "cluster", "group") for geography in ("School", "Cluster", "MAT")
    }


def test_each_piece_of_moderated_work_is_placed_as_the_oracle_says(agreed: Agreed) -> None:
    placed = {(r["urn"], r["record_id"]): r for r in agreed.rows("from int_moderation_placed")}
    for one in agreed.oracle.moderation:
        row = placed.pop((one["urn"], one["record_id"]))
        bucket, reason = REASONS[one["reason"]] if one["reason"] else ("used", None)
        ours = one["record_id"], bucket, reason, one["related"]
        assert (row["record_id"], row["bucket"], row["reason"], row["related_receipt_id"]) == ours
        if one["reason"] is None:
            assert (row["judged_band"], row["moderated_band"]) == one["bands"], one["record_id"]
            assert row["window_name"] == one["window_name"]
        counts = one["reason"] is None and agreed.oracle.is_in_trust(one["urn"], one["academic_year"])
        assert row["counts_at_trust"] is counts
    assert placed == {}
    assert {one["reason"] for one in agreed.oracle.moderation} == {None, *REASONS}


def test_the_ledger_and_the_fix_list_have_moderation(agreed: Agreed) -> None:
    ledger: Counter[tuple[str, str | None]] = Counter()
    for row in agreed.rows("from published_ledger where kind = 'moderation'"):
        ledger[row["bucket"], row["reason"]] += row["records"]
    assert ledger == Counter(
        REASONS[one["reason"]] if one["reason"] else ("used", None) for one in agreed.oracle.moderation
    )
    unmapped = "('no_scale', 'code_not_in_scale', 'code_of_several_scales')"
    told = agreed.rows(f"from published_fix_list where code in {unmapped}")
    assert {(row["code"], row["seen"], row["records_held"]) for row in told if row["urn"] == "100001"} >= {
        ("no_scale", "nobody's", 1),
        ("code_not_in_scale", "judgement: nobody knows", 1),
        ("code_not_in_scale", "judgement: points", 1),
        ("code_not_in_scale", "judgement: only in alpha", 1),
        ("code_of_several_scales", "markbook: w", 1),
    }


# The worked example of Altman and others, Statistics with Confidence (2000), table 6.2: 0.122 (0.011 to 0.226); and
# of Fagerland and others, Recommended tests and confidence intervals for paired binomial proportions (2014), airway
# hyper-responsiveness: -0.286 (-0.507 to -0.026). By hand: 2 (1/32) = 0.0625 and 2 (1 + 8) / 256 = 0.0703125.
PAIRED = [
    ("100001", "Mathematics", (14, 5, 0, 22), (12.2, 1.1, 22.6), 0.0625),
    ("100002", "English", (1, 1, 7, 12), (-28.6, -50.7, -2.6), 0.0703125),
]


@pytest.mark.parametrize(("urn", "subject", "counts", "net", "p"), PAIRED, ids=["altman", "fagerland"])
def test_paired_shares_meet_published_vectors(
    agreed: Agreed, urn: str, subject: str, counts: tuple[int, ...], net: tuple[float, ...], p: float
) -> None:
    row = agreed.one("kpi_agreement_test", unit_code=urn, subject=subject, year_group="6", window_name="autumn")
    assert tuple(row[name] for name in ("both_at_expected", "judgement_only", "test_only", "neither")) == counts
    ends = (row["net_difference"], row["net_lower_95_ci"], row["net_upper_95_ci"])
    assert tuple(round(end, 1) for end in ends) == net
    assert math.isclose(row["mcnemar_p"], p, abs_tol=1e-12)
    # The oracle stands on the same vectors, not only beside the warehouse.
    assert tuple(round(100 * end, 1) for end in difference_of_pairs(*counts)) == net
    assert mcnemar(counts[1], counts[2]) == p


def test_kappas_meet_the_table_of_100(agreed: Agreed) -> None:
    row = agreed.one("kpi_agreement_moderation", unit_code="100001", subject="Mathematics", window_name="autumn")
    found = (row["kappa"], row["linear_weighted_kappa"], row["quadratic_weighted_kappa"])
    assert (row["pairs"], row["exact_percent"], row["adjacent_percent"]) == (100, 75.0, 100.0)
    assert (row["judged_higher"], row["judged_lower"]) == (12, 13)
    assert tuple(round(kappa, 6) for kappa in found) == (0.623437, 0.725757, 0.82872)
    assert tuple(round(kappa or 0, 6) for kappa in kappas(TABLE_OF_100)) == (0.623437, 0.725757, 0.82872)


def test_all_in_one_cell_has_no_kappa(agreed: Agreed) -> None:
    row = agreed.one("kpi_agreement_moderation", unit_code="100004")
    assert (row["pairs"], row["exact_percent"]) == (6, 100.0)
    assert row["kappa"] is row["linear_weighted_kappa"] is row["quadratic_weighted_kappa"] is None


def test_a_school_whose_judgements_run_ahead_is_seen_and_its_neighbour_is_not(agreed: Agreed) -> None:
    ahead, beside, trust = (
        agreed.one("kpi_agreement_test", geography=geography, unit_code=unit, academic_year="2024/25",
                   subject="Mathematics", year_group="7", window_name="spring")
        for geography, unit in (("School", "100003"), ("School", "100004"), ("MAT", TRUST))
    )  # fmt: skip
    assert (ahead["reading"], beside["reading"]) == ("judged higher than the test", "judged lower than the test")
    # Two schemes compared under one name are one figure of the trust.
    assert trust["pairs"] == ahead["pairs"] + beside["pairs"] == 95
    # A year before the school came into the trust, it has its own figure and the trust has none.
    before = agreed.rows("from kpi_agreement_test where academic_year = '2023/24' and year_group = 'Total'")
    assert [(row["geography"], row["unit_code"]) for row in before] == [("School", "100004")]


@pytest.mark.parametrize("audience", ["site", "central"])
def test_what_is_published_is_the_oracles_and_too_few_have_no_number(agreed: Agreed, audience: str) -> None:
    (least,) = (row["min_n"] for row in agreed.oracle.tables["audiences"] if row["audience"] == audience)
    figures = {("test", "z", *key): figure for key, figure in agreed.oracle.expect_test().items()}
    for (level, geography, unit, subject, year, window), figure in agreed.oracle.expect_moderation().items():
        key = ("moderation", level, geography, unit, subject, "Total", year, window, "z", "z")
        figures[key] = {RENAMED.get(name, name): value for name, value in figure.items()}
    names = {name for figure in figures.values() for name in figure}
    rows = agreed.rows(
        f"select *, replace(year_group, 'Year ', '') as said from published_agreement where audience = '{audience}'"
    )
    by_key = ("kind", "level", *("said" if name == "year_group" else name for name in TEST_KEY))
    expected = {
        key: {"symbol": None, **dict.fromkeys(names), **figure}
        if figure["pairs"] >= least
        else {"symbol": "c", **dict.fromkeys(names), "agreement_words": f"Hidden: fewer than {least} pupils."}
        for key, figure in figures.items()
    }
    compare(rows, by_key, expected)
    hidden = sum(1 for figure in expected.values() if figure["symbol"])
    assert hidden > 5 if audience == "site" else hidden == 0


def test_a_figure_is_said_in_one_plain_sentence(agreed: Agreed) -> None:
    where = {"audience": "site", "unit_code": "100001", "subject": "Mathematics", "window_name": "autumn"}
    row = agreed.one("published_agreement", kind="test", year_group="Year 6", **where)
    assert row["agreement_words"] == (
        "Judged higher than the test: 46.3% at expected or above by judgement, 34.1% by the test, of the same "
        "41 pupils; a difference this size is more than chance usually gives. The two agree on 36 (87.8%)."
    )
    row = agreed.one("published_agreement", kind="moderation", **where)
    assert row["agreement_words"] == (
        "The same band on 75 of 100 pupils (75.0%), within one band on 100; judged higher than moderated on 12, "
        "lower on 13."
    )
    assert row["unit_name"] == "Ash Primary"
    row = agreed.one("published_agreement", kind="test", year_group="Year 5", **where)
    assert row["agreement_words"].startswith("About the same as the test: 68.8% at expected")
