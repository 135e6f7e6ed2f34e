"""A new home: it loads as it is, has a key of its own, and never overwrites what is there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.home import create_home, load_home, read_secret

Messages = Callable[..., list[str]]
KPIS = [
    "at_expected",
    "at_or_above_expected",
    "attendance",
    "authorised_absence",
    "greater_depth",
    "judgement_coverage",
    "late_arrivals",
    "mean_mark",
    "persistent_absence",
    "severe_absence",
    "statements_assessed",
    "statements_secure",
    "statements_secure_of_assessed",
    "suspension_rate",
    "unauthorised_absence",
    "working_below",
    "working_towards",
]
MEASURES = frozenset(
    {
        "mark",
        "pupils_judged",
        "pupils_on_roll",
        "pupils_banded",
        "pupils_working_below",
        "pupils_working_towards",
        "pupils_at_expected",
        "pupils_at_expected_or_above",
        "pupils_at_greater_depth",
        "statements_due",
        "statements_assessed",
        "statements_secure",
        "assessed_statements",
        "assessed_statements_secure",
        "sessions_possible",
        "sessions_attending",
        "sessions_authorised_absence",
        "sessions_unauthorised_absence",
        "sessions_late",
        "pupils_with_possible_sessions",
        "pupils_absent_10_percent_or_more",
        "pupils_absent_50_percent_or_more",
        "suspensions_begun",
        "pupils_on_roll_for_suspensions",
    }
)


@pytest.fixture(autouse=True)
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "keys"
    monkeypatch.setenv("PLUMBLINE_KEYS", str(folder))
    return folder


def test_a_new_home_loads_and_has_its_key(tmp_path: Path, keys: Path) -> None:
    lines = create_home(tmp_path / "home", name="Tall Trees Trust", today=dt.date(2026, 8, 31))
    home = load_home(tmp_path / "home", measures=MEASURES)
    assert (home.trust.trust.name, home.trust.demo, home.schools, home.warnings) == (
        "Tall Trees Trust",
        False,
        [],
        [],
    )
    assert home.trust.academic_years == ["2023/24", "2024/25", "2025/26"]
    assert [kpi.kpi for kpi in home.kpis] == KPIS
    secret = read_secret(home)
    assert secret.key_id == home.trust.key_id
    assert f"Its key is {keys / secret.key_id}.key." in lines
    assert any("Back the key up" in line for line in lines)
    for folder in (home.inbox / "_trust", home.lake, home.history, home.releases, home.dagster, home.formats):
        assert folder.is_dir()
    assert not any(
        secret.key.hex() in p.read_text(encoding="utf-8") for p in home.path.rglob("*") if p.is_file()
    )


def test_the_readmes_say_what_to_do_next(tmp_path: Path) -> None:
    create_home(tmp_path / "home", name="Tall Trees Trust")
    readme = (tmp_path / "home" / "README.txt").read_text(encoding="utf-8")
    assert readme.startswith("Tall Trees Trust\n================\n")
    for told in ("trust.yml", "schools.csv", "kpis/", "formats/", "inbox/", "history/", "plumbline refresh"):
        assert told in readme
    inbox = (tmp_path / "home" / "inbox" / "README.txt").read_text(encoding="utf-8")
    assert "URN" in inbox
    assert "_trust" in inbox
    assert "{{" not in readme + inbox + (tmp_path / "home" / "trust.yml").read_text(encoding="utf-8")


def uncomment(path: Path, *names: str) -> None:
    """Take the # away from the whole block of notes that begins with each name, as the notes say."""
    lines = path.read_text(encoding="utf-8").splitlines()
    for name in names:
        place = lines.index(f"#{name}:")
        while place < len(lines) and lines[place].startswith("#"):
            lines[place] = lines[place].removeprefix("#")
            place += 1
    path.write_text("\n".join(lines), encoding="utf-8")


def test_the_notes_of_a_new_home_become_settings_when_their_marks_are_taken_away(tmp_path: Path) -> None:
    create_home(tmp_path / "home", demo=True, today=dt.date(2026, 3, 1))
    uncomment(tmp_path / "home" / "trust.yml", "term_dates", "custom_groups")
    trust = load_home(tmp_path / "home").trust
    assert trust.term_dates[0].la_code == "886"
    assert trust.term_dates[0].half_terms.SUM2.ends == dt.date(2026, 7, 21)
    assert trust.custom_groups[0].groups[1].label == "Does not attend"


def test_a_demo_makes_no_key(tmp_path: Path, keys: Path) -> None:
    lines = create_home(tmp_path / "home", demo=True)
    home = load_home(tmp_path / "home", measures=MEASURES)
    assert home.trust.demo
    assert read_secret(home).key_id == "demo"
    assert not keys.exists()
    assert lines[-1] == "It is a demo: use it for invented pupils only."


@pytest.mark.parametrize("name", ['O\'Neill: "A" trust # 1', "Ysgol – Zoë’s", "no", "{x}", "2024", "\\n"])
def test_any_name_is_kept(tmp_path: Path, name: str) -> None:
    create_home(tmp_path / "home", name=name, demo=True)
    assert load_home(tmp_path / "home").trust.trust.name == name


@pytest.mark.parametrize("name", ["", "  ", "a|b", "a\nb"])
def test_a_name_that_cannot_be_one_makes_nothing(tmp_path: Path, messages: Messages, name: str) -> None:
    assert messages(create_home, tmp_path / "home", name=name) == [
        f'trust.yml: "{name}" cannot be the name of a trust. Choose a name on one line without |.'
    ]
    assert not (tmp_path / "home").exists()


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path, keys: Path, messages: Messages) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "letter.txt").write_text("mine", encoding="utf-8")
    assert messages(create_home, home) == [
        "home: there is something here already. Choose a new folder, or empty this one."
    ]
    assert [path.name for path in home.iterdir()] == ["letter.txt"]
    assert messages(create_home, home / "letter.txt") == ["letter.txt: this is a file. Choose a new folder."]
    assert not keys.exists()


def test_an_empty_folder_will_do(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    create_home(tmp_path / "home", demo=True)
    assert load_home(tmp_path / "home").schools == []
