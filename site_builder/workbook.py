"""plumbline_kpis.xlsx: one folder's figures as a workbook that a person, or a screen reader, can find the way in.

Here lives which sheets there are, in what order, and what stands in those about the others. The long tables' columns
live in workbook_tables.py, their rows in sheet_rows.py, the headline in workbook_headline.py. As the guidance for
official statistics asks: a title in A1, a sentence that says how many tables there are, one marked-up table a sheet,
nothing merged, no blank row or column inside, no meaning by colour alone.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import xlsxwriter
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from site_builder import words
from site_builder.context import Context
from site_builder.dictionary import COLUMNS, DictionaryPart
from site_builder.extract_column import FILE_SYMBOLS
from site_builder.extracts import Extract
from site_builder.sheet_rows import LongRows, repack, set_extent, set_rows, style_of
from site_builder.workbook_headline import NO_FIGURE, Headline, gather_headline
from site_builder.workbook_tables import LongSheet, list_long_sheets
from site_builder.writing import show_date

HEADER_ROW = 4  # from 0: the title, two sentences and the source stand above
DECIMALS = range(7)
PATTERNS = len(DECIMALS) + 1  # rows that carry the formats of decimals and symbols, until the real rows come
LINE = 15  # points
_WIDEST, _NARROWEST = 60, 9
_ONE_TABLE = "This worksheet contains one table."
_SEE_NOTES = "Some cells hold a symbol in square brackets, such as [c]: the worksheet Notes says what each means."
HEADLINE_TITLE = "Latest figure of each KPI: the trust and its schools"
WHO = {"site": "all leaders of the trust", "central": "the trust's central team"}


@dataclass
class _Book:
    """The workbook being written, and its formats."""

    file: Workbook
    text: object
    wrapped: object
    title: object
    heading: object
    link: object
    symbol: object
    number: dict[int, object]
    source: str


def _open(out: io.BytesIO, context: Context) -> _Book:
    run, identity = context.published.run, context.identity
    as_of = identity.as_of
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_format_properties": {"font_name": "Arial", "font_size": 11},
    }
    file = xlsxwriter.Workbook(out, options)
    file.set_properties(
        {
            "title": f"KPIs of {run.trust_name}, {show_date(as_of)}",
            "subject": "Key performance indicators of a multi-academy trust and its schools",
            "author": run.trust_name,
            "comments": f"Release {identity.release_id}",
            "created": dt.datetime(as_of.year, as_of.month, as_of.day, tzinfo=dt.UTC),
        }
    )
    left = {"align": "left", "valign": "top"}
    figures = {"align": "right", "valign": "top", "indent": 1}
    return _Book(
        file,
        text=file.add_format(left),
        wrapped=file.add_format({**left, "text_wrap": True}),
        title=file.add_format({**left, "bold": True, "font_size": 15}),
        heading=file.add_format({**left, "bold": True, "text_wrap": True}),
        link=file.add_format({**left, "font_color": "#12436D", "underline": 1}),
        symbol=file.add_format(figures),
        number={dp: file.add_format({**figures, "num_format": f"0.{'0' * dp}".rstrip(".")}) for dp in DECIMALS},
        source=f"Source: {run.trust_name}, release {identity.release_id}, as at {show_date(as_of)}.",
    )


def _start(book: _Book, name: str, title: str, lines: Sequence[str]) -> Worksheet:
    sheet = book.file.add_worksheet(name)
    sheet.write_string(0, 0, title, book.title)
    sheet.set_row(0, 24)
    for row, line in enumerate(lines, start=1):
        sheet.write_string(row, 0, line, book.text)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.hide_gridlines(2)
    return sheet


def _mark_up(book: _Book, sheet: Worksheet, name: str, headings: Sequence[str], rows: int) -> None:
    """The table's marks: its name, its headings, and the header that stays in sight."""
    last = HEADER_ROW + rows
    columns = [{"header": heading, "header_format": book.heading} for heading in headings]
    marks = {"name": name, "columns": columns, "style": "Table Style Light 1"}
    sheet.add_table(HEADER_ROW, 0, last, len(headings) - 1, marks)
    sheet.freeze_panes(HEADER_ROW + 1, 0)
    sheet.repeat_rows(HEADER_ROW)


def _lines(text: str, width: int) -> int:
    """How many lines a text takes in a column so wide; whole words are kept together, hence the two signs less."""
    return -(-len(text) // max(width - 2, 1))


def _set_widths(book: _Book, sheet: Worksheet, headings: Sequence[str], longest: Sequence[int]) -> list[int]:
    """Each column as wide as its longest cell or its heading's longest word, within reason; and the header's height."""
    widths = []
    for place, (heading, cell) in enumerate(zip(headings, longest, strict=True)):
        word = max((len(part) for part in heading.split()), default=0) + 3  # the filter's arrow covers some
        widths.append(min(max(cell + 3, word, len(heading) // 4, _NARROWEST), _WIDEST))
        sheet.set_column(place, place, widths[-1])
    height = max(_lines(heading, width) for heading, width in zip(headings, widths, strict=True))
    sheet.set_row(HEADER_ROW, LINE * (height + 1), book.heading)  # the arrow stands on a line of its own
    return widths


def _write_text_table(
    book: _Book, name: str, title: str, table: str, headings: Sequence[str], rows: Sequence[Sequence[str]], about: str
) -> None:
    sheet = _start(book, name, title, [_ONE_TABLE, about, book.source])
    _mark_up(book, sheet, table, headings, len(rows))
    widths = _set_widths(
        book, sheet, headings, [max(len(row[place]) for row in rows) for place in range(len(headings))]
    )
    for number, row in enumerate(rows, start=HEADER_ROW + 1):
        # Not every program makes a row as high as its text by itself.
        sheet.set_row(number, LINE * max(_lines(cell, width) for cell, width in zip(row, widths, strict=True)))
        for place, cell in enumerate(row):
            sheet.write_string(number, place, cell, book.wrapped)


def _write_headline(book: _Book, headline: Headline) -> None:
    headings = ["URN", "School", "Phase", *(column.heading for column in headline.columns)]
    lines = [_ONE_TABLE, _SEE_NOTES, book.source]
    sheet = _start(book, "Headline", HEADLINE_TITLE, lines)
    _mark_up(book, sheet, "headline", headings, len(headline.units))
    sheet.freeze_panes(HEADER_ROW + 1, 2)
    for row, (code, name, phase) in enumerate(headline.units, start=HEADER_ROW + 1):
        for place, text in enumerate((code or "trust", name, phase)):
            sheet.write_string(row, place, text, book.text)
        for place, column in enumerate(headline.columns, start=3):
            cell = column.cells.get(code, NO_FIGURE)
            if cell[-1:].isdigit():
                sheet.write_number(row, place, float(cell), book.number[min(column.dp, 6)])
            else:
                sheet.write_string(row, place, cell if cell == NO_FIGURE else f"[{cell}]", book.symbol)
    longest = [max(len(unit[place]) for unit in headline.units) for place in range(3)]
    _set_widths(book, sheet, headings, [*longest, *(len(NO_FIGURE) for _ in headline.columns)])


def _write_long(book: _Book, sheet: LongSheet) -> None:
    """A long sheet without its rows: pattern rows in their place carry the formats of each column."""
    written = _start(book, sheet.name, sheet.title, [_ONE_TABLE, f"{sheet.about} {_SEE_NOTES}", book.source])
    headings = [column.heading for column in sheet.columns]
    _mark_up(book, written, sheet.table, headings, PATTERNS)  # the writer would visit every cell of a long table
    for place, column in enumerate(sheet.columns):
        if column.dp is None:
            written.write_string(HEADER_ROW + 1, place, "", book.text)
            continue
        for dp in DECIMALS:
            written.write_number(HEADER_ROW + 1 + dp, place, 0, book.number[dp])
        written.write_string(HEADER_ROW + PATTERNS, place, "", book.symbol)
    _set_widths(book, written, headings, [column.longest for column in sheet.columns])


def _notes() -> list[list[str]]:
    rows = [["Symbol", f"[{symbol}]", meaning] for symbol, meaning in FILE_SYMBOLS.items()]
    rows.append(["Symbol", NO_FIGURE, words.SYMBOLS["–"]])
    rows += [["Interval", name, meaning] for name, meaning in words.INTERVALS.items()]
    reading = "Where a figure's 95% interval is wide, chance alone could have moved it far: few pupils are behind it."
    rows.append(["Interval", "how to read it", reading])
    rows += [
        ["Comparability class", "[z]" if name == "z" else name, meaning]
        for name, meaning in words.COMPARABILITY.items()
    ]
    compared = "Compared with the trust's figure by more than chance (above, below), or not (about the same)."
    rows.append(["Comparison", "compared with the trust", compared])
    lens = "A school's figures count where its pupils were at the time; a trust figure says how many schools are in it."
    rows.append(["Membership", "which schools are in a figure", lens])
    rows.append(["Decimals", "shown and kept", "Cells show the KPI's decimals; each holds six."])
    return rows


def _write_cover(book: _Book, context: Context, audience: str) -> Worksheet:
    run, identity = context.published.run, context.identity
    lines = [
        f"Release {identity.release_id}, as at {show_date(identity.as_of)}.",
        "Every figure the trust makes of itself and its schools, with its 95% interval and the pupils behind it.",
        f"For {WHO[audience]}. Figures of few pupils are hidden as the trust's policy for these readers says.",
        "The worksheet Contents leads to each table; Notes explains the symbols; Dictionary explains each column.",
        "The same figures are beside this workbook as CSV and Parquet, described by datapackage.json.",
        f"Questions: ask the data team of {run.trust_name}, and name the release and the worksheet.",
        *(["This trust, its schools and its pupils are invented."] if run.demo else []),
    ]
    cover = _start(book, "Cover", f"KPIs of {run.trust_name}", lines)
    cover.set_column(0, 0, 110)
    return cover


def _write_contents(book: _Book, listed: Sequence[tuple[str, str, int]]) -> None:
    headings = ["Worksheet", "What it holds", "Rows"]
    contents = _start(book, "Contents", "Contents", [_ONE_TABLE, "Choose a name to go to the worksheet.", book.source])
    _mark_up(book, contents, "contents", headings, len(listed))
    for row, (name, about, count) in enumerate(listed, start=HEADER_ROW + 1):
        contents.write_url(row, 0, f"internal:'{name}'!A1", book.link, name)
        contents.write_string(row, 1, about, book.text)
        contents.write_number(row, 2, count, book.number[0])
    _set_widths(book, contents, headings, [22, max(len(about) for _, about, _ in listed), 8])


def write_workbook(
    context: Context, extracts: Sequence[Extract], parts: Sequence[DictionaryPart], audience: str
) -> bytes:
    """The workbook of one folder; the same extracts give the same bytes."""
    out = io.BytesIO()
    book = _open(out, context)
    long_sheets = [sheet for extract in extracts for sheet in list_long_sheets(extract)]
    headline = gather_headline(context, audience)
    lines = [[getattr(line, name) or "none" for name in COLUMNS] for part in parts for line in part.lines]
    notes = _notes()
    listed = [("Headline", HEADLINE_TITLE, len(headline.units))] if headline else []
    listed.append(("Notes", "Symbols, intervals and comparability", len(notes)))
    listed.append(("Dictionary", "Every column, KPI and field read", len(lines)))
    listed += [(sheet.name, sheet.title, sheet.count) for sheet in long_sheets]
    cover = _write_cover(book, context, audience)
    _write_contents(book, listed)
    if headline:
        _write_headline(book, headline)
    _write_text_table(book, "Notes", "Notes", "notes", ["About", "Note", "Meaning"], notes, "One note a row.")
    names = [name.capitalize() for name in COLUMNS]
    about = "Names are those of the CSV and Parquet files; headings in this workbook are their labels."
    _write_text_table(book, "Dictionary", "Data dictionary", "dictionary", names, lines, about)
    for sheet in long_sheets:
        _write_long(book, sheet)
    cover.activate()
    book.file.close()
    return _finish(out.getvalue(), long_sheets, before=4 + (headline is not None))


def _finish(workbook: bytes, long_sheets: Sequence[LongSheet], before: int) -> bytes:
    """The written workbook with the long sheets' rows set in, and its language said."""
    changed: dict[str, Iterable[bytes]] = {}
    with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
        core = parts.read("docProps/core.xml")
        said = b"<dc:language>en-GB</dc:language></cp:coreProperties>"
        changed["docProps/core.xml"] = [core.replace(b"</cp:coreProperties>", said)]
        for place, sheet in enumerate(long_sheets, start=before + 1):
            name = f"xl/worksheets/sheet{place}.xml"
            xml = parts.read(name)
            first = HEADER_ROW + 2
            text = style_of(xml, first, 0)
            figures = next(number for number, column in enumerate(sheet.columns) if column.dp is not None)
            styles = [style_of(xml, first + dp, figures) for dp in DECIMALS]
            symbol = style_of(xml, first + len(DECIMALS), figures)
            columns = [column.styled(text, styles) for column in sheet.columns]
            table = f"xl/tables/table{place - 1}.xml"  # every sheet but the cover has one
            changed[table] = [set_extent(parts.read(table), sheet.table, HEADER_ROW + 1, len(columns), sheet.count)]
            changed[name] = set_rows(xml, LongRows(columns, sheet.start, sheet.count, first), symbol)
    return repack(workbook, changed)
