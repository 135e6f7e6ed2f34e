"""Moves: the pupils of the invented trust whose life is told one by one in `truths.yml`.

Here live movers, dual registrations, guests, pupils whose number changed, namesakes and the change of a school's URN.
Everybody else's life is chance and lives in `rolls`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ingest.home.words import find_academic_year
from ingest.invent.characters import InventedSchool
from ingest.invent.people import YEARS_ON, make_temporary
from ingest.invent.rolls import Rolls
from ingest.invent.truths import Truths


def plant_moves(rolls: Rolls, schools: Sequence[InventedSchool], years: Sequence[str], truths: Truths) -> None:
    """Change the rolls so that what `truths.yml` tells of single pupils is true; other years' is left out."""
    by_urn = {school.urn: school for school in schools}
    for name in ("mover_in_2024_25", "mover_in_2025_26"):
        _move_one(rolls, by_urn, years, truths, name)
    dual = truths.find("dual_registration")
    if dual and dual["next_school"] in by_urn and dual["academic_year"] in years:
        for _ in range(dual["pupils"]):
            one = rolls.find(dual.school, dual["academic_year"], dual["year_group"])
            rolls.change(dual.school, one, replace(one, status="M"))
            rolls.add(by_urn[dual["next_school"]], one, start=dual["joins"], status="S", class_name=one.year_group)
    guest = truths.find("guest")
    if guest and guest["next_school"] in by_urn and guest["academic_year"] in years:
        one = rolls.find(guest.school, guest["academic_year"], guest["year_group"])
        to = by_urn[guest["next_school"]]
        rolls.add(to, one, start=guest["joins"], end=guest["leaves"], status="G")
    _plant_numbers(rolls, years, truths)
    _plant_namesakes(rolls, years, truths)
    older = truths.find("out_of_year")
    if older and older["academic_year"] in years:
        one = rolls.find(older.school, older["academic_year"], older["year_group"], place=1)
        born = one.person.date_of_birth
        person = replace(one.person, date_of_birth=born.replace(year=born.year - 1, day=min(born.day, 28)))
        for year in years:
            for found in rolls.list_of(older.school, year):
                if found.person == one.person:
                    rolls.change(older.school, found, replace(found, person=person))
    _check_sizes(rolls, years, truths)
    changed = truths.find("change_of_urn")
    if changed:
        for year in years:
            if year == find_academic_year(changed["starts"]):
                rolls.hand_over(changed.school, changed["next_school"], year, changed["starts"])


def _move_one(
    rolls: Rolls, by_urn: dict[str, InventedSchool], years: Sequence[str], truths: Truths, name: str
) -> None:
    move = truths.find(name)
    if move is None or move["next_school"] not in by_urn or move["academic_year"] not in years:
        return
    here = rolls.find(move.school, move["academic_year"], move["year_group"])
    rolls.change(move.school, here, replace(here, end=move["leaves"]))
    there = rolls.add(by_urn[move["next_school"]], here, start=move["joins"], end=None)
    for year in years[years.index(move["academic_year"]) + 1 :]:
        for one in rolls.list_of(move.school, year):
            if one.person == here.person:
                rolls.remove(move.school, one)
                if one.year_group in by_urn[move["next_school"]].character.year_groups:
                    again = rolls.add(by_urn[move["next_school"]], one, start=there.start)
                    rolls.change(move["next_school"], again, replace(again, local_number=there.local_number))


def _plant_numbers(rolls: Rolls, years: Sequence[str], truths: Truths) -> None:
    """Give pupils a temporary UPN in the first year whose permanent one comes in the second."""
    for name in ("temporary_upn_then_permanent", "temporary_upn_unsaid"):
        changed = truths.find(name)
        if changed is None or len(years) < 2:
            continue
        later = rolls.find(changed.school, years[1], changed["year_group"])
        person = later.person
        temporary = make_temporary(person.upn)
        for one in rolls.list_of(changed.school, years[0]):
            if one.person == person:
                rolls.change(changed.school, one, replace(one, person=replace(person, upn=temporary)))
                # A school's pupil export says the former number only where the system keeps it.
                if name == "temporary_upn_then_permanent":
                    rolls.change(changed.school, later, replace(later, person=replace(person, former_upn=temporary)))


def _plant_namesakes(rolls: Rolls, years: Sequence[str], truths: Truths) -> None:
    alike = truths.find("namesakes")
    if alike is None:
        return
    one, other = (rolls.find(alike.school, years[-1], alike["year_group"], place) for place in (0, 1))
    for year in years:
        for found in rolls.list_of(alike.school, year):
            if found.person == other.person:
                alias = replace(found.person, surname=one.person.surname, forename=one.person.forename)
                rolls.change(alike.school, found, replace(found, person=alias))


def _check_sizes(rolls: Rolls, years: Sequence[str], truths: Truths) -> None:
    """Raise ValueError where `demo_schools.yml` gives a school other pupils than `truths.yml` says it has."""
    apart, tiny = truths.find("nursery_apart"), truths.find("tiny_school")
    for year in years:
        if tiny and len(rolls.list_of(tiny.school, year)) != tiny["pupils"]:
            raise ValueError(f"{tiny.school} has not the {tiny['pupils']} pupils that truths.yml says it has")
        if apart:
            roll = rolls.list_of(apart.school, year)
            nursery = sum(YEARS_ON[one.year_group] < 0 for one in roll)
            if (nursery, len(roll) - nursery) != (apart["nursery"], apart["reception_to_year_6"]):
                raise ValueError(f"{apart.school} has not the pupils that truths.yml says it has")

