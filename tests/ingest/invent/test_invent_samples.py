"""One small sample a built-in format: found by listing the folders, recognised as its format and no other, and read.

A further format needs its YAML in ingest/formats and a sample of the same name in tests/samples, nothing here. Those
that have a recipe are written by the writer; PLUMBLINE_ACCEPT_GOLDEN=1 writes them anew (`make golden`).
"""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest
from export_cases import URN, list_formats
from reading_homes import Homes
from sample_recipes import RECIPES

from ingest import BUILT_IN, load_formats, try_file
from ingest.format_file import SCHOOL_WORDS
from ingest.home import read_secret
from ingest.invent import write_export
from ingest.readers import read_sheets
from ingest.recognise import find_header

SAMPLES = Path(__file__).parents[2] / "samples"
FORMATS = load_formats([BUILT_IN])
# What a sample may be told, and still be a good one: none of these holds anything back.
REMARKS = {"row repeated", "row read as a footer", "sheet not read"}


def find_sample(name: str) -> Path:
    (found,) = SAMPLES.glob(f"{name}.*")
    return found


def test_every_built_in_format_has_one_sample_and_every_sample_a_format() -> None:
    assert sorted(path.stem for path in SAMPLES.iterdir()) == sorted(FORMATS)


def test_recipes_are_of_formats() -> None:
    assert set(RECIPES) <= set(FORMATS)


@pytest.mark.parametrize("name", RECIPES)
def test_sample_is_as_written(name: str, tmp_path: Path) -> None:
    recipe = RECIPES[name]
    written = tmp_path / f"{name}.{recipe.ending}"
    write_export(FORMATS[name], recipe.say(recipe.pupils()), written, recipe.style)
    kept = SAMPLES / written.name
    if os.environ.get("PLUMBLINE_ACCEPT_GOLDEN") == "1":
        kept.parent.mkdir(exist_ok=True)
        kept.write_bytes(written.read_bytes())
    assert kept.read_bytes() == written.read_bytes(), "run `make golden` if the change is meant, and look at the diff"


@pytest.mark.parametrize("name", FORMATS)
def test_sample_is_recognised_as_its_format_and_no_other(name: str) -> None:
    """Also beside a home's own formats."""
    (sheet,) = read_sheets(find_sample(name))
    headers = find_header(sheet, list_formats().values())
    assert [header.format.format for header in headers if header.fits] == [name]
    assert headers[0].format.format == name
    assert [headers[0].cells[place] for place in headers[0].extra] == []


@pytest.mark.parametrize("name", FORMATS)
def test_sample_is_read_whole(name: str, homes: Homes) -> None:
    """Each row gives what its format's rules say, with the roll of the pupil list's sample; nothing is refused."""
    home = homes.empty if FORMATS[name].makes_roll else homes.with_sample_roll
    tables = try_file(home, FORMATS, read_secret(home), find_sample(name), URN, dt.date(2025, 12, 19))
    receipts = tables.findings["receipts"]
    assert list(zip(receipts["format"], receipts["outcome"], strict=True)) == [(name, "accepted")]
    kinds = {kind for kind, records in tables.records.items() if len(records)}
    assert kinds == {rule.kind for rule in FORMATS[name].records}
    several = {"file of several schools"} if set(SCHOOL_WORDS) & set(FORMATS[name].columns.values()) else set()
    fixes = tables.findings["fix_list"]
    assert set(fixes["code"]) <= REMARKS | several
