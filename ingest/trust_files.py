"""Trust files: exports that hold several schools, each read once a run at most and cut into its schools' parts.

Here lives what became of each file of `inbox/_trust/`. Which school a row names lives in `school_column`; a school's
part is that school's matter, as any file of its own (see `intake`); tables and what is kept live in `trust_tables`.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from ingest.arrivals import follow_arrivals
from ingest.departed import refuse_gone, refuse_withdrawn, say_kept
from ingest.fixes import Fix
from ingest.format_file import FormatFile
from ingest.history import Arrival, load_arrivals, name_receipt, order_new
from ingest.inbox import WHOLE_TRUST, Found
from ingest.landed import Landed, refuse_for_fault
from ingest.landing import Opened, cut_file, refuse_opened
from ingest.parts import Part, draw_part, sign_part
from ingest.school_column import Directory, Split, find_school_columns, split_rows
from ingest.trust_tables import TrustFile, load_split
from ingest.whose_file import Sender

log = logging.getLogger("plumbline.ingest")


@dataclass
class Whole:
    """A file of several schools, read: its data, and the places of each school's rows in it."""

    opened: Opened
    split: Split


@dataclass
class TrustFolder:
    """What lies, or lay, in `inbox/_trust/`: each file, each school's parts, and what could not be opened.

    `uncut`: names of files that lie there and could not be cut; what a school sent in one has not gone.
    """

    files: list[TrustFile] = field(default_factory=list)
    skipped: list[Found] = field(default_factory=list)
    parts: dict[str, list[Found]] = field(default_factory=dict)
    uncut: set[str] = field(default_factory=set)


class Reader:
    """Reads the files of one run, each when it is first asked for, and once."""

    def __init__(self, formats: Mapping[str, FormatFile], senders: Mapping[str, Sender]) -> None:
        self._formats = formats
        self._directory = Directory(senders)
        self._read: dict[str, Whole | Landed] = {}
        register = sorted((urn, school.laestab, school.name) for urn, school in senders.items())
        self.reads_with = repr((sorted(form.sha256 for form in formats.values()), register))

    def read(self, file: Found) -> Whole | Landed:
        """Return the file, cut, or why it cannot be. Raises OSError when it cannot be opened at all."""
        sha256 = str(file.sha256)
        if sha256 not in self._read:
            self._read[sha256] = read_whole(file.path, self._formats, self._directory)
        return self._read[sha256]

    def open_part(self, file: Found, urn: str) -> Opened | Landed:
        """Return one school's part of the file. Raises OSError as `read` does."""
        whole = self.read(file)
        return whole if isinstance(whole, Landed) else draw_part(whole.opened, whole.split.places[urn])


def read_trust_folder(
    receipts: Path,
    landing: Path,
    formats: Mapping[str, FormatFile],
    senders: Mapping[str, Sender],
    found: Sequence[Found],
    as_of: dt.date,
) -> TrustFolder:
    """Cut each file of `found` into the parts of `senders`, the schools of the register; read what is new or changed.

    `receipts` and `landing` are the folders of the history and of what was landed; nothing is written. Raises
    ValueError when the history is damaged.
    """
    arrivals = load_arrivals(receipts, WHOLE_TRUST)
    folder = TrustFolder(skipped=[file for file in found if file.sha256 is None])
    reader = Reader(formats, senders)
    followed = follow_arrivals(arrivals, found)
    lying = list(followed.lying)
    new: list[tuple[Found, dt.date | None]] = []
    for file in followed.new:
        try:
            new.append((file, _find_date(reader.read(file))))
        except OSError:  # it went, or was locked, since the inbox was looked into
            folder.skipped.append(_skip(file))
    for i in order_new([(file.name, date) for file, date in new]):
        file, number = new[i][0], len(arrivals) + 1
        receipt_id = name_receipt(WHOLE_TRUST, number)
        arrivals.append(Arrival(receipt_id, number, file.name, str(file.sha256), as_of.isoformat()))
        lying.append(file)
    for arrival, now in zip(arrivals, lying, strict=True):
        folder.files.append(_take_up(folder, arrival, now, reader, load_split(landing, formats, arrival)))
    folder.uncut |= {file.name for file in folder.skipped}
    return folder


def read_whole(path: Path, formats: Mapping[str, FormatFile], directory: Directory) -> Whole | Landed:
    """Read and cut one file, whatever it holds; a Landed with a reason when its rows cannot be given to schools.

    Raises OSError when it cannot be opened at all.
    """
    try:
        opened = cut_file(path, formats.values())
        return opened if isinstance(opened, Landed) else _cut(opened, directory)
    except OSError:
        raise
    except Exception as fault:  # one file's trouble must never stop another's; no value may leave with it
        log.error("%s: a file could not be read: %s", WHOLE_TRUST, type(fault).__name__)
        return refuse_for_fault(fault)


def _cut(opened: Opened, directory: Directory) -> Whole | Landed:
    if not find_school_columns(opened):
        return refuse_opened(
            opened,
            f"The file was read as “{opened.form.title}”, which has no column that says of which school a row is.",
            "Put each school's own export into that school's folder. Or add a column with the school's URN to the "
            "export, and to the format file as school_urn.",
            "no school column",
        )
    split = split_rows(opened, directory)
    if not split.places:
        first = split.nobodys[0]
        return refuse_opened(
            opened,
            f"None of the {len(split.nobodys)} rows of data names a school of the register; in row {first.file_row}, "
            f"for instance, the file has {first.seen}.",
            first.remedy,
            first.code,
        )
    return Whole(opened, split)


def _find_date(read: Whole | Landed) -> dt.date | None:
    return (read.opened.landed if isinstance(read, Whole) else read).exported_on


def _skip(file: Found) -> Found:
    return replace(file, sha256=None, trouble="The file could not be opened.")


def _take_up(
    folder: TrustFolder, arrival: Arrival, file: Found | None, reader: Reader, kept: TrustFile | None
) -> TrustFile:
    """Return a file that arrived, in this run or an earlier one, and add the parts of its schools to the folder."""
    first = next((f for f in folder.files if f.arrival.file_sha256 == arrival.file_sha256), None)
    now: Whole | Landed | None = None
    fresh = kept is not None and arrival.accepted_on is not None and kept.read_with == reader.reads_with
    if file is not None and first is None and not fresh:
        try:
            now = reader.read(file)
        except OSError:
            folder.skipped.append(_skip(file))
            file = None
    locked = {skipped.name for skipped in folder.skipped}
    if first is not None:
        taken = _follow(arrival, first)
    elif isinstance(now, Whole):
        taken = _say_whole(arrival, now, reader)
    elif file is None and arrival.accepted_on is None and arrival.file_name not in locked:
        taken = _refuse(arrival, refuse_withdrawn(arrival.refused_because))
    elif kept is not None and arrival.accepted_on is not None:
        taken = kept
        if now is not None:
            taken.landed.fixes.append(say_kept(now))
            taken.parts = {}
    else:
        taken = _refuse(arrival, now or refuse_gone())
    taken.in_inbox = file is not None
    if file is not None:
        for urn, signature in taken.parts.items():
            part = Part(signature, partial(reader.open_part, file, urn))
            mine = Found(file.path, arrival.file_name, signature.sha256, part=part)
            folder.parts.setdefault(urn, []).append(mine)
        if not taken.parts:
            folder.uncut.add(arrival.file_name)
    return taken


def list_whole_fixes(whole: Whole) -> list[Fix]:
    """Return what is said of no school's rows alone: of rows of nobody, headings, footers and the file itself."""
    numbers = whole.opened.data.numbers
    theirs = {numbers[place] for places in whole.split.places.values() for place in places}
    return [*whole.split.nobodys, *(fix for fix in whole.opened.landed.fixes if fix.file_row not in theirs)]


def _say_whole(arrival: Arrival, whole: Whole, reader: Reader) -> TrustFile:
    opened, split = whole.opened, whole.split
    return TrustFile(
        arrival,
        "accepted",
        Landed(
            format=opened.form,
            rows_total=opened.landed.rows_total,
            rows_layout=opened.data.rows_layout,
            fixes=list_whole_fixes(whole),
        ),
        parts={urn: sign_part(opened, places) for urn, places in split.places.items()},
        rows_of_schools=sum(len(places) for places in split.places.values()),
        nobodys=dict(Counter(fix.code for fix in split.nobodys)),
        read_with=reader.reads_with,
    )


def _refuse(arrival: Arrival, landed: Landed) -> TrustFile:
    return TrustFile(arrival, "refused", landed, nobodys={landed.fixes[0].code: landed.rows_with_records})


def _follow(arrival: Arrival, first: TrustFile) -> TrustFile:
    """Return a duplicate of the first file with the same bytes; where that was refused, so is this one."""
    if first.outcome == "refused":
        return replace(first, arrival=arrival)
    return replace(
        first,
        arrival=arrival,
        outcome="duplicate",
        landed=replace(first.landed, fixes=[]),
        duplicate_of=first.arrival.receipt_id,
    )
