"""Lists sent: pupil lists, groups and suspensions of a school.

Here lives who is named in which list, and the defects planted in them. Who is on roll lives in `rolls`.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ingest.invent.entry import Defect, Entry, MistypedCell, RepeatedRow, Style
from ingest.invent.rolls import Enrolment
from ingest.invent.saying import say_enrolments, say_member, say_suspensions
from ingest.invent.sender import Sender

_IN_BREAKFAST_CLUB, _IN_READING_SUPPORT = 0.3, 0.12


def send_rolls(
    sender: Sender,
    form: str,
    name: str,
    style: Style | None = None,
    *,
    years: Sequence[str] = (),
    said: Mapping[str, str] | None = None,
) -> None:
    """Send a pupil list a year; in `name`, `style` and `said`, {year} stands for the year."""
    for year in years or sender.facts.years:
        roll = sender.list_roll(year)
        entries = say_enrolments(roll, sender.formats[form])
        if form == "pupil_list" and not sender.school.character.has_upns:
            entries = [replace(entry, pupil={**entry.pupil, "upn": ""}) for entry in entries]
        known = {word: text.format(year=year) for word, text in (said or {}).items()}
        sender.write(
            form, entries, name.format(year=year.replace("/", "-")), style,
            defects=list(_spoil_list(sender, year, roll)), said=known,
        )  # fmt: skip
        again = sender.truths.at("old_list_sent_again", sender.urn)
        if again and again["academic_year"] == year and len(sender.facts.years) > 1:
            # Exported once more in the new year: those who had left are no longer in it.
            staying = say_enrolments([one for one in roll if one.end is None], sender.formats[form])
            path = name.format(year=year.replace("/", "-")).rpartition(".")
            sender.write(form, staying, f"{path[0]}_again.{path[2]}", style, said=known)


def list_characteristics(sender: Sender, year: str) -> Mapping[str, list[str]]:
    """Return what a SIMS list says besides, in the order of the roll; it is not read yet."""
    traits = [sender.facts.traits.of(one.person) for one in sender.list_roll(year)]
    return {
        "Eligible for free meals": ["T" if one.has_premium else "F" for one in traits],
        "Pupil Premium Indicator": ["T" if one.has_premium else "F" for one in traits],
        "SEN Status": ["E" if one.ability < -1.9 else "K" if one.ability < -1.1 else "N" for one in traits],
    }


def send_group(sender: Sender, group_set: str, name: str, share: float, *, years: Sequence[str] = ()) -> None:
    """Send who attends a club and who does not, by chance."""
    entries = []
    for year in years or sender.facts.years:
        for one in sender.list_roll(year):
            chance = random.Random(f"{sender.facts.seed} {group_set} {year} {one.person.key}").random()
            entries.append(say_member(one, group_set, "Y" if chance < share else "N"))
    sender.write("group_list", entries, name)


def send_premium(sender: Sender, name: str) -> None:
    """Send which pupils have pupil premium."""
    entries = [
        say_member(one, "pupil_premium", "Y" if sender.facts.traits.of(one.person).has_premium else "N")
        for year in sender.facts.years
        for one in sender.list_roll(year)
    ]
    sender.write("group_list", entries, name)


def send_clubs(sender: Sender, name: str) -> None:
    """Send breakfast club, and reading support as the school has always given it."""
    entries = []
    for year in sender.facts.years:
        for one in sender.list_roll(year):
            chance = random.Random(f"{sender.facts.seed} clubs {year} {one.person.key}")
            entries.append(say_member(one, "breakfast_club", "Y" if chance.random() < _IN_BREAKFAST_CLUB else "N"))
            # What `truths.yml` tells of 2025/26 is sent by itself (see `send_intervention`).
            if year == sender.facts.years[0] and chance.random() < _IN_READING_SUPPORT:
                how = "One to one" if chance.random() < 0.3 else "Small group"
                entries.append(say_member(one, "reading_support", how))
    sender.write("group_list", entries, name)


def send_intervention(sender: Sender, truth: str, name: str) -> None:
    """Send who has been in an intervention of `truths.yml` since when, once it has begun."""
    planted = sender.truths.at(truth, sender.urn)
    if planted is None or planted["starts"] > sender.facts.as_of:
        return
    members = sender.facts.marks.find_members(truth)
    sender.write(
        "group_list",
        [
            say_member(one, planted["group_set"], planted["group"], start_date=planted["starts"])
            for one in sender.list_roll(sender.facts.years[-1])
            if one.person.key in members
        ],
        name,
    )


def send_suspensions(sender: Sender, name: str) -> None:
    """Send the suspensions of all years so far."""
    entries: list[Entry] = [
        entry for year in sender.facts.years for entry in say_suspensions(sender.take_register(year))
    ]
    sender.write("suspensions_list", entries, name, Style(encoding="cp1252"))


def _spoil_list(sender: Sender, year: str, roll: Sequence[Enrolment]) -> Iterator[Defect]:
    """Yield the defects planted in a pupil list, each in a row of its own."""
    repeated = sender.truths.at("repeated_row", sender.urn)
    if repeated and repeated["academic_year"] == year:
        yield RepeatedRow(roll[len(roll) // 2].pupil)
    lost = sender.truths.at("lost_upn_letter", sender.urn)
    if lost and lost["academic_year"] == year:
        for one in roll[10 : 10 + lost["pupils"]]:
            yield MistypedCell(one.pupil, "UPN", one.person.upn[1:])
    wrong = sender.truths.at("wrong_check_letter", sender.urn)
    if wrong and wrong["academic_year"] == year:
        upn = roll[20].person.upn
        yield MistypedCell(roll[20].pupil, "UPN", ("B" if upn[0] == "A" else "A") + upn[1:])
