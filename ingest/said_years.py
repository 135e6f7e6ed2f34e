"""Said years: of which academic year each row of a file speaks, so that a name alone is not taken for a leaver's.

Here lives the reading of a row's academic year: what the file says, else the year its days lie in. Whose row it is
lives in `identities`; the years of the records themselves are read with them (see `typed_records`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest.format_file import FormatFile, RecordRule
from ingest.layout import DataRows
from ingest.pattern import plain_text
from ingest.recognise import Header
from ingest.values import NotAValue, read_academic_year, read_date

YEAR = "academic_year"
# The day that places a record; a first day on roll or a birth date places none.
DAYS = ("session_date", "to_date", "starts_on", "judged_on")
FIRST_MONTH = 8  # August belongs to the year that follows


def read_years(data: DataRows, header: Header) -> dict[int, str]:
    """Return the academic year, as 2024/25, of each data row that says one; the latest where it says several.

    Said in a column, a heading or the title; else it follows from the row's days, else from the day of export.
    """
    form, title = header.format, ""
    years: dict[int, str] = {}
    for place, is_day in _find_places(data, header):
        known: dict[str, str] = {}
        if isinstance(place, str):
            title = max(title, _read_year(place, form, is_day=is_day))
            continue
        for number, text in zip(data.numbers, place, strict=True):
            if text not in known:
                known[text] = _read_year(text, form, is_day=is_day)
            if known[text]:
                years[number] = max(years.get(number, ""), known[text])
    if not title and not years:
        title = _read_year(data.said.get("exported_on", ""), form, is_day=True)
    return {number: year for number in data.numbers if (year := max(title, years.get(number, "")))}


def _find_places(data: DataRows, header: Header) -> Iterator[tuple[str | Sequence[str], bool]]:
    """Yield where a year is said (one text for all rows, or one a row); if nowhere, where days are (True)."""
    rules = list(enumerate(header.format.records))
    if header.format.makes_roll:
        rules = [(n, rule) for n, rule in rules if rule.kind == "pupils"]
    said = [(place, False) for n, rule in rules for place in _hear(n, rule, YEAR, data, header)]
    if not said and not header.format.makes_roll:
        for day in DAYS:
            said += [(place, True) for n, rule in rules for place in _hear(n, rule, day, data, header)]
    yield from said


def _hear(
    number: int, rule: RecordRule, column: str, data: DataRows, header: Header
) -> Iterator[str | Sequence[str]]:
    if column in rule.set:
        yield rule.set[column]
    word = rule.fields.get(column, "")
    if rule.each_mark is not None and word == "day":
        word = rule.each_mark.first_day
    if not word:
        return
    if rule.pattern is not None and word in rule.pattern.places:
        for position in header.wide.get(number, ()):
            yield (rule.pattern.match(header.cells[position]) or {}).get(word, "")
        return
    name = next((name for name, ours in header.format.columns.items() if ours == word), None)
    if name is not None and name in header.places:
        yield data.column(header.places[name])
    elif word in data.said:
        yield data.said[word]


def _read_year(text: str, form: FormatFile, *, is_day: bool) -> str:
    """Return the year a text says, or a day lies in; '' where it cannot be read."""
    plain = plain_text(text)
    if not plain:
        return ""
    try:
        if not is_day:
            spelt = {plain_text(seen).casefold(): ours for seen, ours in form.values.get(YEAR, {}).items()}
            return read_academic_year(spelt.get(plain.casefold(), plain))
        day = read_date(plain, form.dates)
    except NotAValue:
        return ""
    first = day.year - (day.month < FIRST_MONTH)
    return f"{first}/{(first + 1) % 100:02d}"
