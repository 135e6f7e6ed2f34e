"""The heart: whatever a school sends, every row and record of it is accounted for, and nobody is named outside.

Messy exports of one invented school, in two deliveries, are taken in and settled.
"""

from __future__ import annotations

import datetime as dt
import io
import logging
import re
import shutil
import tempfile
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_trust import ASH, BIRCH, CEDAR, DAY, ROLL_HEADING, Trust, hash_tree, make_upn, roll_row, roll_text

from ingest.contract import RECORD_KINDS
from ingest.landing_store import load_landed
from ingest.values import read_date

NEXT = DAY + dt.timedelta(days=1)
# Each a word that occurs nowhere else, so that it can be looked for in every byte that is written.
SURNAMES = [f"Zzsurname{n}q" for n in range(8)]
FORENAMES = [f"Zzforename{n}q" for n in range(8)]
LOCALS = [f"ZQL{n}7731" for n in range(8)]
BIRTHS = [f"1{n}/11/2013" for n in range(8)]
BUCKETS = {"accepted", "refused", "duplicate", "superseded"}


def mostly(good, *bad):
    """Draw a good cell three times of four, else one of the bad ones."""
    return st.integers(0, 3).flatmap(lambda n: st.sampled_from(bad) if n == 0 else good)


@st.composite
def roll_rows(draw):
    pupil = draw(st.integers(0, 7))
    cells = [
        draw(
            mostly(
                st.just(make_upn(500 + pupil)), "", make_upn(500 + pupil)[1:], "Q207000016049", make_upn(501).lower()
            )
        ),
        draw(mostly(st.just(LOCALS[pupil]), "", LOCALS[0])),
        draw(mostly(st.just(SURNAMES[pupil]), "", SURNAMES[1])),
        draw(mostly(st.just(FORENAMES[pupil]), "")),
        draw(mostly(st.just(BIRTHS[pupil]), "", "13/31/2013", "?")),
        draw(mostly(st.sampled_from(["F", "M", "Girl"]), "", "X?")),
        draw(mostly(st.sampled_from(["4", "Year 5", "R"]), "", "99")),
        draw(mostly(st.sampled_from(["2024/25", "2023-24"]), "", "2025")),
        draw(mostly(st.sampled_from(["Oak", "Elm"]), "", "Total", "-")),
    ]
    return draw(
        mostly(st.just(cells), [], [""] * 9, [*cells, "surplus"], ["Total", *[""] * 8], ROLL_HEADING.split(","))
    )


@st.composite
def mark_rows(draw):
    pupil = draw(st.integers(0, 7))
    cells = [
        draw(mostly(st.just(LOCALS[pupil]), "", "nobody")),
        draw(mostly(st.just(f"{SURNAMES[pupil]} {FORENAMES[pupil]}"), "", f"{FORENAMES[2]} {SURNAMES[2]}")),
        draw(mostly(st.just(BIRTHS[pupil]), "", "31/31/2013")),
        *(draw(mostly(st.integers(0, 50).map(str), "", "-", "Abs", "51", "ten", "1e2")) for _ in range(2)),
    ]
    return draw(mostly(st.just(cells), [], [""] * 5, [*cells, "surplus"], ["Average", "", "", "20", "21"]))


def write_rows(heading: str, rows, top: str = "") -> str:
    text = io.StringIO()
    text.write(top + heading + "\n")
    for row in rows:
        text.write(",".join(row) + "\n")
    return text.getvalue()


@st.composite
def deliveries(draw):
    """Two deliveries of one school: a roll and a marksheet each, some rows sent twice."""
    sent = []
    for _ in range(2):
        rows = draw(st.lists(roll_rows(), max_size=10))
        marks = draw(st.lists(mark_rows(), max_size=10))
        if rows:
            rows = rows + draw(st.lists(st.sampled_from(rows), max_size=3))
        top = draw(mostly(st.just("Marks 4 2024/25\n"), "", "Notes\n\n"))
        sent.append(
            (
                write_rows(ROLL_HEADING, rows),
                write_rows("Adno,Pupil,DOB,Maths test Summer,English test Summer", marks, top),
            )
        )
    return sent


def check_accounts(trust: Trust) -> None:
    """Each row and record in exactly one place, and a fix-list line for whatever was refused."""
    intake_records: dict[tuple[str, str], int] = {}
    fixes = trust.fixes()
    for fix in fixes:
        assert all(fix[name] for name in ("field", "code", "severity", "seen", "expected", "remedy")), fix
        assert fix["severity"] in ("fix", "look")
    by_row = {(fix["receipt_id"], fix["file_row"]) for fix in fixes}
    # A row that says the same of its pupil as an earlier one has no line of its own; the earlier one counts it.
    also_told: Counter[str] = Counter()
    for fix in fixes:
        also_told[fix["receipt_id"]] += sum(map(int, re.findall(r"the same in (\d+) more rows?", fix["seen"])))
    for row in trust.receipts():
        parts = row["rows_layout"], row["rows_with_records"], row["rows_without_values"]
        assert row["rows_total"] == sum(parts), row
        assert min(parts) >= 0
        if row["outcome"] == "refused":
            assert (row["receipt_id"], None) in by_row or any(r == row["receipt_id"] for r, _ in by_row)
            continue
        kept = load_landed(trust.home.lake / "landing" / ASH / row["receipt_id"], trust.formats)
        if row["outcome"] != "accepted" or kept is None:
            continue
        made_of_rows = set()
        for kind, records in kept.landed.records.items():
            intake_records[row["receipt_id"], kind] = len(records)
            made_of_rows |= set(records["file_row"])
            assert len(set(records["record_id"])) == len(records)
            refused_rows = {r for r, bucket in records.rows(["file_row", "bucket"]) if bucket == "refused"}
            untold = refused_rows - {r for receipt, r in by_row if receipt == row["receipt_id"]}
            assert len(untold) <= also_told[row["receipt_id"]]
        assert len(made_of_rows) == row["rows_with_records"]
        mine = [fix for fix in fixes if fix["receipt_id"] == row["receipt_id"] and fix["severity"] == "fix"]
        counts = [c for c in trust.lake("findings/record_counts", ASH) if c["receipt_id"] == row["receipt_id"]]
        refused = sum(count["records"] for count in counts if count["bucket"] == "refused")
        assert sum(fix["records_held"] for fix in mine) == refused
    counted: Counter[tuple[str, str]] = Counter()
    for count in trust.lake("findings/record_counts", ASH):
        assert count["bucket"] in BUCKETS
        assert (count["bucket"] == "accepted") == (count["reason"] is None)
        assert count["records"] > 0
        if count["kind"] != "rows":
            counted[count["receipt_id"], count["kind"]] += count["records"]
    assert {k: n for k, n in counted.items() if k in intake_records} == {k: n for k, n in intake_records.items() if n}
    live = Counter((row["receipt_id"], kind) for kind in RECORD_KINDS for row in trust.lake(f"records/{kind}", ASH))
    accepted = Counter()
    for count in trust.lake("findings/record_counts", ASH):
        if count["bucket"] == "accepted":
            accepted[count["receipt_id"], count["kind"]] += count["records"]
    assert live == accepted


def check_nobody_is_named(trust: Trust, logged: str) -> None:
    """No identifier outside the inbox and lake/identities: in no file, no log and no fix-list."""
    upns = [make_upn(500 + n) for n in range(8)] + [make_upn(500 + n)[1:] for n in range(8)]
    births = [f for text in BIRTHS for f in (text, read_date(text, "day_month_year").isoformat())]
    markers = [*SURNAMES, *FORENAMES, *LOCALS, *upns, *births]
    said = [logged]
    for path in trust.path.rglob("*"):
        if not path.is_file() or "inbox" in path.parts or "identities" in path.parts:
            continue
        if path.suffix == ".parquet":
            said.append(str(pq.read_table(path).to_pylist()))
        else:
            said.append(path.read_text("utf-8", "replace"))
    everything = "\n".join(said).casefold()
    found = [marker for marker in markers if marker.casefold() in everything]
    assert not found


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(deliveries())
def test_every_row_is_accounted_for_and_nobody_is_named(sent):
    with tempfile.TemporaryDirectory() as folder:
        trust = Trust(Path(folder))
        heard = io.StringIO()
        handler = logging.StreamHandler(heard)
        logging.getLogger().addHandler(handler)
        try:
            for number, (roll, marks) in enumerate(sent, start=1):
                trust.put(ASH, f"roll {number}.csv", roll)
                trust.put(ASH, f"marks {number}.csv", marks)
                trust.run(DAY if number == 1 else NEXT)
                check_accounts(trust)
        finally:
            logging.getLogger().removeHandler(handler)
        assert "fault in Plumbline" not in {fix["code"] for fix in trust.fixes()}
        check_nobody_is_named(trust, heard.getvalue())
        before = {k: v for k, v in hash_tree(trust.home.lake).items() if "landing" not in k}
        shutil.rmtree(trust.home.lake)
        trust.run(NEXT)
        assert {k: v for k, v in hash_tree(trust.home.lake).items() if "landing" not in k} == before


def deliver(trust: Trust, day: int) -> dt.date:
    """Put what arrives on the n-th day into the inbox and return that day."""
    marks, club = "Marks 4 2024/25\nAdno,Maths test Summer\n", "Number,Club,Since\n"
    if day == 0:
        trust.put(ASH, "roll.csv", roll_text(range(1, 8)))
        trust.put(BIRCH, "roll.csv", roll_text(range(20, 30)))
        trust.put(ASH, "marks.csv", marks + "101,1\n102,2\n109,3\n")
    elif day == 1:
        trust.put(ASH, "copy of roll.csv", roll_text(range(1, 8)))
        rows = [roll_row(n).replace(",", ",,", 1) for n in range(2, 10)]
        rows.append(roll_row(1, upn=f"{make_upn(90)},{make_upn(1)}"))  # a corrected UPN, with the former one
        heading = ROLL_HEADING.replace("UPN,", "UPN,Former UPN,")
        trust.put(ASH, "roll new.csv", "\n".join((heading, *rows)))
        trust.put(BIRCH, "marks.csv", marks + "120,1\n120,2\n121,x\n")
        trust.put(CEDAR, "roll.csv", roll_text(range(20, 28)))  # Birch's pupils
        trust.put(CEDAR, "photo.csv", b"\xff\xd8\xff\xe0")
    elif day == 2:
        trust.put(BIRCH, "marks (2).csv", marks + "120,9\n122,8\n")
        trust.put(CEDAR, "roll.csv", roll_text(range(40, 48)))
        trust.put(ASH, "club.csv", club + "101,Chess,\n102,Choir,01/09/2024\n")
        head = "Pupil UPN,Academic Year,Subject,Assessment,Type,On,Result\n"
        old = f"{make_upn(1)},2024/25,English,Common Test,test,,5\n"
        new = f"{make_upn(90)},2024/25,Science,Common Test,test,,Abs\n"
        trust.put(ASH, "results.csv", head + old + new)
    else:
        trust.put(ASH, "club 2.csv", club + "101,Chess,02/09/2024\n103,Chess,\n")
        trust.put(BIRCH, "bad.csv", roll_text([]))
    return DAY + dt.timedelta(days=day)


def without_landing(trust: Trust) -> dict[str, str]:
    return {k: v for k, v in hash_tree(trust.home.lake).items() if not k.startswith("landing/")}


def test_from_an_emptied_lake_the_same_bytes_come_again(tmp_path):
    """After each day, and with a school held on one of them; the history stays, the lake does not."""
    trust = Trust(tmp_path)
    for number in range(4):
        day = deliver(trust, number)
        held = {BIRCH: "Too few."} if number == 1 else {}
        trust.run(day, held=held)
        trust.run(day, held=held)
        incremental = hash_tree(trust.home.lake), hash_tree(trust.home.history)
        shutil.rmtree(trust.home.lake)
        trust.run(day, held=held)
        assert hash_tree(trust.home.lake) == incremental[0], number
        assert hash_tree(trust.home.history) == incremental[1], number
        check_accounts(trust)


def test_the_order_of_days_and_runs_of_one_school_lead_to_the_same_lake(tmp_path):
    """Runs limited to a school, and runs of all, end in the same records for the same arrivals."""
    together, apart = Trust(tmp_path / "a"), Trust(tmp_path / "b")
    for number in range(4):
        day = deliver(together, number)
        together.run(day)
        deliver(apart, number)
        for urn in (BIRCH, ASH, CEDAR):
            apart.run(day, urns=[urn])
    last = DAY + dt.timedelta(days=3)
    together.run(last)
    apart.run(last)
    assert without_landing(together) == without_landing(apart)
