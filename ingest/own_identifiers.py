"""Own identifiers: what the rows of a file say of their pupils, and whether another cell of a row says it too.

A row that slid sideways, or a name typed into a mark, puts an identifier where records are made from. Here lives
the finding of such texts; how a text is shown lives in `fixes`, and whose row it is in `identities`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property

from ingest.fixes import describe_shape, show_cell
from ingest.format_file import IDENTITY_WORDS
from ingest.layout import DataRows
from ingest.names import fold_name
from ingest.recognise import Header
from ingest.upn import read_upn
from ingest.values import NotAValue, read_date

OWN_IDENTIFIER = "what identifies the pupil stands in another column"
NAME_WORDS = ("surname", "forename", "full_name")
# A text so short is a mark or a score far more often than a name.
SHORTEST_TOLD = 4


class OwnIdentifiers:
    """The identifiers of a file's rows: looked at by distinct text first, since a register has a row a mark.

    `known_names`: words of the names on the school's roll; a note may speak of a pupil who has no row in the file.
    """

    def __init__(self, data: DataRows, header: Header, known_names: Collection[str] = ()) -> None:
        self._data, self._order, self._known_names = data, header.format.dates, known_names
        self._at = {
            word: header.places[name]
            for name, word in header.format.columns.items()
            if word in IDENTITY_WORDS and name in header.places
        }
        self._looked_at: dict[int, tuple[set[str], bool]] = {}

    def show(self, text: str, row: int) -> str:
        """Return the text of a cell of file row `row` for a fix-list, or its shape where it may tell of a pupil."""
        own, shifted = self._look_at(row)
        return describe_shape(text) if shifted else show_cell(text, own, self._names_of_all_rows, self._known_names)

    def find_own(self, texts: Sequence[str], rows: Sequence[int]) -> list[int]:
        """Return the places where the text of a column is an identifier of its own row (`rows[i]` of the file).

        What another pupil's row says as well is no name of this one: a class called Willow may have a Willow in it.
        """
        suspects = {text for text in set(texts) if len(text) >= SHORTEST_TOLD and fold_name(text) in self._of_all_rows}
        if not suspects:
            return []
        found: list[int] = []
        others: set[str] = set()
        for i, (text, row) in enumerate(zip(texts, rows, strict=True)):
            if text in suspects:
                if fold_name(text) in self._look_at(row)[0]:
                    found.append(i)
                else:
                    others.add(text)
        return [i for i in found if texts[i] not in others]

    @cached_property
    def _of_all_rows(self) -> set[str]:
        columns = [self._data.column(place) for place in self._at.values()]
        distinct = set(zip(*columns, strict=True)) if columns else set()
        found: set[str] = set()
        for cells in distinct:
            found |= list_own(dict(zip(self._at, cells, strict=True)))
        return found

    @cached_property
    def _names_of_all_rows(self) -> set[str]:
        """Words that are in some pupil's name; a number may be another pupil's by chance, and a mark all the same."""
        return {text for text in self._of_all_rows if not text.isdecimal()}

    @cached_property
    def _places(self) -> dict[int, int]:
        return {row: place for place, row in enumerate(self._data.numbers)}

    def _look_at(self, row: int) -> tuple[set[str], bool]:
        """Return what a row says of its pupil, and whether it may have slid."""
        if row not in self._looked_at:
            said = self._data.cells[self._places[row]]
            cells = {word: said[place] for word, place in self._at.items()}
            self._looked_at[row] = list_own(cells), self._is_shifted(cells)
        return self._looked_at[row]

    def _is_shifted(self, cells: dict[str, str]) -> bool:
        """Whether an identifier is none, so that the row may have slid: its names may then stand anywhere."""
        upn, why = read_upn(cells.get("upn", ""))
        if upn is None and why is not None:
            return True
        try:
            if birth := cells.get("date_of_birth"):
                read_date(birth, self._order)
        except NotAValue:
            return True
        return False


def list_own(cells: dict[str, str]) -> set[str]:
    """Return what a row's identifiers (by our word) say, folded, and each word of a name."""
    names = [fold_name(cells.get(word, "")) for word in NAME_WORDS]
    own = {fold_name(cell) for cell in cells.values()} | {word for name in names for word in name.split()}
    return (own | {f"{names[0]} {names[1]}", f"{names[1]} {names[0]}"}) - {"", " "}
