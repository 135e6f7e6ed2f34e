"""More than three collections a year of one year group are worth a look, and no mistake."""

from __future__ import annotations

from pathlib import Path

from ingest.home import load_home


def add_windows(home: Path, *names: str) -> None:
    text = (home / "trust.yml").read_text(encoding="utf-8")
    more = "".join(
        f"  - window: {name}\n    title: {name}\n    phases: [Primary]\n    year_groups: [4]\n    opens: 0{month}-01\n"
        f"    closes: 0{month}-20\n    labels: [{name}]\n    subjects: [English]\n"
        for month, name in enumerate(names, 2)
    )
    (home / "trust.yml").write_text(text.replace("windows:\n", f"windows:\n{more}", 1), encoding="utf-8")


def test_three_collections_are_no_more_than_is_usual(tiny: Path) -> None:
    add_windows(tiny, "february")
    assert [str(warning) for warning in load_home(tiny).warnings] == []


def test_the_fourth_is_named_with_its_line_and_whom_it_is_of(tiny: Path) -> None:
    add_windows(tiny, "february", "march")
    (warning,) = [str(warning) for warning in load_home(tiny).warnings]
    assert warning.startswith("trust.yml line ")
    assert 'with "summer" there are more than 3 collections a year for Primary, year group 4.' in warning
