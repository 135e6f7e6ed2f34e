"""What names a release, and what a build says about itself.

Here live the two small records that cross this room's door: the identity given by the caller, which is
printed in every footer and in the manifest, and the summary handed back. How the identity is worked out
lives with the caller.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class ReleaseIdentity:
    """Everything a release was made from.

    `published_sha256` is the hash of the published tables. `inputs` holds one mapping a file received: urn,
    receipt_id, file_sha256, outcome. `versions` maps the name of a tool to its version. `purged_inputs` lists
    inputs that no longer exist, so that a reader knows the release cannot be made again. `contract` holds one mapping a
    field of a kind of record, for the data dictionary: table, grain, name, type, unit, meaning, source.
    """

    release_id: str
    as_of: date
    previous_release_id: str | None
    inputs: Sequence[Mapping[str, str]]
    published_sha256: str
    configuration_sha256: str
    code_sha256: str
    key_id: str
    versions: Mapping[str, str]
    purged_inputs: Sequence[object] = field(default_factory=tuple)
    contract: Sequence[Mapping[str, str]] = field(default_factory=tuple)


@dataclass(frozen=True)
class BuildSummary:
    """What one build wrote: pages (HTML), files and bytes in all, cells and hidden cells per audience."""

    pages: int
    files: int
    bytes: int
    cells: Mapping[str, int]
    cells_hidden: Mapping[str, int]
