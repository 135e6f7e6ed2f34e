"""Where a table a trust keeps lies: as CSV or as XLSX, never as both and never in a form that is not read.

What stands in a table does not live here.
"""

from __future__ import annotations

from pathlib import Path

from ingest.home.problems import ConfigurationError, Problem, name_file

TABLE_SUFFIXES = (".csv", ".xlsx")
# What people save a table as that is neither; left unread it would be missed by nobody.
_OTHER_TABLES = (".xls", ".xlsm", ".xlsb", ".ods", ".tsv", ".numbers")


def find_table(configuration: Path, stem: str) -> Path | None:
    """The one file of a table that may be kept as CSV or XLSX; None where neither is there.

    Raises ConfigurationError where both are, since one of them would be left unread.
    """
    csv, workbook = (configuration / f"{stem}{suffix}" for suffix in TABLE_SUFFIXES)
    if csv.exists() and workbook.exists():
        file = name_file(workbook, configuration)
        what = f"there is a {csv.name} as well as a {workbook.name}."
        problem = Problem(file, None, "this file", what=what, remedy="Keep one of the two in the home.")
        raise ConfigurationError([problem])
    return workbook if workbook.exists() else csv if csv.exists() else None


def list_tables(configuration: Path, folder: str) -> list[Path]:
    """The tables of a folder of the configuration, by name; none where the folder is not there.

    Raises ConfigurationError where one is there as CSV and as XLSX, or in a form that is not read.
    """
    # A spreadsheet that is open leaves a file "~$name" beside its own; a system leaves ones that begin with a dot.
    files = [
        path
        for path in sorted((configuration / folder).glob("*"))
        if path.is_file() and not path.name.startswith(("~$", "."))
    ]
    problems: list[Problem] = []
    kept: dict[str, Path] = {}
    for path in files:
        file, suffix = name_file(path, configuration), path.suffix.lower()
        if suffix in _OTHER_TABLES:
            what = f"{suffix} files are not read here."
            problems.append(
                Problem(file, None, "this file", what=what, remedy="Save it as CSV or XLSX instead.")
            )
        elif suffix in TABLE_SUFFIXES:
            other = kept.setdefault(path.stem, path)
            if other != path:
                what = f"there is a {other.name} as well as a {path.name}."
                remedy = "Keep one of the two in the home."
                problems.append(Problem(file, None, "this file", what=what, remedy=remedy))
    if problems:
        raise ConfigurationError(problems)
    return list(kept.values())
