"""The autonomy and harmony register: what is said where it cannot be, and what is held to where it is trust-set."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.home import load_home

Messages = Callable[..., list[str]]
TARGET = "owner,kpi,academic_year,period,subject,year_group,target\n999901,attendance,2025/26,,,,95.5\n"
STATEMENT = (
    "owner,framework,version,statement,text,subject,year_group,valid_from\n"
    "999901,Core,2,N3,Rounds to the nearest ten,Mathematics,4,2025-09-01\n"
)
SCALE = (
    "source,framework,version,school,code,band,comparability_class,rationale,approved_by,valid_from\n"
    "markbook_judgements,Steps,1,999901,w+,EXS,D,Agreed,Director,2025-09-01\n"
)


def say(home: Path, lines: str) -> None:
    with (home / "trust.yml").open("a", encoding="utf-8") as trust:
        trust.write(lines)


def add_own(home: Path, kind: str) -> str:
    """Give the first school something of its own of this kind; return the file it stands in."""
    if kind == "kpis":
        text = (home / "kpis" / "mean_mark.yml").read_text(encoding="utf-8")
        file = home / "kpis" / "schools" / "999901" / "own_mark.yml"
        text = text.replace("kpi: mean_mark", "kpi: own_mark").replace("owner: trust", "owner: 999901")
        text = "\n".join(line for line in text.splitlines() if not line.startswith("headline"))
    else:
        file, text = {
            "targets": (home / "targets.csv", TARGET),
            "curriculum": (home / "curriculum" / "own.csv", STATEMENT),
            "scale": (home / "scales" / "own.csv", SCALE),
        }[kind]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file.relative_to(home).as_posix()


@pytest.mark.parametrize("kind", ["kpis", "targets", "curriculum", "scale"])
def test_what_is_trust_set_is_held_to_and_nothing_else_is(tiny: Path, messages: Messages, kind: str) -> None:
    file = add_own(tiny, kind)
    load_home(tiny)
    say(tiny, f"autonomy:\n  - {{domain: {kind}, rule: 'trust-set, school may add'}}\n")
    load_home(tiny)
    trust = tiny / "trust.yml"
    trust.write_text(trust.read_text(encoding="utf-8").replace("'trust-set, school may add'", "trust-set"), "utf-8")
    (problem,) = messages(load_home, tiny)
    assert problem.startswith(file)
    assert "999901 has a" in problem
    assert "trust-set" in problem
    assert 'change the rule under "autonomy" in trust.yml' in problem


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("autonomy:\n  - {domain: scale, rule: trust set}\n", 'Did you mean "trust-set"?'),
        ("autonomy:\n  - {domain: scales, rule: trust-set}\n", 'Did you mean "scale"?'),
        (
            "autonomy:\n  - {domain: scale, rule: trust-set}\n  - {domain: scale, rule: school-free}\n",
            '"scale" stands here a second time.',
        ),
        (
            "frameworks:\n  - {school: 999909, domain: tracker, uses: Steps}\n",
            "no school of the register has the URN 999909",
        ),
        (
            "frameworks:\n  - {school: 999901, domain: tracker, uses: Steps, from: 2025-09-01, until: 2024-09-01}\n",
            "it ends on 2024-09-01, before it begins on 2025-09-01.",
        ),
    ],
)
def test_a_mistake_is_named_with_its_line_and_the_nearest_word(
    tiny: Path, messages: Messages, lines: str, said: str
) -> None:
    say(tiny, lines)
    (problem,) = messages(load_home, tiny)
    assert problem.startswith("trust.yml line ")
    assert said in problem
