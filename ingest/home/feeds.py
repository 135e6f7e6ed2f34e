"""Dated feeds in trust.yml: from when until when a school's records come from which export format.

They are written only where a school changes its system in mid-year. What becomes of records outside their
feed's days does not live here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from pydantic import Field

from ingest.home.problems import Problem, find_nearest
from ingest.home.strict import Document
from ingest.home.words import Day, Strict, Urn, Word


class Feed(Strict):
    """One format of one school and the days it is the school's source for; an empty end is open."""

    school: Urn
    export_format: Word = Field(alias="format")
    starts: Day | None = Field(default=None, alias="from")
    until: Day | None = None


def check_feeds(document: Document[Any], feeds: Sequence[Feed]) -> Iterator[Problem]:
    """Yield what is wrong within `feeds`: no day at all, days out of order, one format twice on a day."""
    for at, feed in enumerate(feeds):
        if feed.starts is None and feed.until is None:
            what = f'the feed "{feed.export_format}" of {feed.school} has neither "from" nor "until".'
            remedy = "Write the day of the change, or take the line out: without one nothing is divided."
            yield document.say_problem(("feeds", at), "", what, remedy)
        elif feed.starts and feed.until and feed.until < feed.starts:
            what = f"the feed ends on {feed.until}, before it begins on {feed.starts}."
            yield document.say_problem(
                ("feeds", at, "until"), str(feed.until), what, "Exchange or correct the two days."
            )
        for earlier in range(at):
            other = feeds[earlier]
            same = (other.school, other.export_format) == (feed.school, feed.export_format)
            if same and _share_a_day(feed, other):
                line = document.find_line("feeds", earlier)
                what = f'"{feed.export_format}" of {feed.school} has these days already, on line {line}.'
                yield document.say_problem(
                    ("feeds", at), feed.export_format, what, "Keep one of the two, or part their days."
                )
                break


def check_whose_feeds(
    document: Document[Any], feeds: Sequence[Feed], urns: Collection[str], formats: Collection[str]
) -> Iterator[Problem]:
    """Yield the schools and formats of `feeds` that nobody knows."""
    for at, feed in enumerate(feeds):
        if feed.school not in urns:
            what = f"no school of the register has the URN {feed.school}."
            remedy = "Add the school to the register, or take it out here."
            nearest = find_nearest(feed.school, urns)
            yield document.say_problem(("feeds", at, "school"), feed.school, what, remedy, nearest)
        if feed.export_format not in formats:
            what = f'there is no export format "{feed.export_format}".'
            nearest = find_nearest(feed.export_format, formats)
            remedy = "" if nearest else f"There are {', '.join(sorted(formats))}."
            yield document.say_problem(
                ("feeds", at, "format"), feed.export_format, what, remedy, nearest
            )


def _share_a_day(one: Feed, other: Feed) -> bool:
    starts = max(one.starts or dt.date.min, other.starts or dt.date.min)
    ends = min(one.until or dt.date.max, other.until or dt.date.max)
    return starts <= ends
