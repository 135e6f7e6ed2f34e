"""House styles: the mix of systems the measured schools export from, which is the demo's.

Here lives which formats each school sends and how they are written. What is in them lives in `exports`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ingest.invent import Style

SUBJECTS = (
    "English", "Mathematics", "Science", "History", "Geography", "Art", "Music", "Computing", "Physical education",
    "Religious education",
)  # fmt: skip
TEST, JUDGEMENT = "Common Test", "Teacher Assessment"
# Two windows of the autumn term, and a test and a judgement in each: so many results a subject.
RESULTS_A_SUBJECT = 4


@dataclass(frozen=True)
class HouseStyle:
    """The formats one school sends: its pupils, registers, tests and judgements; '' where the group's system does."""

    pupils: str
    registers: str
    tests: str
    judgements: str
    phase: str = "Primary"
    style: Style = field(default_factory=Style)
    pupils_style: Style | None = None

    @property
    def is_in_group(self) -> bool:
        """Whether pupils and results come from the group's system."""
        return not self.pupils


_SIMS = Style(encoding="cp1252", year_group="Year {}")
_ARBOR = Style(encoding="utf-8-sig", year_group="Year {}")
_SEMICOLONS = Style(encoding="cp1252", delimiter=";")
_TABS = Style(encoding="utf-16", delimiter="\t", year_group="Y{}")
# The twelve schools of the demo, in their order; they come again, by turns.
HOUSE_STYLES = (
    HouseStyle("pupil_list", "sims_weekly_register", "marksheet", "markbook_judgements", style=_ARBOR),
    HouseStyle("pupil_list", "attendance_by_date", "assessment_wide", "markbook_judgements", style=_SEMICOLONS),
    HouseStyle("pupil_list", "sims_weekly_register", "results_rows", "results_rows", "Secondary", _TABS),
    HouseStyle("wonde_students", "wonde_attendance", "results_rows", "results_rows"),
    HouseStyle("", "arbor_session_attendance", "", "", style=Style(encoding="utf-8-sig")),
    HouseStyle("sims_pupil_list", "sims_weekly_register", "results_rows", "results_rows", style=_SIMS),
    HouseStyle("", "sims_weekly_register", "", "", style=_SIMS),
    HouseStyle("sims_pupil_list", "sims_weekly_register", "results_rows", "results_rows", "Secondary", _SIMS),
    HouseStyle("arbor_students", "attendance_by_date", "results_rows", "results_rows", "Secondary", _ARBOR),
    HouseStyle("sims_pupil_list", "sims_weekly_register", "results_rows", "markbook_judgements", style=_SIMS),
    HouseStyle("pupil_list", "attendance_by_date", "assessment_wide", "results_rows"),
    HouseStyle("", "arbor_session_attendance", "", "", "Secondary", style=Style(encoding="utf-8-sig")),
)
