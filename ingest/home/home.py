"""A trust home as the pipeline sees it: its folders, and its configuration read and checked as a whole.

What each file may hold lives with that file's model; what is made from the configuration does not live here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel

from ingest.home.across import check_across
from ingest.home.kept_tables import KeptTables, list_kept_files, read_kept_tables
from ingest.home.kpi_file import Kpi, read_kpi_file
from ingest.home.problems import ConfigurationError, Problem, name_file
from ingest.home.register import School, find_register, read_register
from ingest.home.strict import Document
from ingest.home.trust_file import TrustFile, read_trust_file, warn_of_collections
from ingest.home.yaml_lines import parse_yaml

TRUST_FILE = "trust.yml"
_YAML_SUFFIXES = (".yml", ".yaml")


@dataclass(frozen=True)
class Home:
    """A trust home whose configuration loaded well.

    `configuration` is the folder it was read from: the home itself, or a snapshot of an earlier state in its
    history. Every path is absolute. `schools` are in URN order, `kpis` the trust's and then the schools' own,
    each by name; `kept` are the tables a trust keeps beside them; `warnings` are worth a look though they may be
    meant.
    """

    path: Path
    configuration: Path
    trust: TrustFile
    schools: list[School]
    kpis: list[Kpi]
    kept: KeptTables = field(default_factory=KeptTables)
    warnings: list[Problem] = field(default_factory=list)

    @property
    def inbox(self) -> Path:
        """Where schools' exports arrive, one folder a school."""
        return self.path / "inbox"

    @property
    def lake(self) -> Path:
        """Everything that is made from the inbox and can be made again."""
        return self.path / "lake"

    @property
    def history(self) -> Path:
        """Receipts, verdicts and configuration snapshots: what cannot be rebuilt."""
        return self.path / "history"

    @property
    def releases(self) -> Path:
        """The published releases and the pointer to the current one."""
        return self.path / "releases"

    @property
    def dagster(self) -> Path:
        """The folder Dagster keeps its runs in."""
        return self.path / "dagster"

    @property
    def formats(self) -> Path:
        """This trust's own export formats, of the same state as the rest of the configuration."""
        return self.configuration / "formats"


def load_home(path: Path, *, measures: frozenset[str] | None = None) -> Home:
    """Load and check the configuration of the home at `path`.

    `measures` are the names KPI files may count by; None leaves them unchecked. Raises ConfigurationError
    with the problems of all files together.
    """
    home = path.expanduser().resolve()
    return load_configuration(home, home, measures=measures)


def load_configuration(home: Path, configuration: Path, *, measures: frozenset[str] | None = None) -> Home:
    """As `load_home`, with the configuration files of another folder; both paths are absolute."""
    problems: list[Problem] = []
    document: Document[TrustFile] | None = None
    schools: list[School] = []
    warnings: list[Problem] = []
    kept = KeptTables()
    try:
        document = read_trust_file(configuration / TRUST_FILE, configuration)
    except ConfigurationError as error:
        problems += error.problems
    try:
        schools, warnings = read_register(find_register(configuration), configuration)
    except ConfigurationError as error:
        problems += error.problems
    kpis, kpi_problems = _read_kpis(configuration, measures)
    problems += kpi_problems
    try:
        kept = read_kept_tables(configuration)
    except ConfigurationError as error:
        problems += error.problems
    if not problems and document is not None:
        # A word that many rows of one file share is told once.
        problems += dict.fromkeys(check_across(configuration, document, schools, kpis, kept))
    if problems or document is None:
        raise ConfigurationError(problems)
    warnings = [*warnings, *warn_of_collections(document)]
    return Home(home, configuration, document.value, schools, kpis, kept, warnings)


def list_configuration_files(configuration: Path) -> list[Path]:
    """The files that make up a configuration: trust.yml, the register, KPI files, kept tables and formats."""
    return [
        configuration / TRUST_FILE,
        find_register(configuration),
        *(kpi for kpi, _ in _list_kpi_files(configuration)),
        *list_kept_files(configuration),
        *_list_yaml(configuration / "formats"),
    ]


# When runs begin and who is told of them: no figure or page depends on it.
OF_RUNS_ALONE = frozenset({"schedule", "sensor", "notify"})


def configuration_sha256(home: Home, *, but: frozenset[str] = frozenset()) -> str:
    """The hash of what a configuration says; comments, layout and the order of words do not change it.

    `but` are parts of trust.yml that are not to count.
    """
    said = {
        "trust": home.trust.model_dump(mode="json", by_alias=True, exclude=set(but)),
        "schools": [school.model_dump(mode="json") for school in home.schools],
        "kpis": [kpi.model_dump(mode="json") for kpi in home.kpis],
        "scales": _list_sorted(home.kept.scales),
        "cuts": _list_sorted(home.kept.cuts),
        "targets": _list_sorted(home.kept.targets),
        "statements": _list_sorted(home.kept.statements),
        "formats": {path.name: _read_plain(path) for path in _list_yaml(home.formats)},
    }
    canonical = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _list_sorted(rows: Iterable[BaseModel]) -> list[dict[str, object]]:
    # In which file and row a thing stands is layout; what is said is the same.
    said = [row.model_dump(mode="json") for row in rows]
    return sorted(said, key=lambda row: json.dumps(row, sort_keys=True))


def _read_plain(path: Path) -> object:
    # Format files have their own strict model elsewhere; what counts here is only whether they changed.
    text = path.read_text(encoding="utf-8-sig", errors="surrogateescape")
    parsed = parse_yaml(text, path.name)
    content = parsed.data if not parsed.problems else text
    return json.loads(json.dumps(content))


def _list_yaml(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*") if path.suffix in _YAML_SUFFIXES and path.is_file())


def _list_kpi_files(configuration: Path) -> Iterator[tuple[Path, str]]:
    """KPI files with the owner their folder says: the trust's, then each school's own."""
    for path in _list_yaml(configuration / "kpis"):
        yield path, "trust"
    for folder in sorted((configuration / "kpis" / "schools").glob("*/")):
        for path in _list_yaml(folder):
            yield path, folder.name


def _read_kpis(configuration: Path, measures: frozenset[str] | None) -> tuple[list[Kpi], list[Problem]]:
    kpis: dict[str, tuple[Kpi, str]] = {}
    problems: list[Problem] = []
    for path, owner in _list_kpi_files(configuration):
        file = name_file(path, configuration)
        try:
            kpi = read_kpi_file(path, configuration, owner, measures)
        except ConfigurationError as error:
            problems += error.problems
            continue
        _, first = kpis.setdefault(kpi.kpi, (kpi, file))
        if first != file:
            what = f'the KPI "{kpi.kpi}" is also in {first}.'
            problems.append(
                Problem(file, None, "kpi", kpi.kpi, what=what, remedy="Give one of them another name.")
            )
    return [kpi for kpi, _ in kpis.values()], problems
