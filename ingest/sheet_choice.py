"""Sheet choice: which sheet of a file holds the export and in which format, or what comes nearest and what differs.

Here lives the decision and its words. Comparing one header with one format lives in `recognise`.
"""

from __future__ import annotations

from ingest.fixes import Fix, holds_number, show
from ingest.format_file import FormatFile
from ingest.home.problems import find_nearest
from ingest.landed import Landed, count_rows, refuse_file
from ingest.names import fold_name
from ingest.own_identifiers import NAME_WORDS
from ingest.pattern import plain_text
from ingest.readers import Sheet
from ingest.recognise import Header, find_header, name_column

KNOWN_TO_BE_SURE = 3


def choose_sheet(sheets: list[Sheet], formats: list[FormatFile]) -> tuple[Sheet, Header, list[Fix]] | Landed:
    """Return the one sheet in a known format with its header, or the refusal that says what comes nearest."""
    found = [(sheet, headers) for sheet in sheets if (headers := find_header(sheet, formats))]
    fitting = [(sheet, [h for h in headers if h.fits]) for sheet, headers in found if headers[0].fits]
    if len(fitting) > 1:
        names = ", ".join(f"“{sheet.name}”" for sheet, _ in fitting)
        return refuse_file(
            Landed(),
            f"Several sheets of this workbook hold an export: {names}.",
            "Save each of them as a file of its own.",
            code="several sheets",
            rows=count_rows(sheets),
        )
    if fitting:
        sheet, headers = fitting[0]
        header = headers[0]
        if len(headers) > 1 and _say_alike(header) == _say_alike(headers[1]):
            return refuse_file(
                Landed(),
                f"The file fits two formats alike: “{header.format.format}” and “{headers[1].format.format}”.",
                "Take out one of the two format files, or make their columns differ.",
                code="format in doubt",
                rows=count_rows(sheets),
            )
        return sheet, header, _look_at_header(sheets, sheet, header)
    if found:
        _, headers = max(found, key=lambda item: (item[1][0].matched, -len(item[1][0].missing)))
        return _say_nearest(headers[0], sheets)
    known = ", ".join(sorted(form.title for form in formats)) or "none yet"
    return refuse_file(
        Landed(),
        "No row of the file has the column headings of a known export.",
        f"Known exports: {known}. Check that this is one of them, or add its format (docs/add-a-format.md).",
        code="unknown format",
        rows=count_rows(sheets),
    )


def _say_alike(header: Header) -> tuple[int, int, int]:
    """What would tell two formats that both fit apart."""
    return header.matched, header.title_rows_fitting, len(header.extra)


def _say_nearest(header: Header, sheets: list[Sheet]) -> Landed:
    """Refuse a file whose header nearly fits, saying column by column what differs."""
    form = header.format
    landed = Landed(format=form)
    for name, positions in header.doubled.items():
        landed.fixes.append(
            Fix(
                code="column twice",
                field=plain_text(name),
                seen="the heading in columns " + " and ".join(name_column(i) for i in positions),
                expected="the heading once",
                remedy="Delete or rename the column that should not be read, then send the file again.",
                file_row=header.row + 1,
            )
        )
    # Only where most headings are known are the others surely headings, and no pupil's row: those are not repeated.
    surely = header.matched > len(header.missing)
    headings = [plain_text(header.cells[i]) for i in header.extra] if surely else []
    extra = [heading for heading in headings if not holds_number(heading)]
    for name in header.missing:
        near = find_nearest(plain_text(name), extra)
        landed.fixes.append(
            Fix(
                code="column missing",
                field=plain_text(name),
                seen=f"no such heading; the nearest is “{show(near)}”" if near else "no such heading",
                expected=f"a column headed “{name}”",
                remedy="Add the column to the export"
                + (", or name it under `also_called` in the format file." if near else "."),
                file_row=header.row + 1,
            )
        )
    differs = [
        *(f"“{plain_text(name)}” is missing" for name in header.missing),
        *(f"“{plain_text(name)}” stands twice" for name in header.doubled),
        *(f"“{show(name)}” is not known" for name in extra),
    ]
    return refuse_file(
        landed,
        f"The file is nearest to “{form.title}”, but " + "; ".join(differs) + ".",
        "Put the headings right and send the file again, or add a format of its own (docs/add-a-format.md).",
        code="header differs",
        rows=count_rows(sheets),
        file_row=header.row + 1,
    )


def _name_extra(header: Header, position: int, names: set[str]) -> str:
    """Return an unknown heading where it surely is one, else its column's letter: it may be a pupil's name.

    Of few known headings, one may fit by chance, as where a sheet is laid on its side and pupils head its columns.
    `names`: words of the file's own names, of which none may stand in it.
    """
    heading = plain_text(header.cells[position])
    surely = header.matched >= KNOWN_TO_BE_SURE and header.matched > len(header.extra)
    shown = surely and heading and not holds_number(heading) and names.isdisjoint(fold_name(heading).split())
    return show(heading) if shown else f"column {name_column(position)}"


def _list_names(sheet: Sheet, header: Header) -> set[str]:
    """Return the words of the names below a header."""
    named = [header.places[n] for n, word in header.format.columns.items() if word in NAME_WORDS and n in header.places]
    cells = {row[i] for row in sheet.rows[header.row + 1 :] for i in named if i < len(row)}
    return {word for cell in cells for word in fold_name(cell).split()}


def _look_at_header(sheets: list[Sheet], used: Sheet, header: Header) -> list[Fix]:
    names = _list_names(used, header) if header.extra else set()
    fixes = [
        Fix(
            code="column not read",
            field=_name_extra(header, i, names),
            seen="a column the format does not name",
            expected="only columns the format reads or leaves out",
            remedy="Nothing to do. If it matters, add it to the format file; if not, list it under `leave_out`.",
            file_row=header.row + 1,
            severity="look",
        )
        for i in header.extra
    ]
    fixes.extend(
        Fix(
            code="sheet not read",
            field=f"sheet {number}",
            seen=f"{len(sheet.rows)} rows in a sheet that is not in a known format",
            expected="one sheet with the export",
            remedy="Nothing to do if the sheet holds notes; if it holds data, save it as a file of its own.",
            severity="look",
        )
        for number, sheet in enumerate(sheets, start=1)
        if sheet is not used
    )
    return fixes
