"""The rules of official statistics for a data file: its name, headings, places, times, filters and figures.

Here live the rules that matter of those the national statistics screener holds a file to, written anew from the
published guidance. Those about the metadata live in extract_meta_rules.py; extract_screening.py lists them all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc

from site_builder.extract_column import FILE_SYMBOLS
from site_builder.screened_file import BLANK, CODES, PLACES, ScreenedFile

MANDATORY = ("time_period", "time_identifier", "geographic_level", "country_code", "country_name")
OF_SCHOOL = ("school_name", "school_urn", "school_laestab", "old_la_code", "new_la_code", "la_name")
OF_MAT = ("trust_id", "trust_name")
LEVELS = ("National", "Regional", "Local authority", "Local authority district", "MAT", "Sponsor", "School", "Provider")
COUNTRIES = {"E92000001": "England", "K02000001": "United Kingdom", "K03000001": "Great Britain", "x": "Not available"}
SIX_DIGITS = ("Academic year", "Financial year", "Tax year", "Reporting year")
TERMS = ("Autumn term", "Spring term", "Summer term", "Autumn and spring term")
_UNKNOWN = {"x": "Not available", "z": "Not applicable"}
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_TOTAL_OTHERWISE = re.compile(r"(?i)total|all|all pupils|all schools|overall")
_PERIOD = re.compile(r"(19|20)[0-9]{2}")


def _absent(file: ScreenedFile, names: Iterable[str]) -> list[str]:
    return [f"there is no {name}" for name in names if name not in file.columns]


def find_odd_name(file: ScreenedFile) -> list[str]:
    """A name with anything but lower-case letters, digits, _ and -, or too long."""
    right = re.fullmatch(r"[a-z0-9_-]{1,50}\.csv", file.name)
    return [] if right else [f"the file is called {file.name}"]


def find_period_in_name(file: ScreenedFile) -> list[str]:
    """A year in the name."""
    return [f"{found.group()} in {file.name}" for found in [_PERIOD.search(file.name)] if found]


def find_odd_bytes(file: ScreenedFile) -> list[str]:
    """Bytes that are not UTF-8."""
    return [] if file.is_utf8 else ["bytes that are not UTF-8"]


def find_misshapen_rows(file: ScreenedFile) -> list[str] | None:
    """Rows that have not as many cells as the headings."""
    if not file.is_utf8:
        return None
    return ["no table" if row == 0 else f"row {row} has not as many cells as the headings" for row in file.misshapen]


def find_odd_headings(file: ScreenedFile) -> list[str] | None:
    """Headings that are not snake_case."""
    return [name for name in file.header if not re.fullmatch("[a-z][a-z0-9_]*", name)] if file.columns else None


def find_long_headings(file: ScreenedFile) -> list[str] | None:
    """Headings longer than people can read in a table."""
    return [name for name in file.header if 35 < len(name) <= 50] if file.columns else None


def find_repeated_headings(file: ScreenedFile) -> list[str]:
    """Headings that stand twice."""
    return sorted({name for name in file.header if file.header.count(name) > 1})


def find_absent_mandatory(file: ScreenedFile) -> list[str] | None:
    """Columns every file must have."""
    return _absent(file, MANDATORY) if file.columns else None


def find_absent_of_school(file: ScreenedFile) -> list[str] | None:
    """Columns a file of schools must have."""
    return _absent(file, OF_SCHOOL) if "School" in file.levels() else None


def find_absent_of_mat(file: ScreenedFile) -> list[str] | None:
    """Columns a file of trusts must have."""
    return _absent(file, OF_MAT) if "MAT" in file.levels() else None


def find_odd_levels(file: ScreenedFile) -> list[str] | None:
    """Geographic levels that are not on the list."""
    if "geographic_level" not in file.columns:
        return None
    return [level for level in file.levels() if level not in LEVELS and level != BLANK]


def find_mixed_levels(file: ScreenedFile) -> list[str] | None:
    """Rows of another level beside those of schools."""
    levels = file.levels()
    if "School" not in levels:
        return None
    return [f"rows of the level {level} beside those of schools" for level in levels if level not in ("School", BLANK)]


def _pairs(file: ScreenedFile, code: str, name: str) -> list[tuple[str, str]]:
    if code not in file.columns or name not in file.columns:
        return []
    joined = pc.binary_join_element_wise(file.columns[code], file.columns[name], "\x1f")
    return [tuple(pair.split("\x1f", 1)) for pair in sorted(pc.unique(joined).to_pylist())]


def find_odd_countries(file: ScreenedFile) -> list[str] | None:
    """Country codes with a name that is not theirs."""
    if not {"country_code", "country_name"} <= set(file.columns):
        return None
    pairs = [pair for pair in _pairs(file, "country_code", "country_name") if BLANK not in pair]
    return [f"{code} with {name}" for code, name in pairs if COUNTRIES.get(code) != name]


def find_half_unknown_places(file: ScreenedFile) -> list[str] | None:
    """Unknown places that are not said to be so in both code and name."""
    pairs = [*_pairs(file, "region_code", "region_name"), *_pairs(file, "new_la_code", "la_name")]
    if not pairs:
        return None
    names = set(_UNKNOWN.values())
    return [f"{c} with {n}" for c, n in pairs if (c in _UNKNOWN or n in names) and _UNKNOWN.get(c) != n]


def find_many_names(file: ScreenedFile) -> list[str] | None:
    """Codes with several names."""
    pairs = [*_pairs(file, "school_urn", "school_name"), *_pairs(file, "trust_id", "trust_name")]
    if not pairs:
        return None
    codes = [code for code, _ in pairs if code not in _UNKNOWN]
    return [f"{code} has several names" for code in sorted({code for code in codes if codes.count(code) > 1})]


def find_blank_places(file: ScreenedFile) -> list[str] | None:
    """Blank cells of time and place."""
    if not file.columns:
        return None
    wanted = [*MANDATORY, *(OF_SCHOOL if "School" in file.levels() else OF_MAT if "MAT" in file.levels() else ())]
    return [f"blank cells in {name}" for name in wanted if BLANK in file.values.get(name, [])]


def find_total_places(file: ScreenedFile) -> list[str] | None:
    """Totals where a time or place should stand."""
    if not file.columns:
        return None
    return [f"{n} holds {v}" for n in PLACES for v in file.values.get(n, []) if v.lower() in ("total", "all")]


def _family(identifier: str) -> str:
    return "term" if identifier in TERMS else identifier


def find_mixed_times(file: ScreenedFile) -> list[str] | None:
    """Years and terms in one file."""
    if "time_identifier" not in file.columns:
        return None
    families = sorted({_family(found) for found in file.values["time_identifier"] if found != BLANK})
    return [f"{', '.join(families)} in one file"] if len(families) > 1 else []


def find_odd_periods(file: ScreenedFile) -> list[str] | None:
    """Time periods that do not fit their identifier."""
    if not {"time_period", "time_identifier"} <= set(file.columns):
        return None
    wrong = []
    for identifier, period in _pairs(file, "time_identifier", "time_period"):
        six = identifier in SIX_DIGITS or identifier in TERMS
        right = re.fullmatch("[0-9]{6}" if six else "[0-9]{4}", period)
        if right and six:
            right = right if (int(period[2:4]) + 1) % 100 == int(period[4:]) else None
        if not right and period != BLANK and identifier != BLANK:
            wrong.append(f"{period} as {identifier}")
    return wrong


def find_blank_filters(file: ScreenedFile) -> list[str] | None:
    """Blank cells in a filter."""
    names = file.filters()
    return [f"blank cells in {name}" for name in names if BLANK in file.values[name]] if names else None


def find_spaced_filters(file: ScreenedFile) -> list[str] | None:
    """Spaces about a filter's value."""
    names = file.filters()
    spaced = [(name, value) for name in names for value in file.values[name] if value != value.strip()]
    return [f"{name} holds {value!r}" for name, value in spaced] if names else None


def find_absent_totals(file: ScreenedFile) -> list[str] | None:
    """Grouped filters without a Total."""
    grouped = file.groupings()
    return [f"{name} has no Total" for name in grouped if "Total" not in file.values[name]] if grouped else None


def find_odd_totals(file: ScreenedFile) -> list[str] | None:
    """Totals by another name."""
    names = file.filters()
    cells = [(name, value) for name in names for value in file.values[name] if value != "Total"]
    return [f"{name} holds {v}" for name, v in cells if _TOTAL_OTHERWISE.fullmatch(v.strip())] if names else None


def find_twin_rows(file: ScreenedFile) -> list[str] | None:
    """Rows with the same time, place and filters."""
    if not file.has_meta or not file.columns:
        return None
    # What no row is chosen by (a filter of one value) tells nothing apart, and a comparison is what was found.
    telling = [name for name in file.header if name in PLACES or name in file.filters()]
    key = pc.binary_join_element_wise(*(file.columns[name] for name in telling if name != "comparison_flag"), "\x1f")
    counts = pc.value_counts(key)
    often = pc.greater(pc.struct_field(counts, "counts"), 1)
    twins = pc.struct_field(counts, "values").filter(often).to_pylist()
    return [f"several rows of {', '.join(twin.split(chr(31))[-8:])}" for twin in sorted(twins)]


def find_blank_figures(file: ScreenedFile) -> list[str] | None:
    """Blank cells among figures."""
    names = file.described("Indicator")
    return [f"blank cells in {name}" for name in names if BLANK in file.values[name]] if names else None


def find_odd_figures(file: ScreenedFile) -> list[str] | None:
    """Cells that are neither a plain number nor a known symbol."""
    names = file.described("Indicator")
    if not names:
        return None
    known = pa.array([*FILE_SYMBOLS, BLANK])
    wrong = []
    for name in names:
        cells = pa.array(file.values[name], pa.string())
        odd = cells.filter(
            pc.invert(pc.or_(pc.is_in(cells, known), pc.match_substring_regex(cells, r"^-?\d+(\.\d+)?$")))
        )
        wrong += [f"{name} holds {value!r}" for value in odd.to_pylist()]
    return wrong


def find_coarse_figures(file: ScreenedFile) -> list[str] | None:
    """Figures with fewer decimals than are to be shown."""
    wanted = {
        line["col_name"]: int(line["indicator_dp"])
        for line in (file.meta if file.has_meta else [])
        if line.get("indicator_dp", "").isdigit() and line["col_name"] in file.columns
    }
    decimals = {
        name: max((len(v.partition(".")[2]) for v in file.values[name] if _NUMBER.fullmatch(v)), default=dp)
        for name, dp in wanted.items()
    }
    return [f"{n} has {decimals[n]} and shows {dp}" for n, dp in wanted.items() if decimals[n] < dp] if wanted else None


def find_api_long_headings(file: ScreenedFile) -> list[str] | None:
    """Headings too long for the application interface."""
    return [name for name in file.header if len(name) > 50] if file.columns else None


def find_api_long_codes(file: ScreenedFile) -> list[str] | None:
    """Codes of places too long for the application interface."""
    codes = [(name, value) for name in CODES for value in file.values.get(name, [])]
    return [f"{name} holds {value}" for name, value in codes if len(value) > 30] if codes else None


def find_api_long_values(file: ScreenedFile) -> list[str] | None:
    """Values too long for the application interface."""
    names = [*file.filters(), *(name for name in PLACES if name.endswith("_name") and name in file.columns)]
    long = [(name, value) for name in names for value in file.values[name] if len(value) > 120]
    return [f"{name} holds {value[:40]}..." for name, value in long] if names else None
