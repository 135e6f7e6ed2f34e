"""An invented trust in which the same pupils are judged twice: by teacher and test, by teacher and moderator.

What lives here: rows only, as ingest would leave them in the lake; the schools are the tiny trust's. What does not:
what dbt should make of them (`oracle_agreement`). Nobody in it is real. Published vectors stand in schools of their
own: 100001 Mathematics in autumn, 14 5 0 22 of test and the table of 100 pieces of moderated work; 100002 English in
autumn, 1 1 7 12.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from tests.dbt_project.lake_files import Row
from tests.dbt_project.tiny_config import make_config
from tests.dbt_project.tiny_trust import Records, make_findings

NOW, BEFORE = "2024/25", "2023/24"
# Rows: the teacher's band, lowest first; columns: the moderators'.
TABLE_OF_100 = ((12, 3, 0, 0), (4, 20, 6, 0), (0, 5, 38, 4), (0, 0, 3, 5))
CODES = ("below", "towards", "expected", "greater")


def make_scale(source: str, framework: str, code: str, band: str | None, **more: Any) -> Row:
    """Return a row of a scale; it holds always and everywhere unless `more` says otherwise."""
    return {
        "scale": f"{source}_{framework}", "source": source, "framework": framework, "version": "1", "code": code,
        "band": band, "comparability_class": "D", "rationale": "Agreed", "approved_by": "The trust",
        "valid_from": date(2020, 9, 1), **more,
    }  # fmt: skip


def make_agreement_config() -> dict[str, list[Row]]:
    """Return the lake/config tables: the tiny trust's, with judgements and tests that have scales."""
    config = make_config()
    plain = {"title": "", "comparability_class": "D", "compared_as": None}
    config["assessments"] = [
        {**plain, "assessment": "common_test", "construct": "summative_test", "result_type": "test"},
        {**plain, "assessment": "key_stage", "construct": "statutory", "result_type": "statutory"},
        {**plain, "assessment": "judgement", "construct": "point_in_time", "result_type": "teacher_judgement",
         "compared_as": "Teachers"},
        {**plain, "assessment": "tracker", "construct": "point_in_time", "result_type": "teacher_judgement",
         "compared_as": "Teachers"},
        {**plain, "assessment": "year_end", "construct": "end_of_year_prediction",
         "result_type": "teacher_judgement"},
        {**plain, "assessment": "forecast", "construct": "end_of_year_prediction", "result_type": "prediction"},
    ]  # fmt: skip
    bands = ("BLW", "WTS", "EXS", "GDS")
    config["scales"] = [
        *(make_scale("tiny", name, code, band)
          for name in ("judgement", "year_end", "forecast") for code, band in zip(CODES, bands, strict=True)),
        make_scale("tiny", "judgement", "away", "NA"),
        make_scale("tiny", "judgement", "points", None, points=3.0),
        *(make_scale("tiny", "tracker", code, band) for code, band in (("w", "WTS"), ("s", "EXS"), ("s+", "GDS"))),
        *(make_scale("tiny", "key_stage", code, band) for code, band in (("NS", "WTS"), ("AS", "EXS"))),
        # The most that is said of where it applies holds: a school, then a subject.
        make_scale("tiny", "judgement", "on track", "WTS"),
        make_scale("tiny", "judgement", "on track", "BLW", subject="English", window_name="autumn"),
        make_scale("tiny", "judgement", "on track", "GDS", school="100003"),
        make_scale("tiny", "judgement", "secure", "EXS", valid_to=date(2024, 12, 31)),
        make_scale("tiny", "judgement", "secure", "GDS", valid_from=date(2025, 1, 1)),
        # An export format that says the same codes otherwise, and is not asked.
        make_scale("alpha", "judgement", "expected", "BLW"),
        make_scale("alpha", "judgement", "only in alpha", "EXS"),
        # A markbook of two formats: they agree on s, only one has x, and they differ on w.
        *(make_scale("alpha", "markbook", code, band) for code, band in (("s", "EXS"), ("x", "GDS"), ("w", "WTS"))),
        *(make_scale("beta", "markbook", code, band) for code, band in (("s", "EXS"), ("w", "EXS"))),
    ]  # fmt: skip
    config["scale_cuts"] = [
        {**make_scale("tiny", "common_test", "", band), "of_what": "mark", "at_least": least}
        for band, least in zip(bands, (None, 30.0, 50.0, 70.0), strict=True)
    ]  # fmt: skip
    for row in config["scale_cuts"]:
        del row["code"]
    return config


class Work(Records):
    """Records of pupils judged twice."""

    def __init__(self) -> None:
        super().__init__()
        self.tables["moderation"] = []
        self._numbers = count(1)

    def enrol(self, urn: str, year_group: str, year: str = NOW, **more: Any) -> str:
        """Put a new pupil on roll and return its key."""
        pupil = f"p{next(self._numbers)}"
        self.add("pupils", urn, pupil, academic_year=year, year_group=year_group, sex="F", **more)
        return pupil

    def judge(self, urn: str, pupil: str, subject: str, code: str, label: str, **more: Any) -> None:
        """Add a teacher's judgement."""
        said = {"academic_year": NOW, "assessment": "judgement", "result_type": "teacher_judgement"}
        self.add("results", urn, pupil, **{**said, "subject": subject, "window_label": label, "value": code, **more})

    def sit(self, urn: str, pupil: str, subject: str, mark: int, label: str, **more: Any) -> None:
        """Add a mark of the common test."""
        said = {"academic_year": NOW, "assessment": "common_test", "result_type": "test", "value": str(mark)}
        self.add("results", urn, pupil,
                 **{**said, "mark": Decimal(mark), "subject": subject, "window_label": label, **more})  # fmt: skip

    def pair(
        self, urn: str, year_group: str, subject: str, label: str, *counts: int, year: str = NOW, **judged: Any
    ) -> None:
        """Add pupils at expected by both, by judgement only, by the test only, by neither."""
        sides = ((True, True), (True, False), (False, True), (False, False))
        high, low = judged.pop("codes", (("expected", "greater"), ("towards", "below")))
        for (by_judgement, by_test), number in zip(sides, counts, strict=True):
            for n in range(number):
                pupil = self.enrol(urn, year_group, year)
                codes, marks = (high if by_judgement else low), ((50, 83) if by_test else (49, 12))
                self.judge(urn, pupil, subject, codes[n % 2], label, **{"academic_year": year, **judged})
                self.sit(urn, pupil, subject, marks[n % 2], label, academic_year=year)

    def moderate(self, urn: str, pupil: str, judged: str, moderated: str, **more: Any) -> None:
        """Add one piece of work judged twice."""
        said = {
            "academic_year": NOW, "year_group": "6", "subject": "Mathematics", "framework": "judgement",
            "window_label": "Autumn", "level": "internal", "judged_value": judged, "moderated_value": moderated,
        }  # fmt: skip
        self.add("moderation", urn, pupil, **{**said, **more})


def make_agreement_trust() -> dict[str, list[Row]]:
    """Return every table of the trust's lake, by name."""
    work = Work()
    _add_pairs(work)
    _add_what_makes_no_pair(work)
    _add_moderation(work)
    _add_moderation_not_used(work)
    return {**make_agreement_config(), **work.tables, **make_findings(work.tables)}


def _add_pairs(work: Work) -> None:
    work.pair("100001", "6", "Mathematics", "Autumn", 14, 5, 0, 22)
    work.pair("100002", "6", "English", "Autumn", 1, 1, 7, 12)
    # Two year groups of one school; far from each other; nobody below by judgement; too few for the site; all agree.
    work.pair("100001", "5", "Mathematics", "Autumn", 9, 2, 1, 4)
    work.pair("100001", "5", "English", "Spring", 1, 6, 5, 1)
    work.pair("100002", "5", "Mathematics", "Spring", 5, 3, 0, 0)
    work.pair("100003", "8", "English", "Autumn", 2, 1, 1, 1)
    work.pair("100002", "5", "English", "Spring", 4, 0, 0, 4)
    work.pair("100003", "7", "Mathematics", "Spring", 20, 30, 2, 10, assessment="tracker",
              codes=(("s", "s+"), ("w", "w")))  # fmt: skip
    work.pair("100004", "7", "Mathematics", "Spring", 12, 1, 11, 9)
    # Not in the trust in that year: a figure of its own, and none of the trust's.
    work.pair("100004", "7", "Mathematics", "Spring", 8, 4, 1, 3, year=BEFORE)
    for n in range(7):  # a statutory result of the same window is another test
        pupil = work.enrol("100001", "6")
        work.judge("100001", pupil, "English", ("expected", "towards")[n % 3 == 0], "Spring")
        work.sit("100001", pupil, "English", 40 + 5 * n, "Spring")
        work.judge("100001", pupil, "English", ("AS", "NS")[n % 2], "Spring", assessment="key_stage",
                   result_type="statutory")  # fmt: skip


def _add_what_makes_no_pair(work: Work) -> None:
    pupils = [work.enrol("100001", "6") for _ in range(8)]
    work.judge("100001", pupils[0], "English", "expected", "Autumn")
    work.sit("100001", pupils[1], "English", 60, "Autumn")
    for pupil, code in ((pupils[2], "away"), (pupils[3], "nobody knows"), (pupils[4], "points")):
        work.judge("100001", pupil, "English", code, "Autumn")
        work.sit("100001", pupil, "English", 60, "Autumn")
    work.judge("100001", pupils[5], "English", "expected", "Autumn", assessment="year_end")
    work.judge("100001", pupils[5], "English", "expected", "Autumn", assessment="forecast", result_type="prediction")
    work.sit("100001", pupils[5], "English", 20, "Autumn")
    work.judge("100001", pupils[6], "English", "expected", "Spring")
    work.sit("100001", pupils[6], "English", 20, "Autumn")
    work.sit("100001", pupils[6], "Mathematics", 20, "Spring")
    guest = work.enrol("100001", "6", enrolment_status="G")
    work.judge("100001", guest, "English", "expected", "Autumn")
    work.sit("100001", guest, "English", 20, "Autumn")
    # Judged at one school and tested at another.
    work.judge("100001", pupils[7], "English", "expected", "Autumn")
    work.add("pupils", "100002", pupils[7], academic_year=NOW, year_group="6", sex="F")
    work.sit("100002", pupils[7], "English", 20, "Autumn")
    # Judged twice: the later judgement is the one that is set beside the test.
    work.judge("100001", pupils[1], "English", "expected", "Autumn", assessed_on=date(2024, 11, 21))
    work.judge("100001", pupils[1], "English", "towards", "Autumn", assessed_on=date(2024, 12, 2))


def _add_moderation(work: Work) -> None:
    for i, row in enumerate(TABLE_OF_100):
        for j, number in enumerate(row):
            for _ in range(number):
                work.moderate("100001", work.enrol("100001", "6"), CODES[i], CODES[j])
    for urn, pairs in (
        ("100001", ((2, 2), (3, 2), (3, 3), (1, 3))),
        ("100002", ((2, 2),) * 3 + ((3, 2), (2, 1), (3, 1))),
        ("100003", ((0, 0), (2, 3), (1, 1))),
    ):
        for n, (judged, moderated) in enumerate(pairs):
            year_group = "7" if urn == "100003" else "56"[n % 2]
            for level in ("group",) if urn == "100003" else ("group", "cluster"):
                work.moderate(urn, work.enrol(urn, year_group), CODES[judged], CODES[moderated], level=level,
                              subject="English", year_group=year_group)  # fmt: skip
    for _ in range(6):  # all in one cell; a year before the school came into the trust
        pupil = work.enrol("100004", "8", BEFORE)
        work.moderate("100004", pupil, "expected", "expected", academic_year=BEFORE, year_group="8", level="group")
    # By date, without a year group of its own, by rows that say more, by their dates, and by other formats' scales.
    for judged, moderated, more in (
        ("expected", "towards", {"window_label": None, "moderated_on": date(2025, 4, 11), "year_group": None}),
        ("on track", "expected", {"window_label": " spring  TERM"}),
        ("on track", "expected", {"subject": "English", "level": "cluster"}),
        ("secure", "expected", {"moderated_on": date(2024, 12, 31), "window_label": "Spring"}),
        ("secure", "expected", {"moderated_on": date(2025, 1, 1), "window_label": "Spring"}),
        (" expected ", "greater", {"window_label": "Spring"}),
        ("s", "x", {"framework": "markbook", "window_label": "Spring"}),
    ):
        work.moderate("100001", work.enrol("100001", "6"), judged, moderated, **more)
    work.moderate("100003", work.enrol("100003", "7"), "on track", "expected", year_group="7", subject="English")
    # The latest stands: by its day, else by the file that came last.
    pupil = work.enrol("100001", "6")
    for file, day, code in ((1, date(2025, 3, 20), "greater"), (2, date(2025, 3, 12), "below"), (3, None, "below")):
        work.moderate("100001", pupil, code, "expected", file=file, moderated_on=day, window_label="Spring")


def _add_moderation_not_used(work: Work) -> None:
    work.moderate("199999", "gone", "expected", "expected")
    pupil = work.enrol("100001", "6")
    for more in (
        {"academic_year": "2019/20"}, {"subject": "Latin"}, {"window_label": "Half term 1"},
        {"window_label": None, "moderated_on": date(2025, 4, 12)}, {"window_label": "Summer"},
        {"framework": "nobody's"}, {"judged_value": "nobody knows"}, {"moderated_value": "points"},
        {"judged_value": "only in alpha"}, {"framework": "markbook", "judged_value": "s", "moderated_value": "w"},
        {"moderated_value": "away"},
    ):  # fmt: skip
        work.moderate("100001", pupil, "expected", "expected", **{"level": "group", "window_label": "Autumn", **more})
    work.moderate("100001", "stranger", "expected", "expected", year_group=None)
    work.moderate("100001", work.enrol("100001", "6", enrolment_status="G"), "expected", "expected")
