"""manifest.json: what a release is, what it was made from, and the hash of everything in it.

Here live the counts of cells and the layout that is promised. Sorted keys, one line feed at the end, no
clock.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from site_builder.context import Context
from site_builder.writing import round_half_away

MANIFEST_VERSION = 1

LAYOUT = {
    "site/": "pages for all leaders of the trust (audience: site); open site/index.html",
    "site/data/": "the figures of those pages as CSV with .meta.csv, Parquet and a workbook; see datapackage.json",
    "packs/<urn>/": "one school's receipts and fix-list, for that school alone",
    "extracts/": "the figures for the central team (audience: central), in the same files as site/data/",
    "ops/": "receipts, checks and ledger of all schools, for the data team",
    "manifest.json": "this file",
}


def count_cells(context: Context) -> dict[str, dict[str, int]]:
    """Audience -> "shown" or the symbol -> how many figures of the release are so."""
    counts: dict[str, Counter[str]] = {}
    for figure in context.published.figures:
        counts.setdefault(figure.audience, Counter())[figure.symbol or "shown"] += 1
    return {audience: dict(sorted(count.items())) for audience, count in sorted(counts.items())}


def share_hidden(cells: Mapping[str, int]) -> str:
    """The share of one audience's figures that are hidden (`c`), as a decimal of six places."""
    total = sum(cells.values())
    return format(round_half_away(cells.get("c", 0) / total if total else 0, 6), "f")


def write_manifest(context: Context, files: Mapping[str, bytes], pages: int) -> bytes:
    """manifest.json for `files` (path in the release -> bytes, this file not among them)."""
    identity, published = context.identity, context.published
    cells = count_cells(context)
    manifest: dict[str, Any] = {
        "manifest_version": MANIFEST_VERSION,
        "release_id": identity.release_id,
        "previous_release_id": identity.previous_release_id,
        "as_of": identity.as_of.isoformat(),
        "demo": published.run.demo,
        "trust": {"name": published.run.trust_name, "group_id": published.run.trust_group_id},
        "published_sha256": identity.published_sha256,
        "configuration_sha256": identity.configuration_sha256,
        "code_sha256": identity.code_sha256,
        "key_id": identity.key_id,
        "versions": dict(identity.versions),
        "inputs": [dict(i) for i in sorted(identity.inputs, key=lambda i: sorted(i.items()))],
        "purged_inputs": list(identity.purged_inputs),
        "layout": LAYOUT,
        "counts": {
            "pages": pages,
            "files": len(files),
            "schools_on_register": published.run.schools_on_register,
            "schools_with_data": published.run.schools_with_data,
            "kpis": len(context.latest_kpis()),
            "receipts": len(published.receipts),
        },
        "cells": {
            audience: {"figures": count, "share_hidden": share_hidden(count)} for audience, count in cells.items()
        },
        "files": {
            path: {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)} for path, data in files.items()
        },
    }
    return (json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode("utf-8")
