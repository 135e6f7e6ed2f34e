"""Contract lines: the contract of records in the words of the data dictionary.

Here lives how a field of a record kind is told to the publishing room, which may not look at the contract itself. No
pupil's data is in a contract: only what each field is called, means and how sensitive it is.
"""

from __future__ import annotations

from ingest.contract import IDENTITY, PROVENANCE, RECORD_KINDS, Column

_SENSITIVE = {
    "identifier": "identifies a pupil, and is kept with the identities alone",
    "quasi": "could help to identify a pupil",
    "sensitive": "about a pupil",
    "plain": "",
}


def _line(table: str, grain: str, column: Column, source: str) -> dict[str, str]:
    codes = f" ({', '.join(column.codes)})" if column.codes else ""
    care = _SENSITIVE[column.sensitivity]
    return {
        "table": table,
        "grain": grain,
        "name": column.name,
        "type": column.type.replace("_", " "),
        "unit": column.unit,
        "meaning": f"{column.description}{codes}",
        "source": f"{source}; {care}; in no extract" if care else source,
    }


def list_contract() -> list[dict[str, str]]:
    """One line a field: what every record carries, what stays with the identities, then each kind of record."""
    lines = [
        _line("every record", "what each record of any kind carries", column, "made when the file is read")
        for column in PROVENANCE
    ]
    apart = "what a pupil is known by, kept apart from every record"
    lines += [_line("identities", apart, column, "a school's export") for column in IDENTITY]
    for kind in RECORD_KINDS.values():
        lines += [_line(kind.name, kind.grain, column, "a school's export") for column in kind.columns]
    return lines
