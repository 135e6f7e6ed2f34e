"""The publishing room: `lake/published/*.parquet` in, pages, packs and extract files out.

Here lives everything that turns published tables into files a person opens. Nothing here computes a figure
(that is dbt), reads anything but the published tables, or imports another room.
"""

from site_builder.identity import BuildSummary, ReleaseIdentity
from site_builder.published import PublishedError
from site_builder.release import build_release

__all__ = ["BuildSummary", "PublishedError", "ReleaseIdentity", "build_release"]
