"""Trial: another configuration tried on a copy, and which published numbers it would move.

Here live the temporary home with its lake (the records and findings are the home's own, linked and only read), the
build over it, and the comparison with what is published. Nothing of the home changes. The words for people live in
`trial_words`.
"""

from __future__ import annotations

import csv
import datetime as dt
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from ingest.home import write_config
from ingest.home.config_tables import CONFIG_TABLES
from ingest.home.home import list_configuration_files, load_configuration
from orchestration.place import list_measures
from orchestration.warehouse import build, publish

# What tells one published number from another.
GRAIN = (
    "audience", "geography", "unit_code", "kpi", "kpi_version", "academic_year", "period_kind", "period", "year_group",
    "subject", "comparability_key", "breakdown_topic", "breakdown",
)  # fmt: skip
# What a published number says of its unit, and then how it stands to others.
SAID = ("symbol", "pupil_count", "numerator_count", "value", "lower_95_ci", "upper_95_ci")
COMPARED = ("comparison_value", "difference", "comparison")
_NAMES = ("unit_name", "period_title", "assessment")
_LINKED = ("records", "findings")
MOVED, NEW, GONE, OTHERWISE = "moved", "new", "gone", "otherwise"


class NothingPublishedError(ValueError):
    """There is nothing to compare with: the home has no published tables, or they are of an earlier version."""


@dataclass(frozen=True)
class Change:
    """One published number before and after; `otherwise` is a row whose number stays, or that has none either way.

    `before` and `after` hold what is said of it, at full precision; None where there is no such row.
    """

    kind: str
    key: dict[str, Any]
    names: dict[str, str]
    before: dict[str, Any] | None
    after: dict[str, Any] | None


@dataclass(frozen=True)
class Trial:
    """What a trial came to: changes in the order of their keys, and the decimal places of each KPI and version.

    `edited` says that the configuration as it lies is no longer that of the release, so its edits count too.
    """

    as_of: dt.date
    changes: list[Change]
    decimals: dict[tuple[str, int], int]
    titles: dict[tuple[str, int], str]
    edited: bool


def read_published(home: Path, table: str) -> pd.DataFrame:
    """A published table of the home; NothingPublishedError where there is none."""
    path = home / "lake" / "published" / f"{table}.parquet"
    if not path.exists():
        raise NothingPublishedError("Nothing was published yet that tells. Run plumbline refresh first.")
    return pq.read_table(path).to_pandas()


def try_configuration(home: Path, added: Mapping[str, bytes]) -> Trial:
    """Try the home's configuration with the files `added` (by path within the home, in place of any there).

    To be called while the home is held. Raises ConfigurationError as any reading of a configuration does, and
    WarehouseError where the figures cannot be worked out.
    """
    as_of = _read_day(home)
    before = read_published(home, "published_kpi_values")
    run = pq.read_table(home / "lake" / "config" / "run.parquet").to_pylist()[0]
    with _lay_out(home) as copy:
        edited = _differs(home, copy, as_of, run["key_id"])
        for name, content in added.items():
            path = copy / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        write_config(load_configuration(copy, copy, measures=list_measures()), as_of, run["key_id"])
        build(copy / "lake")
        publish(copy / "lake")
        after, kpis = read_published(copy, "published_kpi_values"), read_published(copy, "published_kpis")
    told = [(str(row.kpi), int(row.version), int(row.dp), str(row.title)) for row in kpis.itertuples()]
    return Trial(
        as_of,
        list(compare(before, after)),
        {(kpi, version): dp for kpi, version, dp, _ in told},
        {(kpi, version): title for kpi, version, _, title in told},
        edited,
    )


def compare(before: pd.DataFrame, after: pd.DataFrame) -> Iterator[Change]:
    """Every published number that is not the same in both, to the last digit, in the order of their keys."""
    columns = [*GRAIN, *_NAMES, *SAID, *COMPARED]
    both = before[columns].merge(after[columns], how="outer", on=list(GRAIN), suffixes=("_before", "_after"))
    differs = pd.Series(False, index=both.index)
    for column in (*SAID, *COMPARED):
        old, new = both[f"{column}_before"], both[f"{column}_after"]
        differs |= ~((old == new) | (old.isna() & new.isna()))
    # A row that comes or goes without a number differs in nothing but that it is there.
    differs |= both["unit_name_before"].isna() != both["unit_name_after"].isna()
    for row in both[differs].sort_values(list(GRAIN)).to_dict("records"):
        old_row, new_row = _pick(row, "before"), _pick(row, "after")
        names = {name: str(row[f"{name}_after" if new_row else f"{name}_before"]) for name in _NAMES}
        yield Change(_name_kind(old_row, new_row), {name: row[name] for name in GRAIN}, names, old_row, new_row)


def write_changes(path: Path, trial: Trial) -> None:
    """Write every change as CSV, at full precision."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        said = (*SAID, *COMPARED)
        sides = [f"{column}_{side}" for column in said for side in ("before", "after")]
        writer.writerow(["change", *GRAIN, *_NAMES, *sides])
        for change in trial.changes:
            old, new = change.before or {}, change.after or {}
            cells = [_write(side.get(column)) for column in said for side in (old, new)]
            writer.writerow([change.kind, *change.key.values(), *change.names.values(), *cells])


def _write(value: Any) -> str:
    return "" if value is None else repr(value) if isinstance(value, float) else str(value)


def _pick(row: dict[str, Any], side: str) -> dict[str, Any] | None:
    if pd.isna(row[f"unit_name_{side}"]):
        return None
    found = {column: row[f"{column}_{side}"] for column in (*SAID, *COMPARED)}
    plain: dict[str, Any] = {column: None if pd.isna(value) else value for column, value in found.items()}
    # A column with gaps is read as fractions; pupils are whole.
    for column in ("pupil_count", "numerator_count"):
        count = plain[column]
        if count is not None and float(count).is_integer():
            plain[column] = int(count)
    return plain


def _name_kind(old: dict[str, Any] | None, new: dict[str, Any] | None) -> str:
    had, has = old is not None and old["value"] is not None, new is not None and new["value"] is not None
    if had and has:
        assert old is not None
        assert new is not None
        return MOVED if any(old[column] != new[column] for column in SAID) else OTHERWISE
    return NEW if has else GONE if had else OTHERWISE


def _read_day(home: Path) -> dt.date:
    day: dt.date = pd.Timestamp(read_published(home, "published_run")["as_of"].iloc[0]).date()
    return day


@contextmanager
def _lay_out(home: Path) -> Iterator[Path]:
    """A home beside this one, for its owner alone: the configuration copied, the records and findings linked."""
    with tempfile.TemporaryDirectory(prefix="plumbline-trial-") as folder:
        copy = Path(folder).resolve() / "home"
        for source in list_configuration_files(home):
            target = copy / source.relative_to(home)
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.exists():
                shutil.copyfile(source, target)
        (copy / "lake").mkdir(parents=True)
        for name in _LINKED:
            _link(home / "lake" / name, copy / "lake" / name)
        yield copy


def _link(source: Path, target: Path) -> None:
    try:
        target.symlink_to(source, target_is_directory=True)
    except OSError:
        # Where a system has no such links, or not for everybody.
        shutil.copytree(source, target)


def _differs(home: Path, copy: Path, as_of: dt.date, key_id: str) -> bool:
    """Whether the home's configuration as it lies is another than that of the release; a broken one is."""
    from ingest.home import ConfigurationError

    try:
        write_config(load_configuration(copy, copy, measures=list_measures()), as_of, key_id)
    except ConfigurationError:
        return True
    mine, theirs = copy / "lake" / "config", home / "lake" / "config"
    return any(
        not (theirs / f"{name}.parquet").exists()
        or (mine / f"{name}.parquet").read_bytes() != (theirs / f"{name}.parquet").read_bytes()
        for name in CONFIG_TABLES
    )
