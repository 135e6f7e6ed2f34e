"""datapackage.json: what the files of an extract folder hold, for machines (Frictionless Data Package, version 2).

Here lives the descriptor, made from the same declarations as the files. A symbol is a missing value of a column of
figures and an ordinary value of a column of text (`z` in `subject` says that there is none), so columns of text name
no missing values of their own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from site_builder import dictionary
from site_builder.context import Context
from site_builder.extract_column import FILE_SYMBOLS, ExtractColumn
from site_builder.extract_columns import EXTRACTS, TITLES, key_of
from site_builder.extract_kpis import KPI_COLUMNS
from site_builder.extract_meta import META_COLUMNS

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
RESOURCE_PROFILE = "https://datapackage.org/profiles/2.0/dataresource.json"
_MEDIA = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_MISSING = [{"value": "", "label": "missing"}, *({"value": s, "label": w} for s, w in FILE_SYMBOLS.items())]
_TYPES = {"text": "string", "integer": "integer", "number": "number", "date": "date"}
_CONSTRAINTS: dict[str, dict[str, Any]] = {
    "time_period": {"pattern": "[0-9]{6}"},
    "time_identifier": {"enum": ["Academic year"]},
    "geographic_level": {"enum": ["School", "MAT"]},
    "country_code": {"pattern": "[EKNSW][0-9]{8}"},
    "comparison_flag": {"enum": ["above", "similar", "below", "z"]},
    "comparability_class": {"enum": ["A", "B", "C", "D", "z"]},
}
_APOSTROPHE = "Text that begins as a formula would (= + - @, tab) has an apostrophe before it in this file only."


def _field(column: ExtractColumn) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column.name,
        "title": column.label,
        "description": column.meaning,
        "type": _TYPES[column.type],
    }
    if column.role != "indicator":
        field["missingValues"] = []
        field["constraints"] = {"required": True, **_CONSTRAINTS.get(column.name, {})}
        return field
    limits: dict[str, Any] = {"minimum": 0} if not column.in_kpi_unit else {}
    if column.unit == "%":
        limits["maximum"] = 100
    if limits:
        field["constraints"] = limits
    return field


def _extract_schema(stem: str) -> dict[str, Any]:
    columns = EXTRACTS[stem][1]
    whole = [{**_field(c), "type": "integer"} if c.name == "kpi_version" else _field(c) for c in columns]
    points = {
        "fields": ["kpi", "kpi_version"],
        "reference": {"resource": "kpis", "fields": ["kpi", "kpi_version"]},
    }
    return {
        "fields": whole,
        "missingValues": _MISSING,
        "primaryKey": key_of(columns),
        "foreignKeys": [points],
        "fieldsMatch": "equal",
    }


def _plain_schema(names: tuple[str, ...], key: list[str], required: tuple[str, ...]) -> dict[str, Any]:
    fields = [
        {"name": name, "type": "string", **({"constraints": {"required": True}} if name in required else {})}
        for name in names
    ]
    return {"fields": fields, "primaryKey": key, "fieldsMatch": "equal"}


def _kpi_schema() -> dict[str, Any]:
    fields = [
        {
            "name": column.name,
            "description": column.meaning,
            "type": _TYPES[column.type],
            **({"constraints": {"required": True}} if column.filled else {}),
        }
        for column in KPI_COLUMNS
    ]
    return {"fields": fields, "primaryKey": ["kpi", "kpi_version"], "fieldsMatch": "equal"}


def _schema(name: str) -> tuple[str, dict[str, Any]] | None:
    """The title and schema of a CSV, by the name of the file."""
    stem, _, ending = name.partition(".")
    if ending == "csv" and stem in EXTRACTS:
        return f"{TITLES[stem]}. {_APOSTROPHE}", _extract_schema(stem)
    if ending == "meta.csv" and stem in EXTRACTS:
        about = f"Filters and indicators of {stem}.csv, as official statistics describe them"
        return about, _plain_schema(META_COLUMNS, ["col_name"], ("col_name", "col_type", "label"))
    if name == "kpis.csv":
        return "Definitions of the KPIs in these files", _kpi_schema()
    if name == "dictionary.csv":
        # A KPI's versions share its name, and their sources tell them apart.
        named = ("table", "name", "type", "meaning", "source")
        return "What each column, KPI and record field means", _plain_schema(
            dictionary.COLUMNS, ["table", "name", "source"], named
        )
    return None


_ABOUT = {"parquet": "The same rows with real types; symbols stand in columns of their own", "xlsx": "For people"}


def _resource(name: str, data: bytes) -> dict[str, Any]:
    ending = name.rpartition(".")[2]
    described = _schema(name)
    resource: dict[str, Any] = {
        "$schema": RESOURCE_PROFILE,
        "name": name.removesuffix(".csv").replace(".", "-"),
        "path": name,
        "type": "table" if described else "file",
        "format": ending,
        "mediatype": _MEDIA[ending],
        "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
    }
    if described is None:
        return {**resource, "description": _ABOUT[ending]}
    about, schema = described
    return {**resource, "description": about, "encoding": "utf-8", "schema": schema}


def write_data_package(context: Context, files: Mapping[str, bytes], audience: str) -> bytes:
    """datapackage.json for the files of one folder (name -> bytes, this file not among them)."""
    run, identity = context.published.run, context.identity
    package = {
        "$schema": PROFILE,
        "name": f"plumbline-kpis-{audience}",
        "title": f"KPIs of {run.trust_name}",
        "description": f"Release {identity.release_id}, as at {identity.as_of.isoformat()}. Audience: {audience}.",
        "version": identity.release_id,
        "created": f"{identity.as_of.isoformat()}T00:00:00Z",
        "resources": [_resource(name, data) for name, data in sorted(files.items())],
    }
    return (json.dumps(package, ensure_ascii=False, indent=2) + "\n").encode("utf-8")
