"""What the files of a home say of one another: owners, schools, KPIs, subjects and windows that must be there.

Each check is given files that have been read well. What one file may hold by itself does not live here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from ingest.home.autonomy import check_agreed
from ingest.home.feeds import check_whose_feeds
from ingest.home.kept_rows import CutRow, Placed, ScaleRow, StatementRow, TargetRow
from ingest.home.kept_tables import KeptTables
from ingest.home.kpi_file import Kpi
from ingest.home.problems import Problem, find_nearest, list_words
from ingest.home.register import School
from ingest.home.strict import Document
from ingest.home.term_dates import HALF_TERMS, check_whose_dates
from ingest.home.trust_file import TrustFile

# Formats that come with the program; their own strict model is met when they are loaded.
_BUILT_IN_FORMATS = Path(__file__).parent.parent / "formats"


def check_across(
    configuration: Path,
    document: Document[TrustFile],
    schools: Sequence[School],
    kpis: Sequence[Kpi],
    kept: KeptTables,
) -> Iterator[Problem]:
    """Yield every name in one file that another file of the home should know and does not."""
    trust, urns = document.value, {school.urn for school in schools}
    yield from _check_kpi_owners(kpis, urns)
    yield from _check_headlines(kpis)
    yield from _check_parts(kpis)
    yield from check_whose_dates(document, trust.term_dates, schools)
    formats = {path.stem for folder in (_BUILT_IN_FORMATS, configuration / "formats") for path in folder.glob("*.yml")}
    yield from check_whose_feeds(document, trust.feeds, urns, formats)
    yield from check_agreed(document, trust.autonomy, trust.frameworks, urns, kpis, kept)
    windows = [window.window for window in trust.windows]
    scales: list[Placed[ScaleRow] | Placed[CutRow]] = [*kept.placed_scales, *kept.placed_cuts]
    for scale in scales:
        yield from _check_subject(scale, scale.row.subject, trust)
        if scale.row.window is not None and scale.row.window not in windows:
            yield _say_unknown(scale, "window", scale.row.window, windows, "one of this trust's windows")
        if scale.row.source not in formats:
            what = f'"{scale.row.source}" is not an export format: a code means nothing without its source.'
            nearest = find_nearest(scale.row.source, formats)
            remedy = "" if nearest else 'Name one of those that "plumbline format list" shows.'
            yield scale.say_problem("source", scale.row.source, what, remedy, nearest)
        if scale.row.school is not None and scale.row.school not in urns:
            what = f"no school of the register has the URN {scale.row.school}."
            remedy = "Leave the cell empty for every school, or write a URN of the register."
            yield scale.say_problem("school", scale.row.school, what, remedy, find_nearest(scale.row.school, urns))
    for statement in kept.placed_statements:
        yield from _check_owner(statement, statement.row.owner, urns)
        yield from _check_subject(statement, statement.row.subject, trust)
        yield from _check_link(statement, kept.placed_statements)
    known = {kpi.kpi: kpi for kpi in kpis}
    for target in kept.placed_targets:
        yield from _check_owner(target, target.row.owner, urns)
        yield from _check_subject(target, target.row.subject, trust)
        yield from _check_target(target, known, windows)


def _check_kpi_owners(kpis: Sequence[Kpi], urns: Collection[str]) -> Iterator[Problem]:
    for kpi in kpis:
        if kpi.owner != "trust" and kpi.owner not in urns:
            what = f"no school of the register has the URN {kpi.owner}."
            remedy = "Name the folder after a URN of the register."
            yield Problem(
                f"kpis/schools/{kpi.owner}/{kpi.kpi}.yml", None, "owner", kpi.owner, "", "", remedy, what
            )


def _check_headlines(kpis: Sequence[Kpi]) -> Iterator[Problem]:
    first: dict[int, str] = {}
    for kpi in kpis:
        # A school's own KPI has its own problem: it may have no such place at all.
        if kpi.headline is None or kpi.owner != "trust":
            continue
        file = f"kpis/{kpi.kpi}.yml"
        taken_by = first.setdefault(kpi.headline, file)
        if taken_by != file:
            what = f"{taken_by} already has the place {kpi.headline} on the first screen."
            remedy = "Give one of the two another number, or take it out of one."
            yield Problem(file, None, "headline", str(kpi.headline), what=what, remedy=remedy)


def _check_parts(kpis: Sequence[Kpi]) -> Iterator[Problem]:
    """Parts make a whole only where they are shares of one thing: the same denominator, in percent."""
    known = {kpi.kpi: kpi for kpi in kpis if kpi.owner == "trust"}
    for kpi in kpis:
        file = f"kpis/{kpi.kpi}.yml" if kpi.owner == "trust" else f"kpis/schools/{kpi.owner}/{kpi.kpi}.yml"
        for name in kpi.parts:
            part = known.get(name)
            if part is None:
                nearest = find_nearest(name, known)
                what = f'"{name}" is not one of this trust\'s KPIs.'
                yield Problem(file, None, "parts", name, nearest=nearest or "", remedy="Take it out.", what=what)
            elif part.unit != "percent" or part.denominator != kpi.denominator:
                what = f"{name} is not a share of the same thing as {kpi.kpi}, so the two make no whole."
                remedy = "Parts are KPIs in percent with the same denominator."
                yield Problem(file, None, "parts", name, what=what, remedy=remedy)
        if kpi.parts and kpi.kpi not in kpi.parts:
            what = f"{kpi.kpi} itself is not among its parts."
            yield Problem(file, None, "parts", ", ".join(kpi.parts), what=what, remedy="Add it.")


Row = Placed[ScaleRow] | Placed[CutRow] | Placed[TargetRow] | Placed[StatementRow]


def _check_owner(placed: Row, owner: str, urns: Collection[str]) -> Iterator[Problem]:
    if owner != "trust" and owner not in urns:
        what = f"no school of the register has the URN {owner}."
        remedy = "Write trust, or a URN of the register."
        yield placed.say_problem("owner", owner, what, remedy, find_nearest(owner, urns))


def _check_subject(placed: Row, subject: str | None, trust: TrustFile) -> Iterator[Problem]:
    if subject is not None and subject not in trust.subjects:
        yield _say_unknown(placed, "subject", subject, trust.subjects, "one of this trust's subjects")


def _check_link(placed: Placed[StatementRow], statements: Sequence[Placed[StatementRow]]) -> Iterator[Problem]:
    """A school's statement counts as a trust's of the same subject and year group, which is known by its name."""
    row = placed.row
    if row.links_to is None:
        return
    if row.owner == "trust":
        what = "this statement is the trust's, and only a school's own is linked to one of the trust's."
        yield placed.say_problem("links_to", row.links_to, what, "Leave the cell empty.")
        return
    fitting = ("trust", row.subject, row.year_group)
    rows = [each.row for each in statements]
    names = list(dict.fromkeys(r.statement for r in rows if (r.owner, r.subject, r.year_group) == fitting))
    if " ".join(row.links_to.lower().split()) not in {" ".join(name.lower().split()) for name in names}:
        kind = f"a statement of the trust's for {row.subject} in year group {row.year_group}"
        yield _say_unknown(placed, "links_to", row.links_to, names, kind)


def _check_target(placed: Placed[TargetRow], kpis: Mapping[str, Kpi], windows: Sequence[str]) -> Iterator[Problem]:
    row = placed.row
    kpi = kpis.get(row.kpi)
    if kpi is None:
        yield _say_unknown(placed, "kpi", row.kpi, sorted(kpis), "a KPI of this home")
        return
    if kpi.owner not in ("trust", row.owner):
        what = f'the KPI "{row.kpi}" is {kpi.owner}\'s own, and this target is of {row.owner}.'
        yield placed.say_problem("owner", row.owner, what, f"Write {kpi.owner}, or name another KPI.")
    # Weeks are many and of no year: a target for a week would hold for none.
    periods = {
        "window": windows,
        "half_term": [name for name, _, _ in HALF_TERMS],
        "term": list(dict.fromkeys(term for _, term, _ in HALF_TERMS)),
        "year_to_date": ["year_to_date"],
    }
    fitting = [name for kind in kpi.periods for name in periods.get(kind, ())]
    if row.period is not None and row.period not in fitting:
        yield _say_unknown(placed, "period", row.period, fitting, f'a period of "{row.kpi}"')


def _say_unknown(placed: Row, column: str, seen: str, known: Sequence[str], kind: str) -> Problem:
    what = f'"{seen}" is not {kind}' + (f": {list_words(known)}." if known else ".")
    nearest = find_nearest(seen, known)
    remedy = "" if nearest else "Leave the cell empty or correct it." if column != "kpi" else "Correct it."
    return placed.say_problem(column, seen, what, remedy, nearest)
