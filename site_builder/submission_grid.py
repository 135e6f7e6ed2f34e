"""The grid of submissions: schools down, feeds and their periods across, one state a cell.

Here live the tables of published_submissions that the data page and a school's page show, and the words of their
states. When something is late is decided in dbt.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from site_builder.context import Context
from site_builder.records import Submission
from site_builder.tables import Cell, Head, Row, Table, count_cell, heads
from site_builder.words import in_words
from site_builder.writing import show_date

FEEDS = ("Pupils", "Attendance", "Results", "Suspensions", "Groups")
# State -> class for the stylesheet, glyph: told apart by shape, never by colour alone.
STATES = {
    "received": ("received", "●"),
    "in part": ("part", "◐"),
    "could not be used yet": ("held", "▲"),
    "late": ("late", "◆"),
    "due": ("due", "◇"),
    "not due yet": ("later", "·"),
    "not sent": ("missing", "○"),
    "not expected": ("none", "–"),
}

NOT_BEGUN = ("not due yet", "not expected")
SCHOOLS_A_TABLE = 60

Column = tuple[int, int, str, str, str]


def _column_of(row: Submission) -> Column:
    feed = FEEDS.index(row.feed) if row.feed in FEEDS else len(FEEDS)
    return (feed, row.period_sort, row.feed, row.period, row.period_title)


def state_cell(row: Submission | None) -> Cell:
    """The state of one submission: a glyph, with the sentence that says it."""
    if row is None:
        state, glyph = STATES["not expected"]
        return Cell(glyph, "state", title="not expected", state=state)
    state, glyph = STATES[in_words({known: known for known in STATES}, row.state, "the state of a submission")]
    return Cell(glyph, "state", title=f"{row.state}: {row.state_words}", state=state)


def years_of(context: Context) -> list[str]:
    """The academic years of the grid, the latest first; one of which nothing is due yet is not there."""
    begun = {row.academic_year for row in context.published.submissions if row.state not in NOT_BEGUN}
    return sorted(begun, reverse=True)


def grid_of_year(context: Context, year: str) -> list[Table]:
    """Schools by name down, every feed's periods of the year across; a table to every so many schools."""
    of_year = [row for row in context.published.submissions if row.academic_year == year]
    # A period in which nobody is expected to send says nothing.
    columns = sorted({_column_of(row) for row in of_year if row.state != "not expected"})
    by_school: dict[str, dict[Column, Submission]] = defaultdict(dict)
    for row in of_year:
        by_school[row.urn][_column_of(row)] = row
    upper: list[Head] = [Head("School", rowspan=2)]
    for feed in FEEDS:
        width = sum(1 for column in columns if column[2] == feed)
        if width:
            upper.append(Head(feed, "group", colspan=width))
    # The year stands in the caption.
    lower = [Head(column[4].removesuffix(f" {year}"), "state") for column in columns]
    rows = [
        Row(
            [
                Cell(school.name, href=f"received/{school.urn}.html"),
                *(state_cell(by_school[school.urn].get(column)) for column in columns),
            ]
        )
        for school in context.published.schools
        if school.urn in by_school
    ]
    caption = f"What each school has sent for {year}"
    cuts = range(0, len(rows), SCHOOLS_A_TABLE)
    return [
        Table(
            caption if len(cuts) == 1 else f"{caption}: {rows[cut].cells[0].text} and on",
            [upper, lower],
            rows[cut : cut + SCHOOLS_A_TABLE],
            wide=len(columns) > 10,
            grid=True,
        )
        for cut in cuts
    ]


def freshness_table(context: Context) -> Table | None:
    """How far each school's data of each feed reaches, and whether that is late."""
    rows = [
        Row(
            [
                Cell(row.school_name, href=f"schools/{row.urn}.html"),
                Cell(row.feed),
                Cell(show_date(row.data_to, "–"), "nowrap"),
                Cell(show_date(row.received_on, "–"), "nowrap"),
                Cell(row.state, "phrase"),
                Cell(row.words, "prose"),
            ]
        )
        for row in sorted(context.published.freshness, key=lambda r: (r.school_name, r.urn, FEEDS.index(r.feed)))
        if row.state != "not expected"
    ]
    names = ("School", "Feed", "Data up to", "Received on", "State", "In words")
    return Table("How far each school's data reaches", heads(*names), rows) if rows else None


def own_submissions(context: Context, urn: str, years: Iterable[str]) -> Table | None:
    """One school's submissions of those years in words, the latest first; None where there is none."""
    wanted = set(years)
    own = [row for row in context.published.submissions if row.urn == urn and row.academic_year in wanted]
    if not own:
        return None
    rows = [
        Row(
            [
                Cell(row.feed),
                Cell(row.academic_year, "nowrap"),
                Cell(row.period_title),
                _state_in_words(row),
                Cell(show_date(row.latest_received_on, "–"), "nowrap"),
                _records_cell(context, row),
            ]
        )
        for row in sorted(own, key=lambda r: (FEEDS.index(r.feed), r.academic_year, r.period_sort))
    ]
    names = ("Feed", "Year", "For", "State", "Latest file", "Records used")
    return Table("What was sent, and for when", heads(*names, numbers=names[-1:]), rows)


def _records_cell(context: Context, row: Submission) -> Cell:
    """How many records were used, hidden where that would tell of a hidden figure."""
    few = 0 < (row.records or 0) < context.published.run.site_min_n
    # A receipt whose counts are hidden would be told by the records of its period.
    hidden = few or any(context.counts_hidden(row.urn, receipt.receipt_id) for receipt in context.receipts(row.urn))
    return count_cell(row.records, "z" if row.records is None else "c" if hidden else None)


def _state_in_words(row: Submission) -> Cell:
    cell = state_cell(row)
    return Cell(row.state, "statement", note=row.state_words, glyph=cell.text, state=cell.state)

