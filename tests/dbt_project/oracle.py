"""Every published KPI value, worked out slowly in plain Python: what dbt must equal.

What lives here: the figures of every cell, compared, hidden where they must be, and keyed as published. What does
not: entries and formulas (`oracle_entries`), where records belong (`oracle_placing`), SQL. Use it on any lake:

    expected = oracle.expect_values(lake_files.read_lake(lake))

Keys are (audience, geography, unit_code, kpi, version, academic_year, window_name, year_group, subject,
comparability_key, breakdown_topic, breakdown), values dicts with the published columns of the same names.
Year groups, sexes and symbols are as published; numbers are unrounded floats.
"""

from __future__ import annotations

from typing import Any

from tests.dbt_project.lake_files import Row, Tables
from tests.dbt_project.oracle_entries import (
    AUDIENCES,
    UNITS,
    Entry,
    Trust,
    kpi_windows,
    make_figure,
    round_in_words,
    year_group_label,
)

Cell = tuple[str, str, str, str, str, str, str, str, str]
"""geography, unit, academic year, window, year group or Total, subject, assessment, topic, breakdown."""


def gather_cells(trust: Trust) -> dict[Cell, list[Entry]]:
    """Return the entries of every cell a figure could be of; pooled cells hold what counts at the trust."""
    cells: dict[Cell, list[Entry]] = {}
    for entry in trust.entries:
        year, name = entry.enrolment.year, entry.window["window_name"]
        for geography, unit in trust.units(entry.enrolment.urn):
            if geography != "School" and not entry.counts_at_trust:
                continue
            for year_group in (entry.year_group, "Total"):
                for topic, label in trust.breakdowns(entry.enrolment, entry.window):
                    cell = (geography, unit, year, name, year_group, entry.subject,
                            entry.assessment["assessment"], topic, label)  # fmt: skip
                    cells.setdefault(cell, []).append(entry)
    return cells


def gather_rolls(trust: Trust) -> dict[tuple[str, ...], set[str]]:
    """Return the pupils on roll, each counted at one school, of every pooled unit, window, year group, breakdown."""
    at: dict[tuple[str, str, str], Any] = {}
    for enrolment, window in trust.windows_on_roll():
        if trust.in_trust(enrolment.urn, enrolment.year):
            key = (enrolment.pupil, enrolment.year, window["window_name"])
            rank = (-(enrolment.start.toordinal() if enrolment.start else 0), enrolment.urn)
            if key not in at or rank < at[key][0]:
                at[key] = (rank, enrolment, window)
    rolls: dict[tuple[str, ...], set[str]] = {}
    for (pupil, year, name), (_rank, enrolment, window) in at.items():
        for geography, unit in trust.units(enrolment.urn):
            for year_group in (enrolment.year_group, "Total"):
                for topic, label in trust.breakdowns(enrolment, window):
                    key2 = (geography, unit, year, name, year_group, topic, label)
                    rolls.setdefault(key2, set()).add(pupil)
    return rolls


def missing_cells(trust: Trust) -> set[tuple[str, str, str, str, str]]:
    """Return (urn, year, window, year group or Total, subject) of which a school was expected to send, and did not."""
    used = {
        (p.record["urn"], p.record["academic_year"], p.window["window_name"], p.year_group, p.record["subject"])
        for p in trust.results
        if p.bucket == "used" and p.window
    }
    missing = set()
    for enrolment, window in trust.windows_on_roll():
        urn, year, name = enrolment.urn, enrolment.year, window["window_name"]
        if not trust.in_trust(urn, year):
            continue
        for wanted in trust.tables["window_subjects"]:
            subject = wanted["subject"]
            if wanted["window_name"] != name:
                continue
            if (urn, year, name, enrolment.year_group, subject) not in used:
                missing.add((urn, year, name, str(enrolment.year_group), subject))
            if not any((u[0], u[1], u[2], u[4]) == (urn, year, name, subject) for u in used):
                missing.add((urn, year, name, "Total", subject))
    return missing


def expect_values(tables: Tables) -> dict[tuple[Any, ...], Row]:
    """Return every published KPI value of a lake, keyed as the module says."""
    trust = Trust(tables)
    cells, rolls, missing = gather_cells(trust), gather_rolls(trust), missing_cells(trust)
    by_window: dict[tuple[str, str], list[tuple[Cell, list[Entry]]]] = {}
    for cell, entries in cells.items():
        by_window.setdefault((cell[2], cell[3]), []).append((cell, entries))
    breakdowns = {(b["kpi"], b["version"], b["breakdown"]) for b in trust.tables["kpi_breakdowns"]}
    published: dict[tuple[Any, ...], Row] = {}
    for kpi, year, name in kpi_windows(trust):
        figures: dict[Cell, Row] = {}
        for cell, entries in by_window.get((year, name), []):
            topic = {"Total": None, "Sex": "sex"}.get(cell[7], "custom_groups")
            wanted = topic is None or (kpi["kpi"], kpi["version"], topic) in breakdowns
            if wanted and (cell[4] != "Total" or kpi["year_groups"] == "together"):
                figures[cell] = describe(trust, kpi, cell, entries, rolls)
        measured = {cell[5:7] for cell, figure in figures.items() if figure["n"]}
        for cell, figure in figures.items():
            figure["measured"] = kpi["kind"] == "ratio" or cell[5:7] in measured
        for audience in (a for a in trust.tables["audiences"] if a["audience"] in AUDIENCES):
            for cell, figure in figures.items():
                beside = figures.get(("MAT", trust.tables["trust"][0]["group_id"], *cell[2:]))
                published[key_of(audience, kpi, cell, trust)] = disclose(trust, kpi, cell, figure, beside, audience)
            for urn, _year, _name, year_group, subject in (m for m in missing if m[1:3] == (year, name)):
                if year_group != "Total" or kpi["year_groups"] == "together":
                    cell = ("School", urn, year, name, year_group, subject, "z", "Total", "Total")
                    published[key_of(audience, kpi, cell, trust)] = {"symbol": "x", "coverage_symbol": "x"}
    return published


def key_of(audience: Row, kpi: Row, cell: Cell, trust: Trust) -> tuple[Any, ...]:
    """Return the published key of a cell; a KPI's own comparability is a ceiling on the assessment's class."""
    geography, unit, year, name, year_group, subject, assessment, topic, label = cell
    known = {a["assessment"]: a for a in trust.tables["assessments"]}.get(assessment)
    if known is None:
        comparability = f"z|z|z|{name}|{year}"
    else:
        letter = max(known["comparability_class"], kpi["comparability"] or "A")
        comparability = f"{letter}|{known['construct']}|{assessment}|{name}|{year}"
    return (audience["audience"], geography, unit, kpi["kpi"], kpi["version"], year, name,
            year_group_label(year_group), subject, comparability, topic, label)  # fmt: skip


def describe(
    trust: Trust, kpi: Row, cell: Cell, entries: list[Entry], rolls: dict[tuple[str, ...], set[str]]
) -> Row:
    """Return a cell's figure with coverage, schools in and of it, and its share of the pupils on roll."""
    geography, unit, year, name, year_group, _subject, _assessment, topic, label = cell
    figure = make_figure(kpi, entries)
    listed = [e for e in entries if e.on_roll]
    figure["on_roll"] = len(listed)
    figure["coverage"] = 100 * sum(e.judged for e in listed) / len(listed) if listed else None
    figure["schools_in"] = figure["schools_of"] = figure["share"] = None
    if geography != "School":
        urns = {e.enrolment.urn for e in entries}
        inside = {u for u in urns if make_figure(kpi, [e for e in entries if e.enrolment.urn == u])["n"]}
        could = trust.schools_that_could(geography, unit, year, name, year_group)
        figure["schools_in"], figure["schools_of"] = len(inside), len(could)
        whole = len(rolls.get((geography, unit, year, name, year_group, topic, label), ()))
        if whole and all((urn, year) in trust.rolls for urn in could):
            figure["share"] = min(100.0, 100 * make_figure(kpi, listed)["n"] / whole)
    return figure


def disclose(trust: Trust, kpi: Row, cell: Cell, figure: Row, beside: Row | None, audience: Row) -> Row:
    """Return the published columns of a cell for an audience."""
    need, wish, n = audience["min_n"] or 0, kpi["min_n"] or 0, figure["n"]
    symbol = None
    if n == 0:
        symbol = "x" if figure["measured"] else "z"
    elif n < need:
        symbol = "c"
    elif n < wish:
        symbol = "u"
    row: Row = {"symbol": symbol, "schools_in": figure["schools_in"], "schools_of": figure["schools_of"]}
    if symbol in ("c", "u"):
        row["coverage_symbol"] = "c"
    elif figure["on_roll"] == 0:
        row["coverage_symbol"] = "x"
    elif figure["on_roll"] < need:
        row["coverage_symbol"] = "c"
    else:
        row["judgement_coverage_percent"] = figure["coverage"]
    if symbol is not None:
        return row
    row.update(
        pupil_count=n, numerator_count=figure["numerator"], value=figure["value"], lower_95_ci=figure["low"],
        upper_95_ci=figure["high"], pupils_in_percent=figure["share"],
    )  # fmt: skip
    if cell[0] == "School" and trust.in_trust(cell[1], cell[2]) and beside and beside["schools_in"] > 1:
        # The trust's own figure may be too small for the audience.
        row |= compare(kpi, figure, beside) if beside["n"] >= max(need, wish) else {}
    return row


def compare(kpi: Row, figure: Row, beside: Row) -> Row:
    """Return the comparison columns of a school's row, and its sentence."""
    value, trust_value = figure["value"], beside["value"]
    if figure["low"] is None or figure["low"] <= trust_value <= figure["high"]:
        comparison, lead, end = "similar", "About the same as", "within chance."
    elif value > trust_value:
        comparison, lead, end = "above", "Above", "more than chance usually gives."
    else:
        comparison, lead, end = "below", "Below", "more than chance usually gives."
    ours, theirs = (round_in_words(v, kpi["dp"]) + UNITS.get(kpi["unit"], "") for v in (value, trust_value))
    pupils = "1 pupil" if figure["n"] == 1 else f"{figure['n']} pupils"
    words = f"{lead} the trust: {ours} against {theirs}, and with {pupils} a difference this size is {end}"
    if figure["low"] is None:
        why = "with one pupil, or marks that are all alike, chance cannot be weighed"
        words = f"Cannot be told from the trust: {ours} against {theirs}; {why}."
    return {
        "comparison_value": trust_value,
        "difference": value - trust_value,
        "comparison": comparison,
        "comparison_words": words,
    }
