"""Invented pupils: right in form and age, and nobody's."""

from __future__ import annotations

import random

import pytest

from ingest.invent.people import UNUSED_LA_CODES, People, Person
from ingest.upn import read_upn

# Codes that are or were an authority's, or stand for a place outside England.
CODES_IN_USE = {*range(1, 6), *range(201, 214), *range(301, 321), *range(330, 421), *range(660, 682), *range(701, 709)}
CODES_IN_USE |= set(range(800, 947))

COMMON_FORENAMES = {
    "ada", "adam", "aisha", "alex", "alfie", "amelia", "amir", "anna", "archie", "arthur", "ava", "ben", "bella",
    "charlie", "chloe", "daisy", "daniel", "david", "ella", "ellie", "emily", "emma", "ethan", "eva", "evie", "fatima",
    "finley", "florence", "freddie", "freya", "george", "grace", "hannah", "harry", "henry", "ibrahim", "isaac",
    "isabella", "isla", "ivy", "jack", "jacob", "jake", "james", "jessica", "joshua", "kai", "leo", "lily", "lola",
    "louis", "lucas", "lucy", "maria", "maryam", "mason", "matilda", "maya", "mia", "millie", "mohammed", "muhammad",
    "noah", "oliver", "olivia", "oscar", "phoebe", "poppy", "rosie", "ruby", "sam", "samuel", "sara", "sarah",
    "sofia", "sophia", "sophie", "theo", "theodore", "thomas", "toby", "tommy", "william", "willow", "yusuf", "zara",
}  # fmt: skip
COMMON_SURNAMES = {
    "adams", "ahmed", "ali", "allen", "anderson", "bailey", "baker", "begum", "bell", "bennett", "brown", "campbell",
    "carter", "chapman", "clark", "clarke", "collins", "cook", "cooper", "cox", "davies", "davis", "edwards", "ellis",
    "evans", "foster", "gray", "green", "griffiths", "hall", "harris", "harrison", "hill", "hughes", "hussain",
    "jackson", "james", "johnson", "jones", "kaur", "kelly", "khan", "king", "knight", "lee", "lewis", "marshall",
    "martin", "mason", "miller", "mitchell", "moore", "morgan", "morris", "murphy", "o'brien", "parker", "patel",
    "phillips", "price", "richards", "richardson", "roberts", "robinson", "rogers", "russell", "scott", "shaw",
    "simpson", "singh", "smith", "stevens", "taylor", "thomas", "thompson", "turner", "walker", "ward", "watson",
    "white", "wilkinson", "williams", "wilson", "wood", "wright", "young",
}  # fmt: skip


def invent(seed: str, count: int = 900) -> list[Person]:
    people = People(random.Random(seed))
    groups = ("R", "1", "6", "7", "9")
    return [people.invent(groups[n % 5], "2025/26", UNUSED_LA_CODES[n % 3], f"{2001 + n % 4}") for n in range(count)]


def test_upns_are_right_in_form_and_nobodys() -> None:
    people = invent("numbers")
    assert len({person.upn for person in people}) == len(people)
    for person in people:
        assert read_upn(person.upn) == (person.upn, None)
        assert int(person.upn[1:4]) not in CODES_IN_USE


def test_unused_la_codes_are_below_the_first_authority() -> None:
    assert all(6 <= int(code) <= 200 for code in UNUSED_LA_CODES)


def test_names_are_nobodys_and_no_two_alike() -> None:
    people = invent("names", 4000)
    assert len({(person.surname, person.forename) for person in people}) == len(people)
    for person in people:
        assert person.forename.casefold() not in COMMON_FORENAMES
        parts = person.surname.casefold().replace("’", "'").split("-")
        assert not {part.removeprefix("o'") for part in parts} & COMMON_SURNAMES


@pytest.mark.parametrize(("year_group", "first", "last"), [("R", 2020, 2021), ("6", 2014, 2015), ("9", 2011, 2012)])
def test_birth_dates_fit_the_year_group(year_group: str, first: int, last: int) -> None:
    people = People(random.Random("births"))
    born = [people.invent(year_group, "2025/26", "191", "2001").date_of_birth for _ in range(600)]
    assert min(born).isoformat() >= f"{first}-09-01"
    assert max(born).isoformat() <= f"{last}-08-31"
    assert {day.month for day in born} == set(range(1, 13))


def test_the_number_says_when_the_pupil_began_school() -> None:
    person = People(random.Random("upn")).invent("3", "2025/26", "191", "2001")
    assert person.upn[1:] == "191200122001"  # Reception in 2022/23


def test_a_school_runs_out_of_numbers() -> None:
    people = People(random.Random("many"))
    for _ in range(999):
        people.invent("R", "2025/26", "191", "2001")
    with pytest.raises(ValueError, match="school 191/2001 has no number left"):
        people.invent("R", "2025/26", "191", "2001")


def test_same_seed_same_people() -> None:
    assert invent("a", 50) == invent("a", 50)
    assert invent("a", 50) != invent("b", 50)
