"""Plain script: the same exports to the same records and KPI values with DuckDB alone, as the yardstick of the bench.

Here lives what a person would write who knows every layout, trusts every cell and needs no receipt: nothing is checked,
matched by name, counted or kept for later. It reads an inbox and writes a Parquet file a kind and `kpi_values`.
`python -m orchestration.bench.plain_script HOME OUT`; the KPI values are worked out in `plain_script.sql`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import pandas as pd
import yaml
from python_calamine import CalamineWorkbook

SQL = Path(__file__).with_suffix(".sql")
SEED = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds" / "attendance_codes.csv"
# How the header of each layout begins.
_LAYOUTS = {
    "UPN,Admission number,Legal first": "arbor_list", "UPN,Admission number,": "pupil_list",
    "Adno,Legal": "sims_list", "School URN,School LAESTAB,School,UPN,Student ID": "group_list",
    "School URN,School LAESTAB,School,UPN,Student,": "group_results", "Adno,Name,UPN,Week": "weeks",
    "Adno,Name,UPN,": "days", "Student,UPN,Date": "sessions", "Adno,Pupil,": "marksheet",
    "UPN,Academic year,Year group,Subject,Assessment": "results",
    "UPN,Academic year,Year group,Subject,Term": "markbook",
}  # fmt: skip
_URN = r"regexp_extract(filename, '/([0-9]{6}) [^/]*/', 1)"
_DAY = "strptime({}, '%d/%m/%Y')::date"


class Files:
    """The files of an inbox by layout, encoding, delimiter and place of the header."""

    def __init__(self, inbox: Path, spare: Path) -> None:
        self.csv: dict[tuple[str, str, str, int], list[str]] = {}
        self.pages: dict[str, list[str]] = {}
        self.workbooks: list[Path] = []
        self._spare = spare
        for path in sorted(path for path in inbox.rglob("*") if path.is_file() and path.parent != inbox):
            if path.suffix == ".xlsx":
                self.workbooks.append(path)
            elif path.suffix == ".json":
                self.pages.setdefault(path.name.split()[0], []).append(str(path))
            else:
                self._add(path, str(path.relative_to(inbox)))

    def _add(self, path: Path, name: str) -> None:
        with path.open("rb") as file:
            head = file.read(4096)
        encoding = "utf-16" if head.startswith(b"\xff\xfe") else "utf-8"
        if encoding == "utf-8" and not head.startswith(b"\xef\xbb\xbf"):
            content = path.read_bytes()
            try:
                content.decode("utf-8")
            except UnicodeDecodeError:  # DuckDB by itself reads no cp1252
                path = self._spare / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(content.decode("cp1252"), "utf-8", newline="")
        lines = head.decode("utf-16-le" if encoding == "utf-16" else "utf-8", errors="ignore").splitlines()
        lines = [line.removeprefix("\ufeff") for line in lines]
        place = next(at for at, line in enumerate(lines) if line.startswith(("UPN", "Adno", "School URN", "Student,")))
        delimiter = next((mark for mark in ";\t" if mark in lines[place]), ",")
        header = lines[place].replace(delimiter, ",")
        layout = next(layout for start, layout in _LAYOUTS.items() if header.startswith(start))
        self.csv.setdefault((layout, encoding, delimiter, place), []).append(str(path))

    def read(self, layout: str, columns: Sequence[str] = ()) -> str:
        """Return a FROM clause over all files of a layout; `columns` name them in order where all have the same."""
        parts = []
        for (kind, encoding, delimiter, place), paths in self.csv.items():
            if kind == layout:
                head = f"header=true, skip={place}, union_by_name=true"
                if columns:
                    head = f"header=false, skip={place + 1}, names={list(columns)}"
                parts.append(
                    f"(select * from read_csv({paths}, all_varchar=true, delim='{delimiter}', quote='\"', {head}, "
                    f"encoding='{encoding}', null_padding=true, strict_mode=false, filename=true, parallel=true))"
                )
        return "(" + " union all by name ".join(f"from {part}" for part in parts) + ")" if parts else ""


def read_records(database: duckdb.DuckDBPyConnection, files: Files) -> None:
    """Make the tables pupils, attendance and results from all files."""
    database.execute(f"create table pupils as {_unite(_say_pupils(files))}")
    database.execute(f"create table attendance as {_unite(_say_attendance(files))}")
    tests = _read_workbooks(files.workbooks)
    if tests is not None:
        database.register("workbooks", tests)
    database.execute(f"create table results as {_unite(_say_results(files, has_workbooks=tests is not None))}")


def _unite(parts: Iterator[str]) -> str:
    return " union all ".join(parts)


def _say_pupils(files: Files) -> Iterator[str]:
    about = "upn, local, year_group, sex[1] as sex, class, strptime(starts, '{}')::date as starts from"
    names = {
        "pupil_list": "upn local surname forename born sex year_group academic_year class starts",
        "sims_list": "local surname forename sex born upn year_group class status starts",
        "arbor_list": "upn local forename surname born sex year_group class academic_year status starts",
        "group_list": (
            "urn laestab school upn local surname forename born sex year_group academic_year class status starts"
        ),
    }
    for layout, columns in names.items():
        if said := files.read(layout, columns.split()):
            urn = "urn" if layout == "group_list" else _URN
            yield f"select {urn} as urn, {about.format('%d/%m/%Y')} {said} where starts is not null"
    if pages := files.pages.get("Pupils"):
        about = "$.education_details.data"
        paths = [f"{about}.upn", f"{about}.admission_number", f"{about}.current_nc_year", "$.gender"]
        paths.append(f"{about}.admission_date.date")
        yield f"""
            select {_URN}, s[1], s[2], s[3], s[4][1], null, s[5][:10]::date
            from (select filename, json_extract_string(line, {paths}) as s from {_read_lines(pages)})"""


def _read_lines(pages: Sequence[str]) -> str:
    """One object a line, as the pages are written."""
    return (
        f"(select filename, rtrim(line, ',') as line from read_csv({list(pages)}, columns={{'line': 'VARCHAR'}}, "
        "delim='\x01', quote='', escape='', header=false, filename=true) "
        "where line like '{\"%' and line not like '{\"data\": [')"
    )


def _say_attendance(files: Files) -> Iterator[str]:
    if said := files.read("weeks", ["local", "name", "upn", "week_begins", "marks"]):
        yield f"""
            select urn, upn, first_day + (place // 2)::integer as session_date,
                   case place % 2 when 0 then 'AM' else 'PM' end as session,
                   marks[place + 1] as mark_code, null::integer as minutes_late
            from (select {_URN} as urn, upn, {_DAY.format("week_begins")} as first_day,
                         regexp_extract_all(marks, '[A-Z][0-9]?|[^ ]') as marks,
                         unnest(range(10)) as place
                  from {said} where marks is not null)"""
    if said := files.read("days"):
        yield f"""
            select {_URN} as urn, "UPN", strptime(heading[:10], '%d/%m/%Y')::date, heading[12:], mark, null
            from (unpivot {said} on columns('^[0-9]') into name heading value mark) where "UPN" is not null"""
    if said := files.read("sessions", ["name", "upn", "day", "session", "mark_code", "minutes_late"]):
        yield f"""
            select {_URN}, upn, {_DAY.format("day")}, case session when 'Morning' then 'AM' else 'PM' end, mark_code,
                   minutes_late::integer
            from {said} where upn is not null"""
    if pages := files.pages.get("Session"):
        paths = ["$.student.data.education_details.data.upn", "$.date", "$.session", "$.attendance_code.data.code"]
        paths.append("$.minutes_late")
        yield f"""
            select {_URN}, s[1], s[2]::date, s[3], s[4], s[5]::integer
            from (select filename, json_extract_string(line, {paths}) as s from {_read_lines(pages)})"""


def _say_results(files: Files, *, has_workbooks: bool) -> Iterator[str]:
    about = ["upn", "name", "academic_year", "year_group", "subject", "assessment", "type", "term", "value"]
    long = ["urn", "laestab", "school", *about]
    said = "upn, null as local, subject, assessment, term, value"
    if rows := files.read("results", [name for name in about if name != "name"]):
        yield f"select {_URN} as urn, {said} from {rows}"
    if rows := files.read("group_results", long):
        yield f"select urn, {said} from {rows} where upn is not null"
    if rows := files.read("markbook", ["upn", "academic_year", "year_group", "subject", "term", "value", "judged_on"]):
        yield f"select {_URN} as urn, {said} from (select *, 'Teacher Assessment' as assessment from {rows})"
    if rows := files.read("marksheet"):
        yield f"""
            select {_URN}, null, "Adno", split_part(heading, ' mark (', 1), 'Common Test',
                   rtrim(split_part(heading, ' mark (', 2), ')'), value
            from (unpivot {rows} on columns(' mark ') into name heading value value)
            where "Pupil" is not null and "Adno" <> 'Average'"""
    if has_workbooks:
        yield "select urn, upn, null, subject, 'Common Test', term, value from workbooks"


def _read_workbooks(paths: Sequence[Path]) -> pd.DataFrame | None:
    """Return the marks of all workbooks, a row a mark: two rows of headings stand above the pupils."""
    tables = []
    for path in paths:
        rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)
        at = next(place for place, row in enumerate(rows) if row and row[0] == "UPN")
        terms = pd.Series([str(cell) or None for cell in rows[at - 1][3:]]).ffill()
        wide = pd.DataFrame([row[3:] for row in rows[at + 1 :]], index=[row[0] for row in rows[at + 1 :]])
        long = wide.melt(ignore_index=False).reset_index(names="upn")
        long["term"] = long["variable"].map(terms).str.removesuffix(" test")
        long["subject"] = long["variable"].map(dict(enumerate(rows[at][3:])))
        long["urn"] = path.parent.name[:6]
        long = long[long["value"] != ""]
        long["value"] = long["value"].astype(int).astype(str)
        tables.append(long[["urn", "upn", "subject", "term", "value"]])
    return pd.concat(tables) if tables else None


def main(home: Path, out: Path) -> None:
    """Read the inbox of a home and write records and KPI values below `out`."""
    out.mkdir(parents=True, exist_ok=True)
    database = duckdb.connect()
    read_records(database, Files(home / "inbox", out / "recoded"))
    told = yaml.safe_load((home / "trust.yml").read_text("utf-8"))
    halves = [
        (dates["la_code"], name, span["starts"], span["ends"])
        for dates in told["term_dates"]
        for name, span in dates["half_terms"].items()
    ]
    database.register("half_terms", pd.DataFrame(halves, columns=["la_code", "half_term", "starts", "ends"]))
    database.execute(f"create table schools as from read_csv('{home / 'schools.csv'}', all_varchar=true)")
    database.execute(f"create table codes as from read_csv('{SEED}') where valid_to is null")
    for statement in SQL.read_text("utf-8").split(";\n"):
        if statement.strip():
            database.execute(statement.replace("{out}", str(out)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
