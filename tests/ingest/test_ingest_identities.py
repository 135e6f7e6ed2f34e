"""Identities: a row is one pupil's for sure, or nobody's with the reason; two pupils are never made one."""

from __future__ import annotations

import stat

import pyarrow.parquet as pq
import pytest
from small_trust import make_upn

from ingest.identities import hash_key, match_rows
from ingest.names import fold_name
from ingest.roll import Roll, load_roll, save_roll
from ingest.roll_row import RollRow, fold_number

KEY = b"k" * 32
URN = "999901"
HEADERS = {
    "upn": "UPN", "former_upn": "Former UPN", "local_number": "Adno", "surname": "Surname", "forename": "Forename",
    "full_name": "Pupil", "date_of_birth": "DOB",
}  # fmt: skip


def match(rows, roll=None, *, makes_roll=False, receipt="r1", year=""):
    numbered = list(enumerate(rows, start=2))
    found = match_rows(
        numbered,
        HEADERS,
        roll or Roll(URN),
        KEY,
        receipt_id=receipt,
        makes_roll=makes_roll,
        date_order="day_month_year",
        years={number: year for number, _ in numbered},
    )
    assert found.keys.keys() | found.reasons.keys() == {number for number, _ in numbered}
    assert not found.keys.keys() & found.reasons.keys()
    for row, reason in found.reasons.items():
        fixes = [fix for fix in found.fixes if fix.file_row == row and fix.code == reason]
        assert len(fixes) == 1
        assert fixes[0].remedy
        assert fixes[0].expected
    values = {value for row in rows for value in row.values() if len(value) > 2}
    assert not [fix for fix in found.fixes if any(value in fix.seen for value in values)]
    return found


def name_pupils(*rows, roll=None, receipt="r1", year=""):
    roll = roll or Roll(URN)
    found = match(rows, roll, makes_roll=True, receipt=receipt, year=year)
    roll.add(found.roll_rows)
    return roll, found


def person(number: int, **changes: str) -> dict[str, str]:
    return {
        "upn": make_upn(number), "local_number": str(number), "surname": f"Sur{number}", "forename": f"Fore{number}",
        "date_of_birth": "01/02/2016",
    } | changes  # fmt: skip


def test_by_upn_in_any_writing():
    upn = make_upn(1)
    key = hash_key(KEY, upn)
    found = match([{"upn": upn.lower()}, {"upn": f" {upn[:4]} {upn[4:]}"}, {"upn": upn[1:]}])
    assert set(found.keys.values()) == {key}
    assert [fix.code for fix in found.fixes] == ["UPN repaired"]


def test_by_local_number_however_a_spreadsheet_writes_it():
    roll, _ = name_pupils({"local_number": "007"}, {"local_number": "A12"})
    found = match([{"local_number": text} for text in ("007", "7", "7.0", "a12")], roll)
    assert len(set(found.keys.values())) == 2
    assert found.reasons == {}
    assert fold_number("100") == "100"
    assert fold_number("000") == "0"
    assert fold_number("7.5") == "7.5"


def test_two_ways_to_write_a_number_in_one_roll_are_two_pupils():
    roll, found = name_pupils({"local_number": "007"}, {"local_number": "7"})
    assert set(found.reasons.values()) == {"one number for two pupils"}
    assert match([{"local_number": "7"}], roll).reasons == {2: "more than one pupil fits"}


def test_two_pupils_with_one_local_number_are_not_made_one():
    two = [person(1, upn="", local_number="9"), person(2, upn="", local_number="9"), person(3, upn="")]
    roll, found = name_pupils(*two)
    assert found.reasons == {2: "one number for two pupils", 3: "one number for two pupils"}
    assert list(found.keys) == [4]
    assert match([{"local_number": "9"}], roll).reasons == {2: "more than one pupil fits"}


def test_two_upns_with_one_local_number_stay_two_pupils_and_the_number_is_nobodys():
    roll, found = name_pupils(person(1, local_number="9"), person(2, local_number="9"))
    assert len(set(found.keys.values())) == 2
    assert [fix.code for fix in found.fixes] == ["one number for two pupils"] * 2
    assert match([{"local_number": "9"}], roll).reasons == {2: "more than one pupil fits"}
    assert match([{"upn": make_upn(1)}], roll).reasons == {}


def test_two_pupils_with_one_upn_are_not_made_one():
    roll, found = name_pupils(person(1), person(2, upn=make_upn(1)))
    assert set(found.reasons.values()) == {"one number for two pupils"}
    assert match([{"upn": make_upn(1)}], roll).reasons == {2: "more than one pupil fits"}
    roll, found = name_pupils(person(1), roll=roll, receipt="r2")  # the corrected list settles it
    assert match([{"upn": make_upn(1)}], roll).keys == {2: hash_key(KEY, make_upn(1))}


def test_a_pupil_listed_twice_is_one_pupil():
    roll, found = name_pupils(person(1), person(1), person(1, local_number="77"))
    assert len(set(found.keys.values())) == 1
    assert found.fixes == []
    assert match([{"local_number": "77"}, {"local_number": "1"}], roll).reasons == {}


def test_by_name_and_date_of_birth():
    roll, _ = name_pupils(person(1), person(2, surname="O’Neill-Smith", forename="Zoë"))
    found = match(
        [
            {"surname": "oneill smith", "forename": "ZOË", "date_of_birth": "1/2/2016"},
            {"full_name": "Sur1, Fore1", "date_of_birth": "2016-02-01"},
            {"full_name": "Fore1 Sur1"},
            {"full_name": "Sur1 Fore1", "date_of_birth": "02/02/2016"},
            {"full_name": "Sur1 Fore1", "date_of_birth": "02/13/2016"},
            {"full_name": "Nobody Here"},
            {},
        ],
        roll,
    )
    assert found.keys == {
        2: hash_key(KEY, make_upn(2)), 3: hash_key(KEY, make_upn(1)), 4: hash_key(KEY, make_upn(1)),
    }  # fmt: skip
    assert found.reasons == {
        5: "pupil not on roll", 6: "date of birth cannot be read", 7: "pupil not on roll", 8: "row says no pupil",
    }  # fmt: skip


def test_several_who_fit_are_not_chosen_between():
    twins = [person(n, surname="Same", forename="Name") for n in (1, 2)]
    roll, _ = name_pupils(twins[0], twins[1] | {"date_of_birth": "03/02/2016"})
    found = match([{"full_name": "Same Name"}, {"full_name": "Same Name", "date_of_birth": "03/02/2016"}], roll)
    assert found.reasons == {2: "more than one pupil fits"}
    assert found.keys == {3: hash_key(KEY, make_upn(2))}


def test_a_number_with_quite_another_name_is_nobodys():
    roll, _ = name_pupils(person(1))
    found = match(
        [
            {"local_number": "1", "full_name": "Other Person"},
            {"local_number": "1", "full_name": "Married Fore1"},
            {"local_number": "1"},
        ],
        roll,
    )
    assert found.reasons == {2: "number and name are of two pupils"}


def test_a_number_that_is_not_on_the_roll_falls_back_to_the_name_and_says_so():
    roll, _ = name_pupils(person(1))
    found = match([{"local_number": "55", "full_name": "Sur1 Fore1"}, {"local_number": "55"}], roll)
    assert found.reasons == {3: "pupil not on roll"}
    assert [fix.code for fix in found.fixes if fix.file_row == 2] == ["matched by name"]


def test_a_new_pupil_with_an_old_number_is_not_made_the_old_one():
    roll, _ = name_pupils(person(1, upn=""))
    first = hash_key(KEY, f"{URN}|1")
    new = person(1, upn="", surname="Quite", forename="Another")
    for receipt, codes in (("r2", ["number was another pupil's"]), ("r3", [])):
        roll, found = name_pupils(new, roll=roll, receipt=receipt)
        assert found.reasons == {}
        assert [fix.code for fix in found.fixes] == codes
    rows = [{"local_number": "1", "full_name": f"{last} {first}"} for last, first in (("Quite", "Another"),
            ("Sur1", "Fore1"), ("Sur1", "Third"))]  # fmt: skip
    again = match(rows, roll)
    assert again.keys == {2: found.keys[2], 3: first}  # whoever had the number before keeps what is of the name
    assert again.reasons == {4: "number and name are of two pupils"}
    assert found.keys[2] != first
    _, found = name_pupils(person(1, upn=""), roll=roll, receipt="r4")  # an old list sent again
    assert found.keys == {2: first}


def test_a_number_is_not_a_siblings_with_another_forename_or_birth_date():
    roll, _ = name_pupils(
        person(1, upn="", surname="Smith", forename="Anna Rose"),
        {"local_number": "2", "full_name": "Jones, Ben"}, {"local_number": "3", "full_name": "Cleo Reed"},
    )  # fmt: skip
    key = {n: hash_key(KEY, f"{URN}|{n}") for n in (1, 2, 3)}
    said = [
        ("1", {"surname": "Smith", "forename": "Ben"}, 0), ("1", {"full_name": "Smith Ben"}, 0),
        ("1", {"surname": "Smith", "forename": "Anna", "date_of_birth": "01/02/2018"}, 0),
        ("1", {"date_of_birth": "01/02/2018"}, 0), ("1", {"surname": "Smith", "forename": "B"}, 0),
        ("1", {"surname": "Married", "forename": "Ánna", "date_of_birth": "01/02/2016"}, 1),
        ("1", {"full_name": "Rose Anna Married"}, 1), ("1", {"surname": "Smith"}, 1), ("1", {"surname": "Nobody"}, 0),
        ("1", {"full_name": "Smith A"}, 1), ("1", {"forename": "A R", "date_of_birth": "01/02/2016"}, 1),
        ("2", {"full_name": "Jones, Cara"}, 0), ("2", {"full_name": "Married, Ben"}, 1),
        ("2", {"full_name": "Ben Jones"}, 1), ("2", {"surname": "Jones", "forename": "Cara"}, 0),
        ("3", {"full_name": "Reed Cleo"}, 1), ("3", {"full_name": "Reed Cara"}, 0), ("3", {"full_name": "Reed"}, 1),
    ]  # fmt: skip
    found = match([{"local_number": number} | names for number, names, _ in said], roll)
    fits = {row: key[int(number)] for row, (number, _, one) in enumerate(said, start=2) if one}
    assert found.keys == fits
    assert set(found.reasons.values()) == {"number and name are of two pupils"}


def test_a_upn_with_another_pupils_name_or_birth_date_is_said_once_a_pupil():
    roll, _ = name_pupils(person(1), person(2))
    other = {"upn": make_upn(1), "full_name": "Other Person"}
    rows = [other | {"date_of_birth": born} for born in ("", "02/02/2016", "3/2/16")]
    rows += [{"upn": make_upn(2), "full_name": "Fore2 Married", "date_of_birth": "01/02/2016"}]
    rows += [{"upn": make_upn(3), "full_name": "Not Known"}]
    found = match(rows, roll)
    assert found.reasons == {}
    assert [(fix.code, fix.file_row, fix.severity) for fix in found.fixes] == [
        ("UPN and name are of two pupils", 2, "look"), ("UPN and date of birth are of two pupils", 3, "look"),
    ]  # fmt: skip
    assert name_pupils(person(1, surname="New", forename="Name"), roll=roll, receipt="r2")[1].fixes == []


def test_a_name_alone_is_not_a_leavers():
    roll, _ = name_pupils(person(1, surname="Jones", forename="Tom"), person(2), receipt="r1", year="2023/24")
    roll, _ = name_pupils(person(2), person(3), roll=roll, receipt="r2", year="2024/25")
    tom = {"full_name": "Jones Tom"}
    for year, keys in (("2023/24", {2}), ("2024/25", set()), ("", set()), ("2022/23", {2})):
        found = match([tom, {"full_name": "Sur2 Fore2"}, {"local_number": "77", **tom}], roll, year=year)
        assert set(found.keys) == {3} | keys | {row + 2 for row in keys}
        assert set(found.reasons.values()) == (set() if keys else {"pupil not on roll"})
        looks = [fix for fix in found.fixes if fix.code == "matched by name to an earlier list"]
        assert [fix.file_row for fix in looks] == ([2] if year == "2022/23" else [])  # no list of that year
    assert match([tom | {"date_of_birth": "01/02/2016"}, {"local_number": "1"}], roll).reasons == {}
    # A namesake who joined since is not in doubt with the leaver, and each year's file means its own.
    roll, _ = name_pupils(person(4, surname="Jones", forename="Tom"), roll=roll, receipt="r3", year="2024/25")
    assert match([tom], roll, year="2024/25").keys == {2: hash_key(KEY, make_upn(4))}
    assert match([tom], roll, year="2023/24").keys == {2: hash_key(KEY, make_upn(1))}
    assert match([tom], roll, year="2022/23").reasons == {2: "more than one pupil fits"}


def test_a_name_without_accents_decides_nothing_in_a_file_that_writes_none():
    roll, _ = name_pupils(person(1, surname="Hall", forename="Zoë"), person(2, surname="Hall", forename="Zoe"),
                          person(3, surname="Reed", forename="Íde"))  # fmt: skip
    zoe = {"full_name": "Hall Zoe"}
    assert match([zoe], roll).reasons == {2: "more than one pupil fits"}
    assert match([zoe, {"full_name": "Reed Íde"}], roll).keys[2] == hash_key(KEY, make_upn(2))
    assert match([{"full_name": "Hall Zoë"}], roll).keys == {2: hash_key(KEY, make_upn(1))}


def test_a_roll_kept_before_lists_had_years_is_read_and_known_as_older(tmp_path):
    roll, _ = name_pupils(person(1), year="2024/25")
    save_roll(tmp_path, roll)
    assert not load_roll(tmp_path, URN).is_older
    path = tmp_path / f"{URN}.parquet"
    pq.write_table(pq.read_table(path).drop_columns(["academic_year"]), path)
    again = load_roll(tmp_path, URN)
    assert again.is_older
    assert again.rows == [row._replace(academic_year="") for row in roll.rows]


def test_a_corrected_upn_takes_the_number_with_it():
    roll, _ = name_pupils(person(1))
    roll, _ = name_pupils(person(1, upn=make_upn(50), former_upn=make_upn(1)), roll=roll, receipt="r2")
    new = hash_key(KEY, make_upn(50))
    found = match([{"local_number": "1"}, {"upn": make_upn(1)}, {"upn": make_upn(50)}], roll)
    assert set(found.keys.values()) == {new}


def test_a_bad_upn_leaves_the_number_or_nothing():
    roll, _ = name_pupils(person(1))
    bad = "Q207000016049"
    found = match([{"upn": bad, "local_number": "1"}, {"upn": bad}, {"upn": "8.01E+11"}], roll)
    assert found.reasons == {3: "pupil not on roll", 4: "pupil not on roll"}
    assert [(fix.file_row, fix.severity) for fix in found.fixes if fix.code == "not a UPN"] == [
        (2, "look"), (3, "fix"), (4, "fix"),
    ]  # fmt: skip


def test_a_roll_names_new_pupils_by_upn_or_number_or_by_name_with_date_of_birth():
    nobody = {"surname": "No", "forename": "Number"}
    born = nobody | {"date_of_birth": "01/02/2016"}
    roll, found = name_pupils({"upn": make_upn(1)}, {"local_number": "5"}, nobody, born)
    assert found.keys == {
        2: hash_key(KEY, make_upn(1)), 3: hash_key(KEY, f"{URN}|5"), 5: hash_key(KEY, f"{URN}||no number|2016-02-01"),
    }  # fmt: skip
    assert found.reasons == {4: "pupil not on roll"}
    (fix,) = [fix for fix in found.fixes if fix.code == "known by name and date of birth"]
    assert (fix.file_row, fix.severity, fix.field) == (5, "look", "Pupil")
    again, found = name_pupils(born | {"surname": "NO"}, born | {"surname": "Nó"}, roll=roll, receipt="r2")
    assert len(set(found.keys.values()) - set(roll.by_local["5"])) == 1
    rows = [{"full_name": "Number No"}, {"full_name": "No, Number", "date_of_birth": "1/2/16"}]
    assert match(rows, again).reasons == {}


def test_an_independent_school_knows_its_pupils_by_number_and_then_by_name():
    """No UPNs at all: the marksheet by number, another by name; a pupil of another school with that number is other."""
    roll, found = name_pupils(*(person(n, upn="") for n in range(1, 4)))
    assert [found.keys[row] for row in (2, 3, 4)] == [hash_key(KEY, f"{URN}|{n}") for n in range(1, 4)]
    assert match([{"local_number": "002"}, {"full_name": "fore3 SUR3"}], roll).keys == {
        2: hash_key(KEY, f"{URN}|2"), 3: hash_key(KEY, f"{URN}|3"),
    }  # fmt: skip
    other = match_rows([(2, {"local_number": "2"})], HEADERS, Roll("999902"), KEY, receipt_id="r", makes_roll=True,
                       date_order="day_month_year")  # fmt: skip
    assert other.keys[2] != hash_key(KEY, f"{URN}|2")


def test_accents_are_left_out_only_where_no_name_fits_and_one_pupil_does():
    roll, _ = name_pupils(
        person(1, surname="Smöth", forename="Zoë"), person(2, surname="Smoth", forename="Zoe"),
        person(3, surname="Łąk", forename="Øya"), person(4, surname="Sørbú", forename="Ana"),
        person(5, surname="Sörbu", forename="Ana"),
    )  # fmt: skip
    keys = {n: hash_key(KEY, make_upn(n)) for n in range(1, 6)}
    rows = ["Smöth Zoë", "Zoe Smoth", "Oya Lak", "Sorbu, Ana", "Smöth, Zoe\u0308", "Smóth Zoé"]
    found = match([{"full_name": name} for name in rows], roll)
    assert found.keys == {2: keys[1], 3: keys[2], 4: keys[3], 6: keys[1]}
    assert found.reasons == {5: "more than one pupil fits", 7: "more than one pupil fits"}
    looks = [(fix.code, fix.file_row, fix.severity) for fix in found.fixes if fix.file_row in found.keys]
    assert looks == [("matched without accents", 4, "look")]


def test_a_name_with_a_comma_is_known_the_other_way_round_too():
    names = ("Sur, Fore", "Other Way")
    roll, _ = name_pupils(*({"upn": make_upn(n), "full_name": name} for n, name in enumerate(names, start=1)))
    found = match([{"full_name": "Fore Sur"}, {"full_name": "Way Other"}], roll)
    assert found.keys == {2: hash_key(KEY, make_upn(1))}
    assert found.reasons == {3: "pupil not on roll"}


def test_names_of_pupils_who_do_not_exist_are_pointed_out_by_row_only():
    names = [("Dummy", "Pupil"), ("Test", "Pupil"), ("Pupil2", "Test"), ("Other", "A N"), ("Sample", "Student")]
    real = [("Test", "Anna"), ("Child", "Ben"), ("Dummer", "Cleo"), ("Fake", "")]
    rows = [person(n, surname=s, forename=f) for n, (s, f) in enumerate([*names, *real], start=1)]
    _, found = name_pupils(*rows)
    assert len(set(found.keys.values())) == 9
    (fix,) = found.fixes
    assert (fix.code, fix.file_row, fix.severity) == ("name of a test pupil", 2, "look")
    assert "rows 2, 3, 4, 5, 6 and 1 more" in fix.seen
    assert match([{"full_name": "Dummy Pupil"}], Roll(URN)).reasons == {2: "pupil not on roll"}


def test_rows_that_say_the_same_of_a_pupil_are_told_once_and_counted_together():
    """A file with a row a pupil and day; where two pupils fit, the rows may be theirs, so each keeps its line."""
    roll, _ = name_pupils(person(1), *(person(n, surname="Same", forename="Name") for n in (2, 3)))
    days = [{"local_number": "1"}, {"local_number": "99"}, {"full_name": "Same Name"}] * 3 + [{"local_number": ""}] * 2
    numbered = list(enumerate(days, start=2))
    found = match_rows(numbered, HEADERS, roll, KEY, receipt_id="r1", makes_roll=False, date_order="day_month_year")
    assert found.keys == dict.fromkeys((2, 5, 8), hash_key(KEY, make_upn(1)))
    assert found.reasons == {
        **dict.fromkeys((3, 6, 9), "pupil not on roll"), **dict.fromkeys((4, 7, 10), "more than one pupil fits"),
        **dict.fromkeys((11, 12), "row says no pupil"),
    }  # fmt: skip
    assert sorted((fix.file_row, fix.code) for fix in found.fixes) == [
        (3, "pupil not on roll"), (4, "more than one pupil fits"), (7, "more than one pupil fits"),
        (10, "more than one pupil fits"), (11, "row says no pupil"), (12, "row says no pupil"),
    ]  # fmt: skip
    assert "the same in 2 more rows of this pupil" in found.fixes[0].seen
    assert found.count_by_told(dict.fromkeys(range(2, 13), 1)) == {2: 3, 3: 3, 4: 1, 7: 1, 10: 1, 11: 1, 12: 1}


def test_a_former_upn_that_is_another_pupils_takes_nothing_from_that_pupil():
    """A slip of the keyboard names a twin's UPN; and one UPN named as former of two pupils is nobody's."""
    roll, _ = name_pupils(person(1, surname="Twin", forename="Anna"))
    roll, _ = name_pupils(person(2, surname="Twin", forename="Ben", former_upn=make_upn(1)), roll=roll, receipt="r2")
    assert match([{"upn": make_upn(1)}], roll).keys == {2: hash_key(KEY, make_upn(1))}
    roll, _ = name_pupils(person(3, former_upn=make_upn(9)), person(4, former_upn=make_upn(9)), roll=roll, receipt="r3")
    assert match([{"upn": make_upn(9)}], roll).reasons == {2: "more than one pupil fits"}


def test_a_date_of_birth_that_does_not_fit_is_named_and_the_pupil_stays():
    _, found = name_pupils(person(1, date_of_birth="13/02/2016"), person(2, date_of_birth="02/13/2016"))
    assert found.reasons == {}
    (fix,) = found.fixes
    assert (fix.code, fix.file_row, fix.field, fix.severity) == ("date of birth cannot be read", 3, "DOB", "look")
    assert "day/month/year" in fix.expected


def test_the_roll_is_kept_for_its_owner_alone(tmp_path):
    roll, _ = name_pupils(person(1), person(2, upn=""))
    folder = tmp_path / "identities"
    folder.mkdir()
    (folder / f"{URN}.next").write_text("left by a run that died")
    (folder / f"{URN}.next").chmod(0o644)
    save_roll(folder, roll)
    path = folder / f"{URN}.parquet"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    again = load_roll(folder, URN)
    assert again.rows == roll.rows
    assert again.fingerprint == roll.fingerprint != Roll(URN).fingerprint
    path.write_bytes(b"PAR1 damaged")
    assert load_roll(folder, URN).rows == []
    save_roll(folder, Roll(URN))
    assert pq.read_table(path).num_rows == 0


def test_the_fingerprint_hangs_on_what_matching_sees_and_the_newest_receipt_wins():
    one = RollRow("k1", "r1", local_number="7")
    two = RollRow("k2", "r2", local_number="7")
    assert Roll(URN, [one, two]).by_local == {"7": {"k2"}}
    assert Roll(URN, [one, two]).fingerprint != Roll(URN, [two, one]).fingerprint
    assert Roll(URN, [one, two, two._replace(receipt_id="r3")]).fingerprint == Roll(URN, [one, two]).fingerprint
    assert Roll(URN, [one, two]).of_receipts({"r1"}).by_local == {"7": {"k1"}}


@pytest.mark.parametrize("name", ["O'Neill-Smith, Zoë", "o’neill smith zoë", "  O'NEILL  SMITH ZOË"])
def test_names_are_compared_without_case_and_marks(name):
    assert fold_name(name) == "oneill smith zoë"
