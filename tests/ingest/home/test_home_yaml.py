"""Reading YAML strictly: every problem with its line, and no guessing of types."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from ingest.home.strict import ConfigurationError, Problem, read_document, read_yaml
from ingest.home.yaml_lines import _read_events

Messages = Callable[..., list[str]]


class Plank(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: Literal["oak", "pine"] = "oak"
    sawn: dt.date | None = None
    length: int = Field(default=1, ge=1)
    note: str = ""


class Door(BaseModel):
    model_config = ConfigDict(extra="forbid")

    height: int = 2
    colour: str = "green"

    @field_validator("colour")
    @classmethod
    def check_colour(cls, colour: str) -> str:
        if colour == "beige":
            raise ValueError("is not a colour")
        return colour

    @model_validator(mode="after")
    def check_height(self) -> Door:
        if self.height > 3:
            raise ValueError("a door is at most 3 high.")
        return self


class Shed(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    planks: list[Plank] = Field(default_factory=list)
    spare: Plank | list[Plank] | None = None
    widths: dict[Literal["front", "back"], int] = Field(default_factory=dict)
    words: list[str] = Field(default_factory=list)
    roof: bool = False
    doors: list[Door] = Field(default_factory=list)


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "shed.yml"
    path.write_bytes(text.encode())
    return path


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "name: a\nplnks: []\n",
            ['shed.yml line 2: "plnks" is not a word Plumbline knows here. Did you mean "planks"?'],
        ),
        (
            "name: a\nplanks:\n  - kind: oak\n    knd: x\n",
            ['shed.yml line 4: "knd" is not a word Plumbline knows here. Did you mean "kind"?'],
        ),
        (
            "name: a\nplanks:\n  - zzz: x\n",
            ['shed.yml line 3: "zzz" is not a word Plumbline knows here. It knows kind, length, note, sawn.'],
        ),
        (
            "name: a\nplanks:\n- kind: oka\n",
            ['shed.yml line 3: "kind" is "oka"; expected oak or pine. Did you mean "oak"?'],
        ),
        ("roof: true\n", ['shed.yml line 1: "name" is missing. Add it.']),
        ("", ['shed.yml: "name" is missing. Add it.']),
        ("name:\n", ['shed.yml line 1: "name" is empty; expected text.']),
        ("name: a\nplanks:\n", ['shed.yml line 2: "planks" is empty; expected a list.']),
        (
            "name: a\nplanks: oak\n",
            [
                'shed.yml line 2: "planks" is "oak"; expected a list. '
                "Put each entry on a line of its own after a dash."
            ],
        ),
        ("name: [a]\n", ['shed.yml line 1: "name" holds a list; expected text.']),
        ("- a\n", ['shed.yml line 1: this file holds a list; expected lines of the form "word: value".']),
        (
            "name: a\nplanks:\n  - length: six\n  - length: 0\n  - sawn: 06-01\n",
            [
                'shed.yml line 3: "length" is "six"; expected a whole number.',
                'shed.yml line 4: "length" is "0"; expected 1 or more.',
                'shed.yml line 5: "sawn" is "06-01"; expected a date such as 2025-09-01.',
            ],
        ),
        (
            "name: a\nwidths: {fornt: 3, back: }\n",
            [
                'shed.yml line 2: "fornt" is not a word Plumbline knows here. Did you mean "front"?',
                'shed.yml line 2: "back" is empty; expected a whole number.',
            ],
        ),
        ("name: a\ndoors:\n  - colour: beige\n", ['shed.yml line 3: "colour" is "beige": is not a colour.']),
        ("name: a\ndoors:\n  - height: 4\n", ['shed.yml line 3: "doors": a door is at most 3 high.']),
        ("name: a\nroof: perhaps\n", ['shed.yml line 2: "roof" is "perhaps"; expected true or false.']),
        (
            "name: a\nspare:\n  knid: oak\n",
            ['shed.yml line 3: "knid" is not a word Plumbline knows here. Did you mean "kind"?'],
        ),
        (
            "name: a\nroof: true\nname: b\n",
            [
                'shed.yml line 3: "name" stands here a second time; it is first on line 1. '
                "Keep one of the two."
            ],
        ),
        (
            "name: a: b\n",
            [
                "shed.yml line 1: the file cannot be read from column 8 of this line on. "
                "A second colon, or a wrong indent: put text that holds a colon in quotes."
            ],
        ),
        (
            "name: a\n\troof: true\n",
            [
                "shed.yml line 2: the file cannot be read from column 1 of this line on. "
                "Use spaces, not tabs; put text that starts with @, ` or % in quotes."
            ],
        ),
        (
            "name: a\nwords: &w [a]\nplanks: *w\n",
            [
                "shed.yml line 3: the file cannot be read from column 9 of this line on. "
                "Write the part out again; put text that starts with * in quotes."
            ],
        ),
        (
            'name: "a\n',
            [
                "shed.yml line 2: the file cannot be read from column 1 of this line on. "
                "A quote is opened and not closed."
            ],
        ),
        (
            "name: a\n---\nname: b\n",
            [
                "shed.yml line 2: the file cannot be read from column 1 of this line on. "
                "A line of --- starts a second document; keep one."
            ],
        ),
        (
            "name: a\nwords: [a\n",
            [
                "shed.yml line 3: the file cannot be read from column 1 of this line on. "
                "A [ or { is opened and not closed, or a comma is missing."
            ],
        ),
        (
            "name: a\nroof: true\nwords: [\x01]\n",
            [
                "shed.yml line 3: there is a character here that a text file cannot hold. "
                "Open the file in a text editor and save it again as UTF-8."
            ],
        ),
        (
            "words: " + "[" * 5000,
            ["shed.yml: lists or words stand inside each other too deep to read. Look for stray [ or {."],
        ),
        (
            "? [a]\n: b\n",
            [
                'shed.yml line 1: "name" is missing. Add it.',
                "shed.yml line 1: a word before a colon was expected here, not a list or braces. "
                "Put text that holds { or [ in quotes.",
            ],
        ),
    ],
)  # fmt: skip
def test_each_problem_is_named(tmp_path: Path, messages: Messages, text: str, expected: list[str]) -> None:
    assert sorted(messages(read_yaml, write(tmp_path, text), Shed)) == sorted(expected)


def test_all_problems_of_a_file_come_together_in_line_order(tmp_path: Path, messages: Messages) -> None:
    path = write(tmp_path, "roof: 7\nnme: a\nplanks:\n  - kind: elm\n    length: -1\nroof: true\n")
    assert messages(read_yaml, path, Shed) == [
        'shed.yml line 1: "roof" is "7"; expected true or false.',
        'shed.yml line 2: "nme" is not a word Plumbline knows here. Did you mean "name"?',
        'shed.yml line 4: "kind" is "elm"; expected oak or pine.',
        'shed.yml line 5: "length" is "-1"; expected 1 or more.',
        'shed.yml line 6: "roof" stands here a second time; it is first on line 1. Keep one of the two.',
    ]


@pytest.mark.parametrize(
    "word", ["no", "012", "2022/23", "06-01", "900001", "1_000", "1e3", "on", "3:20", "Y"]
)
def test_text_stays_as_it_was_written(tmp_path: Path, word: str) -> None:
    shed = read_yaml(write(tmp_path, f"name: {word}\nwords: [{word}]\n"), Shed)
    assert (shed.name, shed.words) == (word, [word])


def test_files_are_named_relative_to_the_home(tmp_path: Path, messages: Messages) -> None:
    (tmp_path / "kpis").mkdir()
    path = write(tmp_path / "kpis", "nme: a\n")
    assert all(m.startswith("kpis/shed.yml line 1:") for m in messages(read_yaml, path, Shed, home=tmp_path))
    assert all(m.startswith("shed.yml line 1:") for m in messages(read_yaml, path, Shed))


def test_a_missing_file_is_a_problem_in_words(tmp_path: Path, messages: Messages) -> None:
    assert messages(read_yaml, tmp_path / "shed.yml", Shed, home=tmp_path) == [
        "shed.yml: there is no such file. Make it, or put it back from a backup."
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_encodings_of_text_editors_are_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "shed.yml"
    path.write_bytes("name: Zoë’s shed – £5\n".encode(encoding))
    assert read_yaml(path, Shed).name == "Zoë’s shed – £5"


def test_a_document_knows_its_lines(tmp_path: Path) -> None:
    document = read_document(write(tmp_path, "name: a\nplanks:\n  - kind: oak\n\n  - kind: pine\n"), Shed)
    assert document.find_line("planks", 1, "kind") == 5
    assert document.find_line("planks", 1, "length") == 5
    assert document.find_line("roof") == 1


YAML_SIGNS = st.text(alphabet="ab:-[]{}\"'&*!|>%@#, \n\t~", max_size=60).map(str.encode)


@settings(deadline=None)
@given(st.one_of(st.binary(max_size=200), YAML_SIGNS))
def test_any_bytes_are_read_or_named(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "shed.yml"
    path.write_bytes(content)
    problems = list_problems(path)
    assert problems is None or (problems and all(str(problem).startswith("shed.yml") for problem in problems))


def list_problems(path: Path) -> list[Problem] | None:
    try:
        read_yaml(path, Shed)
    except ConfigurationError as error:
        return error.problems
    return None


@settings(deadline=None)
@given(st.text(alphabet="ab:-[]{}\"'?|>#, \n~", max_size=40))
def test_the_fast_loader_reads_what_the_plain_one_reads(text: str) -> None:
    readings = []
    for loader in (yaml.CSafeLoader, yaml.SafeLoader):
        try:
            readings.append(_read_events(text, "shed.yml", loader))
        except yaml.YAMLError:
            return
    fast, plain = readings
    assert (fast.data, fast.problems) == (plain.data, plain.problems)
    # Of nothing at all the two disagree on where it stands.
    assert fast.data is None or fast.lines == plain.lines
