"""The files people take away: every extract of a release, for each audience's folder.

Here lives the one way in: which files a folder holds. What stands in each file lives with that file.
"""

from __future__ import annotations

from pathlib import Path

from site_builder.context import Context
from site_builder.csv_files import write_csv
from site_builder.data_package import write_data_package
from site_builder.dictionary import gather_dictionary, write_dictionary
from site_builder.extract_columns import EXTRACTS
from site_builder.extract_comparisons import gather_comparison_files
from site_builder.extract_kpis import gather_kpi_list, kpis_in
from site_builder.extract_meta import gather_meta
from site_builder.extract_parquet import write_parquet
from site_builder.extract_rows import read_figures
from site_builder.extracts import Extract, choose_kpi, gather_extract, write_extract
from site_builder.workbook import write_workbook

FOLDERS = {"site/data": "site", "extracts": "central"}
WORKBOOK = "plumbline_kpis.xlsx"
PACKAGE = "datapackage.json"


def _files_of_kpis(context: Context, extracts: list[Extract]) -> dict[str, bytes]:
    """The figures of one KPI by itself, for whoever has just read its page."""
    return {
        f"kpis/{kpi.kpi}_{extract.stem.rpartition('_')[2]}.csv": write_extract(choose_kpi(extract, kpi.kpi))
        for kpi in context.latest_kpis()
        for extract in extracts
    }


def gather_extract_files(context: Context, published: Path) -> dict[str, bytes]:
    """Path in the release -> bytes, for every file of every extract folder.

    `published` is the folder the context was read from. Raises PublishedError as `gather_extract` does.
    """
    figures = read_figures(published)
    parts = gather_dictionary(context)
    dictionary = write_csv(write_dictionary(parts))
    gathered: dict[str, bytes] = {}
    for folder, audience in FOLDERS.items():
        extracts = [gather_extract(context, figures, stem, audience) for stem in EXTRACTS]
        files = {"dictionary.csv": dictionary, "kpis.csv": write_csv(gather_kpi_list(kpis_in(extracts)))}
        for extract in extracts:
            files[f"{extract.stem}.csv"] = write_extract(extract)
            files[f"{extract.stem}.meta.csv"] = write_csv(gather_meta(extract))
            files[f"{extract.stem}.parquet"] = write_parquet(extract, context.identity.release_id)
        files[WORKBOOK] = write_workbook(context, extracts, parts, audience)
        files[PACKAGE] = write_data_package(context, files, audience)
        if audience == "site":
            files.update(_files_of_kpis(context, extracts))
        files.update(gather_comparison_files(published, audience))
        gathered.update({f"{folder}/{name}": data for name, data in files.items()})
    return gathered
