"""Pupil links: a pupil whose number changed is one pupil, and two pupils are never made one."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_trust import make_upn

from ingest.identities import hash_key, match_rows
from ingest.pupil_links import link_pupils
from ingest.roll import Roll
from ingest.upn import LETTERS, find_check_letter

KEY = b"k" * 32
ASH, BIRCH, CEDAR = "999901", "999902", "999903"
HEADERS = {
    "upn": "UPN", "former_upn": "Former UPN", "local_number": "Adno", "surname": "Surname", "forename": "Forename",
    "full_name": "Pupil", "date_of_birth": "DOB",
}  # fmt: skip


def temporary(number: int) -> str:
    """Return the n-th invented temporary UPN."""
    body = f"99999012{number // 23:03d}"[:11] + LETTERS[number % 23]
    return find_check_letter(body) + body


def anna(**changes: str) -> dict[str, str]:
    known = {"upn": "", "local_number": "7", "surname": "Frimdorf", "forename": "Anna", "date_of_birth": "03/04/2016"}
    return known | changes


def key_of(number: str, urn: str = ASH) -> str:
    return hash_key(KEY, number if len(number) == 13 else f"{urn}|{number}")


def list_pupils(*lists: list[dict[str, str]], urn: str = ASH) -> Roll:
    """Return the roll that these pupil lists make, one after the other."""
    roll = Roll(urn)
    for number, rows in enumerate(lists, start=1):
        found = match_rows(list(enumerate(rows, start=2)), HEADERS, roll, KEY, receipt_id=f"{urn}-00{number}",
                           makes_roll=True, date_order="day_month_year")  # fmt: skip
        roll.add(found.roll_rows)
    return roll


def link(*rolls: Roll) -> tuple[dict[str, list[tuple[str, str]]], dict[str, list[tuple[str, str, int | None]]]]:
    """Return the links and the looks (code, receipt, row) by URN; no value of a roll stands in any of them."""
    linked = link_pupils({roll.urn: roll for roll in rolls}, KEY)
    values = {v for roll in rolls for row in roll.rows for v in (*row[2:5], *row[5:9]) if len(v) > 2}
    for fix in (late.fix for fixes in linked.fixes.values() for late in fixes):
        assert fix.severity == "look"
        assert not [value for value in values if value in fix.seen + fix.remedy + fix.expected]
    looks = {u: [(f.fix.code, f.receipt_id, f.fix.file_row) for f in fixes] for u, fixes in linked.fixes.items()}
    return linked.links, looks


OLD, NEW, OTHER, TEMP, TEMP2 = make_upn(1), make_upn(2), make_upn(3), temporary(1), temporary(2)


def test_temporary_upns_of_these_tests_are_temporary():
    assert TEMP[-1].isalpha()
    assert TEMP2[-1].isalpha()
    assert list_pupils([anna(upn=TEMP)]).rows[0].upn == TEMP


@pytest.mark.parametrize(
    ("lists", "links"),
    [
        # A former UPN the list names, whether the list before had it or not.
        ([[anna(upn=OLD)], [anna(upn=NEW, former_upn=OLD)]], {OLD: NEW}),
        ([[anna(upn=NEW, former_upn=OLD)]], {OLD: NEW}),
        ([[anna(upn=OLD)], [anna(upn=NEW, former_upn=OLD, surname="Married")]], {OLD: NEW}),
        ([[anna(upn=OLD)], [anna(upn=NEW, former_upn=OLD)], [anna(upn=OTHER, former_upn=NEW)]],
         {OLD: OTHER, NEW: OTHER}),
        ([[anna(upn=NEW, former_upn=NEW)]], {}),
        # A temporary UPN that became permanent, in whatever order the lists came.
        ([[anna(upn=TEMP)], [anna(upn=NEW)]], {TEMP: NEW}),
        ([[anna(upn=NEW)], [anna(upn=TEMP)]], {TEMP: NEW}),
        ([[anna(upn=TEMP)], [anna(upn=NEW, local_number="8", surname="FRIMDORF")]], {TEMP: NEW}),
        ([[anna(upn=TEMP)], [anna(upn=NEW)], [anna(upn=NEW, local_number="")]], {TEMP: NEW}),
        # A pupil without a UPN who got one, under the same local number.
        ([[anna()], [anna(upn=NEW)]], {"7": NEW}),
        ([[anna(local_number="007")], [anna(upn=NEW)]], {"7": NEW}),
        ([[anna()], [anna(upn=TEMP)], [anna(upn=NEW)]], {"7": NEW, TEMP: NEW}),
        # Nothing that could be known.
        ([[anna()], [anna()]], {}),
        ([[anna(upn=TEMP, date_of_birth="")], [anna(upn=NEW, date_of_birth="")]], {}),
        ([[anna(upn=TEMP)], [anna(upn=TEMP)]], {}),
    ],
)  # fmt: skip
def test_a_pupil_whose_number_changed_is_linked(lists, links):
    found, looks = link(list_pupils(*lists))
    assert dict(found[ASH]) == {key_of(old): key_of(new) for old, new in links.items()}
    assert looks == {ASH: []}


@pytest.mark.parametrize(
    ("lists", "code", "place"),
    [
        # Two pupils of one name and birth date: nobody can say which of them had the temporary UPN.
        ([[anna(upn=TEMP)], [anna(upn=NEW), anna(upn=OTHER, local_number="8")]], "may be one pupil", ("002", 3)),
        ([[anna(upn=TEMP), anna(upn=TEMP2, local_number="8")], [anna(upn=NEW)]], "may be one pupil", ("002", 2)),
        # Both stand in one list.
        ([[anna(upn=TEMP), anna(upn=NEW, local_number="8")]], "may be one pupil", ("001", 3)),
        ([[anna(local_number="8"), anna(upn=NEW)]], "may be one pupil", ("001", 3)),
        ([[anna(upn=TEMP)], [anna(upn=TEMP), anna(upn=NEW, local_number="8")]], "may be one pupil", ("002", 3)),
        # Another local number, or another UPN that nobody says is the former one.
        ([[anna()], [anna(upn=NEW, local_number="8")]], "may be one pupil", ("002", 2)),
        ([[anna(upn=OLD)], [anna(upn=NEW)]], "may be one pupil", ("002", 2)),
        ([[anna(upn=TEMP)], [anna(upn=TEMP2)]], "may be one pupil", ("002", 2)),
        # The former UPN is a twin's, or stands in the same list, or is said of two.
        ([[anna(upn=OLD)], [anna(upn=NEW, forename="Ben", local_number="8", former_upn=OLD)]],
         "former UPN is another pupil's", ("002", 2)),
        ([[anna(upn=OLD, date_of_birth="05/04/2016")], [anna(upn=NEW, local_number="8", former_upn=OLD)]],
         "former UPN is another pupil's", ("002", 2)),
        ([[anna(upn=OLD, local_number="8", surname="Other"), anna(upn=NEW, former_upn=OLD)]],
         "former UPN is another pupil's", ("001", 3)),
        ([[anna(upn=NEW, former_upn=OLD), anna(upn=OTHER, local_number="8", surname="Other", former_upn=OLD)]],
         "former UPN is another pupil's", ("001", 3)),
    ],
)  # fmt: skip
def test_two_pupils_are_never_linked_and_the_school_is_asked(lists, code, place):
    found, looks = link(list_pupils(*lists))
    assert found == {ASH: []}
    assert looks == {ASH: [(code, f"{ASH}-{place[0]}", place[1])]}


def test_twins_are_two():
    first = [anna(upn=TEMP), anna(upn="", forename="Ben", local_number="8")]
    second = [anna(upn=NEW), anna(upn=OTHER, forename="Ben", local_number="8")]
    found, looks = link(list_pupils(first, second))
    assert dict(found[ASH]) == {key_of(TEMP): key_of(NEW), key_of("8"): key_of(OTHER)}
    assert looks == {ASH: []}


def test_a_pupil_known_by_name_and_birth_date_alone_is_the_one_who_gets_a_number():
    nameless = anna(local_number="")
    (named,) = {row.pupil_key for row in list_pupils([nameless]).rows}
    for later in (anna(), anna(upn=NEW), anna(upn=TEMP)):
        found, looks = link(list_pupils([nameless], [later]))
        assert found[ASH] == [(named, key_of(later["upn"] or "7"))]
        assert looks[ASH] == []
    found, looks = link(list_pupils([nameless], [anna(), anna(local_number="8")]))
    assert (found[ASH], len(looks[ASH])) == ([], 1)


def test_a_file_of_names_finds_the_pupil_whose_number_changed():
    """Both keys have the name; they are one pupil, so one pupil fits."""
    roll = list_pupils([anna(upn=TEMP)], [anna(upn=NEW)])
    rows = [(2, {"full_name": "Frimdorf Anna"}), (3, {"full_name": "Anna Frimdorf", "date_of_birth": "3/4/2016"})]
    found = match_rows(rows, HEADERS, roll, KEY, receipt_id="m", makes_roll=False, date_order="day_month_year")
    assert found.keys == {2: key_of(NEW), 3: key_of(NEW)}
    alone = list_pupils([anna(upn=TEMP)])
    assert roll.fingerprint != alone.fingerprint


def test_links_reach_across_the_trust():
    """Ash had the pupil under the former UPN; Birch names it. A chain over three schools ends at its end."""
    ash = list_pupils([anna(upn=OLD)])
    birch = list_pupils([anna(upn=NEW, former_upn=OLD, local_number="1")], urn=BIRCH)
    cedar = list_pupils([anna(upn=OTHER, former_upn=NEW, local_number="2")], urn=CEDAR)
    assert link(ash, birch) == ({ASH: [], BIRCH: [(key_of(OLD), key_of(NEW))]}, {ASH: [], BIRCH: []})
    found, _ = link(ash, birch, cedar)
    assert found == {
        ASH: [], BIRCH: [(key_of(OLD), key_of(OTHER))], CEDAR: [(key_of(NEW), key_of(OTHER))],
    }  # fmt: skip


def test_a_pupil_in_two_schools_lists_with_one_upn_needs_no_link():
    assert link(list_pupils([anna(upn=OLD)]), list_pupils([anna(upn=OLD)], urn=BIRCH))[0] == {ASH: [], BIRCH: []}


def test_a_local_number_means_nothing_at_another_school():
    ash, birch = list_pupils([anna()]), list_pupils([anna(upn=NEW)], urn=BIRCH)
    assert link(ash, birch) == ({ASH: [], BIRCH: []}, {ASH: [], BIRCH: []})


def test_a_former_upn_that_is_another_pupils_elsewhere_is_no_link():
    ash = list_pupils([anna(upn=OLD, forename="Quite", surname="Another")])
    birch = list_pupils([anna(upn=NEW, former_upn=OLD)], urn=BIRCH)
    found, looks = link(ash, birch)
    assert found == {ASH: [], BIRCH: []}
    assert looks == {ASH: [], BIRCH: [("former UPN is another pupil's", f"{BIRCH}-001", 2)]}


def test_two_schools_that_give_one_earlier_number_to_two_pupils_are_both_asked():
    ash = list_pupils([anna(upn=NEW, former_upn=OLD)])
    birch = list_pupils([anna(upn=OTHER, former_upn=OLD)], urn=BIRCH)
    found, looks = link(ash, birch)
    assert found == {ASH: [], BIRCH: []}
    assert looks == {
        ASH: [("earlier number of two pupils", f"{ASH}-001", 2)],
        BIRCH: [("earlier number of two pupils", f"{BIRCH}-001", 2)],
    }


def test_schools_that_say_it_both_ways_round_make_no_circle():
    ash = list_pupils([anna(upn=NEW, former_upn=OLD)])
    birch = list_pupils([anna(upn=OLD, former_upn=NEW)], urn=BIRCH)
    found, _ = link(ash, birch)
    ends = dict(itertools.chain(*found.values()))
    assert len(ends) == 1
    assert not set(ends) & set(ends.values())


def test_the_links_do_not_hang_on_the_order_of_the_schools():
    rolls = [
        list_pupils([anna(upn=OLD), anna(upn=TEMP, forename="Cleo")]),
        list_pupils([anna(upn=NEW, former_upn=OLD)], urn=BIRCH),
        list_pupils([anna(upn=TEMP, forename="Cleo")], [anna(upn=OTHER, forename="Cleo")], urn=CEDAR),
    ]
    found = [link(*some) for some in itertools.permutations(rolls)]
    assert all(one == found[0] for one in found)
    assert dict(found[0][0][CEDAR]) == {key_of(TEMP): key_of(OTHER)}


PEOPLE = [  # twins, a namesake born on another day, and a pupil with the twins' birth date
    ("Frimdorf", "Anna", "03/04/2016"), ("Frimdorf", "Ben", "03/04/2016"), ("Frimdorf", "Anna", "05/04/2016"),
    ("Nesker", "Cleo", "03/04/2016"),
]  # fmt: skip


@st.composite
def histories(draw):
    """Draw three lists of each of two schools: who stands in them, with the number the pupil has by then.

    A pupil has none, then a temporary UPN, then a permanent one, then another; any of them may be left out. A list
    may name the former one, or by a slip another pupil's.
    """
    numbers = [("", temporary(p + 50), make_upn(p + 50), make_upn(p + 90)) for p in range(len(PEOPLE))]
    schools = []
    for _ in range(2):
        stages, lists = [0] * len(PEOPLE), []
        for _ in range(3):
            rows = []
            for p, (surname, forename, birth) in enumerate(PEOPLE):
                stages[p] = draw(st.integers(stages[p], 3))
                if not draw(st.booleans()):
                    continue
                former = draw(st.sampled_from(["", "", numbers[p][max(stages[p] - 1, 0)], numbers[p - 1][2]]))
                upn = numbers[p][stages[p]]
                rows.append({"upn": upn, "former_upn": former, "local_number": str(p + 1), "surname": surname,
                             "forename": forename, "date_of_birth": birth})  # fmt: skip
            lists.append(rows)
        schools.append(lists)
    return schools, numbers


SUCCESSION = {BIRCH: ASH, CEDAR: BIRCH}


@pytest.mark.parametrize(
    ("before", "now", "links"),
    [
        (anna(), anna(), ("7", "7")),
        (anna(), anna(upn=NEW), ("7", NEW)),
        (anna(upn=TEMP), anna(upn=NEW, local_number="8"), (TEMP, NEW)),
        (anna(upn=TEMP), anna(local_number="007"), ("7 now", TEMP)),
        (anna(upn=OLD), anna(), ("7 now", OLD)),
        (anna(upn=OLD), anna(upn=OLD), None),
        (anna(), anna(local_number="8"), "doubt"),
        (anna(upn=OLD), anna(upn=NEW), "doubt"),
        (anna(upn=TEMP), anna(upn=TEMP2), "doubt"),
        (anna(), anna(forename="Ben"), None),
        (anna(), anna(date_of_birth="05/04/2016"), None),
        (anna(date_of_birth=""), anna(date_of_birth=""), None),
    ],
)
def test_a_pupil_is_followed_to_the_schools_new_urn(before, now, links):
    for new_urn in (BIRCH, CEDAR):  # Cedar: two changes of URN, and the pupil was in no list between them
        ash, later = list_pupils([before]), list_pupils([now], urn=new_urn)
        linked = link_pupils({ASH: ash, new_urn: later}, KEY, SUCCESSION)
        places = {"7": key_of("7"), "7 now": key_of("7", new_urn), None: ""}
        if isinstance(links, tuple):
            earlier, key = (places.get(n) or key_of(n) for n in links)
            key = key_of("7", new_urn) if links[1] == "7" else key
            assert linked.links == {ASH: [], new_urn: [(earlier, key)]}
        else:
            assert linked.links == {ASH: [], new_urn: []}
        codes = [(one.receipt_id, one.fix.code) for one in linked.fixes[new_urn]]
        assert codes == ([(f"{new_urn}-001", "may be one pupil")] if links == "doubt" else [])
        assert link(ash, later)[0] == {ASH: [], new_urn: []}  # schools that are two


def test_at_a_new_urn_nobody_is_chosen_between_two_who_fit():
    two = [anna(), anna(local_number="8")]
    for before, now in ((two, [anna()]), ([anna()], two), ([anna(upn=TEMP), anna(upn=NEW)], [anna(upn=NEW)])):
        rolls = {ASH: list_pupils(before), BIRCH: list_pupils(now, urn=BIRCH)}
        assert link_pupils(rolls, KEY, {BIRCH: ASH}).links == {ASH: [], BIRCH: []}
    nameless = anna(local_number="")
    rolls = {ASH: list_pupils([nameless]), BIRCH: list_pupils([nameless], urn=BIRCH)}
    ((earlier, key),) = link_pupils(rolls, KEY, {BIRCH: ASH, ASH: BIRCH}).links[BIRCH] or [("", "")]
    assert earlier != key


def test_two_schools_made_of_one_that_both_claim_a_pupil_are_both_asked():
    rolls = {urn: list_pupils([anna()], urn=urn) for urn in (ASH, BIRCH, CEDAR)}
    linked = link_pupils(rolls, KEY, {BIRCH: ASH, CEDAR: ASH})
    assert linked.links == {ASH: [], BIRCH: [], CEDAR: []}
    asked = {urn: [one.fix.code for one in fixes] for urn, fixes in linked.fixes.items()}
    assert asked == {ASH: [], BIRCH: ["earlier number of two pupils"], CEDAR: ["earlier number of two pupils"]}


@settings(max_examples=150, deadline=None)
@given(histories())
def test_whatever_lists_say_no_two_pupils_are_linked_and_no_link_leads_on(drawn):
    schools, numbers = drawn
    rolls = [list_pupils(*lists, urn=urn) for urn, lists in zip((ASH, BIRCH), schools, strict=True)]
    found, _ = link(*rolls)
    links = sorted(set(itertools.chain(*found.values())))
    assert len({earlier for earlier, _ in links}) == len(links)  # one pupil for each earlier key
    assert not {earlier for earlier, _ in links} & {key for _, key in links}
    urns = (ASH, BIRCH)
    owner = {key_of(one or str(p + 1), urn): p for p, mine in enumerate(numbers) for one in mine for urn in urns}
    listed = {row.pupil_key for roll in rolls for row in roll.rows}
    for earlier, key in links:
        if earlier in listed:  # a slip can only be seen where the pupil whose number it is stands in some list
            assert owner[earlier] == owner[key]
