"""The rules of official statistics: our own files keep each of them, and each sees its own fault and no other."""

from __future__ import annotations

from pathlib import Path

import pytest
from extract_faults import FAULTS, Files

from site_builder.extract_column import FILE_SYMBOLS
from site_builder.extract_columns import EXTRACTS
from site_builder.extract_files import FOLDERS
from site_builder.extract_rule import FAILED, NOT_APPLICABLE, PASSED, WARNING, Verdict
from site_builder.extract_screening import RULES, screen_file, screen_path
from site_builder.screened_file import ScreenedFile

# Planted by themselves below: bytes no text can hold, and a trust's file instead of the schools'.
PLANTED_APART = {"encoding", "mat_columns"}


def broken(verdicts: list[Verdict]) -> dict[str, str]:
    return {verdict.code: verdict.outcome for verdict in verdicts if verdict.outcome in (FAILED, WARNING)}


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("stem", EXTRACTS)
def test_our_own_files_keep_every_rule(tiny_release: Path, folder: str, stem: str) -> None:
    verdicts = screen_path(tiny_release / folder / f"{stem}.csv")
    assert broken(verdicts) == {}
    assert [verdict.code for verdict in verdicts] == [rule.code for rule in RULES]
    not_applicable = {verdict.code for verdict in verdicts if verdict.outcome == NOT_APPLICABLE}
    of_schools = {"school_columns", "school_alone", "unknown_places"}
    assert not_applicable == (of_schools if stem == "trust_kpi_mat" else {"mat_columns"})


def test_every_rule_has_a_fault_planted() -> None:
    codes = [rule.code for rule in RULES]
    assert len(set(codes)) == len(codes)
    assert {*FAULTS, *PLANTED_APART} == set(codes)
    for rule in RULES:
        assert rule.asks.endswith("."), rule.code
        assert rule.remedy.endswith("."), rule.code
        assert len(rule.code) <= 22, rule.code


@pytest.mark.parametrize("code", FAULTS)
def test_a_rule_sees_its_fault_and_no_other_does(tiny_release: Path, code: str) -> None:
    files = Files.read(tiny_release / "extracts" / "trust_kpi_school.csv")
    FAULTS[code](files)
    verdicts = screen_file(files.screened())
    weight = next(rule.weight for rule in RULES if rule.code == code)
    assert broken(verdicts) == {code: weight}
    verdict = next(verdict for verdict in verdicts if verdict.code == code)
    assert " Seen: " in verdict.sentence
    assert verdict.remedy


def test_bytes_that_are_no_text_are_named_and_nothing_falls_over(tiny_release: Path) -> None:
    data = (tiny_release / "extracts/trust_kpi_school.csv").read_bytes()
    meta = (tiny_release / "extracts/trust_kpi_school.meta.csv").read_bytes()
    latin = data.decode("utf-8").replace("Nowhere", "N\xf6where").encode("latin-1", "replace")
    assert broken(screen_file(ScreenedFile("trust_kpi_school.csv", latin, meta))) == {"encoding": FAILED}
    for odd in (b"", b"\n", b'a,b\n"open', b"\x00\x01", b"PK\x03\x04"):
        for beside in (None, b"", b"\xff", meta):
            outcomes = broken(screen_file(ScreenedFile("odd.csv", odd, beside)))
            assert outcomes, (odd, beside)


def test_a_file_of_a_trust_must_name_it(tiny_release: Path) -> None:
    files = Files.read(tiny_release / "extracts" / "trust_kpi_mat.csv")
    files.drop("trust_name")
    assert broken(screen_file(files.screened())) == {"mat_columns": FAILED}


@pytest.mark.parametrize("symbol", [*FILE_SYMBOLS, "0", "-3.5", "12"])
def test_known_symbols_and_plain_numbers_pass(tiny_release: Path, symbol: str) -> None:
    files = Files.read(tiny_release / "extracts" / "trust_kpi_school.csv")
    files.put("value", symbol)
    assert broken(screen_file(files.screened())) == {}


@pytest.mark.parametrize("symbol", ["C", ":", "~", "*", "..", "n/a", "NULL", "1,234", "1e5", " 5", "+5", "5."])
def test_other_signs_do_not(tiny_release: Path, symbol: str) -> None:
    files = Files.read(tiny_release / "extracts" / "trust_kpi_school.csv")
    files.put("value", symbol)
    verdicts = screen_file(files.screened())
    assert broken(verdicts) == {"figures_plain": FAILED}
    assert {verdict.outcome for verdict in verdicts} <= {PASSED, FAILED, NOT_APPLICABLE}
