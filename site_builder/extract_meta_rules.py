"""The rules of official statistics for the `.meta.csv` beside a data file: what it lists, and how.

Here live the rules about the metadata. Those about the data file itself live in extract_rules.py.
"""

from __future__ import annotations

import re

from site_builder.extract_meta import META_COLUMNS
from site_builder.screened_file import BLANK, PLACES, ScreenedFile

OPTIONAL = ("filter_default", "parent_filter")
_ONLY_OF_OTHERS = {"Indicator": ("filter_hint", "filter_grouping_column"), "Filter": ("indicator_grouping",)}
UNITS = (BLANK, "£", "£m", "%", "pp", "numberstring")
# A heading that holds one of these hides a filter in the name of a figure.
_HIDDEN_FILTERS = re.compile("male|asian|chinese|black|african|caribbean|white|irish|english|british|welsh|roma|arab")


def _lines(file: ScreenedFile, kind: str = "") -> list[dict[str, str]]:
    return [line for line in file.meta if not kind or line["col_type"] == kind]


def find_meta(file: ScreenedFile) -> list[str]:
    """Say that no metadata stands beside the data."""
    return [] if file.has_meta else [f"there is no {file.stem}.meta.csv with col_name and col_type"]


def find_column_faults(file: ScreenedFile) -> list[str] | None:
    """Headings of the metadata that are not those agreed, in their order."""
    if not file.has_meta:
        return None
    allowed = [list(META_COLUMNS), [*META_COLUMNS, OPTIONAL[0]], [*META_COLUMNS, *OPTIONAL]]
    return [] if file.meta_header in allowed else [", ".join(file.meta_header)]


def find_strangers(file: ScreenedFile) -> list[str] | None:
    """Lines about columns that the data has not."""
    if not file.has_meta or not file.columns:
        return None
    return [line["col_name"] for line in file.meta if line["col_name"] not in file.columns]


def find_unlisted(file: ScreenedFile) -> list[str] | None:
    """Columns of the data with more than one value that no line is about."""
    if not file.has_meta or not file.columns:
        return None
    known = {*PLACES, *(line["col_name"] for line in file.meta), *file.groupings().values()}
    return [name for name in file.header if name not in known and len(file.values[name]) > 1]


def find_repeats(file: ScreenedFile) -> list[str] | None:
    """Columns with several lines."""
    names = [line["col_name"] for line in file.meta] if file.has_meta else []
    return sorted({name for name in names if names.count(name) > 1}) if file.has_meta else None


def find_odd_types(file: ScreenedFile) -> list[str] | None:
    """Types other than the two there are."""
    if not file.has_meta:
        return None
    odd = [line for line in file.meta if line["col_type"] not in ("Filter", "Indicator")]
    return [f"{line['col_name']} is a {line['col_type'] or 'blank'}" for line in odd]


def find_label_faults(file: ScreenedFile) -> list[str] | None:
    """Labels that are blank or stand twice."""
    if not file.has_meta:
        return None
    labels = [line.get("label", BLANK) for line in file.meta]
    blank = [f"{line['col_name']} has none" for line in file.meta if not line.get("label", BLANK).strip()]
    twice = {label for label in labels if label and labels.count(label) > 1}
    return [*blank, *(f"{label} stands twice" for label in sorted(twice))]


def find_long_labels(file: ScreenedFile) -> list[str] | None:
    """Labels too long for the application interface."""
    if not file.has_meta:
        return None
    return [line["col_name"] for line in file.meta if len(line.get("label", BLANK)) > 100]


def find_odd_units(file: ScreenedFile) -> list[str] | None:
    """Units that are not on the list, or that a filter has."""
    if not file.has_meta:
        return None
    odd = [line for line in _lines(file, "Indicator") if line.get("indicator_unit", BLANK) not in UNITS]
    of_filter = [line for line in _lines(file, "Filter") if line.get("indicator_unit", BLANK)]
    return [f"{line['col_name']} has {line['indicator_unit']}" for line in (*odd, *of_filter)]


def find_odd_places(file: ScreenedFile) -> list[str] | None:
    """Decimals that are no whole number, or that a filter has."""
    if not file.has_meta:
        return None
    odd = [line for line in _lines(file, "Indicator") if not re.fullmatch("[0-9]*", line.get("indicator_dp", BLANK))]
    of_filter = [line for line in _lines(file, "Filter") if line.get("indicator_dp", BLANK)]
    return [f"{line['col_name']} has {line['indicator_dp']}" for line in (*odd, *of_filter)]


def find_misplaced(file: ScreenedFile) -> list[str] | None:
    """Hints and groups of filters on indicators, groups of indicators on filters."""
    if not file.has_meta:
        return None
    return [
        f"{line['col_name']} has {name}"
        for kind, names in _ONLY_OF_OTHERS.items()
        for line in _lines(file, kind)
        for name in names
        if line.get(name, BLANK)
    ]


def find_listed_places(file: ScreenedFile) -> list[str] | None:
    """Time and geography, which need no line."""
    return [line["col_name"] for line in file.meta if line["col_name"] in PLACES] if file.has_meta else None


def find_single(file: ScreenedFile) -> list[str] | None:
    """Filters that nothing can be chosen by."""
    filters = [name for name in file.described("Filter") if name not in PLACES]
    return [name for name in filters if len(file.values[name]) < 2] if filters else None


def find_grouping_faults(file: ScreenedFile) -> list[str] | None:
    """Groups that are not there, have a line of their own, or are more than what they group."""
    grouped = file.groupings()
    if not grouped:
        return None
    listed = {line["col_name"] for line in file.meta}
    wrong = []
    for name, group in grouped.items():
        if group not in file.columns:
            wrong.append(f"{group}, which groups {name}, is not in the data")
        elif group in listed:
            wrong.append(f"{group} has a line of its own")
        elif len(file.values[group]) > len(file.values[name]):
            wrong.append(f"{group} has more values than {name}, which it groups")
    return wrong


def find_loose_breakdown(file: ScreenedFile) -> list[str] | None:
    """A breakdown that its topic does not group."""
    if not file.has_meta or not {"breakdown", "breakdown_topic"} <= set(file.columns):
        return None
    lines = [line for line in file.meta if line["col_name"] == "breakdown"]
    return ["breakdown"] if lines and not lines[0].get("filter_grouping_column") else []


def find_hidden_filters(file: ScreenedFile) -> list[str] | None:
    """Figures whose name holds what a filter should."""
    names = file.described("Indicator")
    return [name for name in names if _HIDDEN_FILTERS.search(name)] if names else None
