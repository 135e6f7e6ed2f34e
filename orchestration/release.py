"""Release: what names one, how it is put in place, and which is current.

Here live the identity (everything a release was made from), the pointer whose replacement is the moment of
publishing, and the reading of it. Pages and files are made by `site_builder`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow.parquet as pq

from ingest.home import OF_RUNS_ALONE, Home, configuration_sha256
from orchestration.contract_lines import list_contract
from orchestration.open_home import OpenHome
from orchestration.place import hash_code, list_versions
from site_builder import BuildSummary, ReleaseIdentity, build_release

POINTER = "current.json"


@dataclass(frozen=True)
class Current:
    """The release that is live: its id, its date, and the hash of everything it was made from."""

    release_id: str
    as_of: str
    made_from: str


@dataclass(frozen=True)
class Made:
    """What `make_release` did: `summary` is None when nothing had changed and no release was made."""

    release_id: str
    folder: Path
    summary: BuildSummary | None


def find_current(home: Home) -> Current | None:
    """Return the live release of a home, or None when there has been none."""
    path = home.releases / POINTER
    return Current(**json.loads(path.read_text("utf-8"))) if path.exists() else None


def make_release(opened: OpenHome, as_of: dt.date, purged: list[str]) -> Made:
    """Build a release from `lake/published` beside the others and make it current.

    When everything it would be made from is what the current one was made from, none is made.
    """
    home = opened.home
    current = find_current(home)
    sources = _list_sources(opened, as_of, purged)
    made_from = _hash(asdict(sources))
    if current is not None and current.made_from == made_from and (home.releases / current.release_id).is_dir():
        _link(home, current.release_id)
        return Made(current.release_id, home.releases / current.release_id, None)
    previous = current.release_id if current else None
    release_id = f"{as_of.isoformat()}-{_hash({'made_from': made_from, 'previous': previous})[:8]}"
    folder = home.releases / release_id
    beside = home.releases / ".next"
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    identity = ReleaseIdentity(
        release_id=release_id, previous_release_id=previous, contract=list_contract(), **vars(sources)
    )
    summary = build_release(home.lake / "published", beside, identity)
    # A folder of this id that is not current was left by a run that died before the pointer moved.
    shutil.rmtree(folder, ignore_errors=True)
    beside.replace(folder)
    point_at(home, Current(release_id, as_of.isoformat(), made_from))
    return Made(release_id, folder, summary)


def point_at(home: Home, current: Current) -> None:
    """Make a release the live one: replacing the pointer file is the moment of publishing."""
    beside = home.releases / f"{POINTER}.next"
    beside.write_text(json.dumps(current.__dict__, indent=1) + "\n", "utf-8")
    beside.replace(home.releases / POINTER)
    _link(home, current.release_id)


def _link(home: Home, release_id: str) -> None:
    """Make the link follow the pointer, also after a run that died between the two."""
    link = home.releases / "current"
    if link.is_symlink() and link.readlink() == Path(release_id):
        return
    following = home.releases / ".current.next"
    following.unlink(missing_ok=True)
    try:
        following.symlink_to(release_id, target_is_directory=True)
        following.replace(link)
    except OSError:  # a disk without symlinks: the pointer file alone says which is current
        following.unlink(missing_ok=True)


@dataclass(frozen=True)
class _Sources:
    """Everything a release is made from but the release before; the names are those of `ReleaseIdentity`."""

    as_of: dt.date
    inputs: list[dict[str, str]]
    published_sha256: str
    configuration_sha256: str
    code_sha256: str
    key_id: str
    versions: dict[str, str]
    purged_inputs: list[str]


def _list_sources(opened: OpenHome, as_of: dt.date, purged: list[str]) -> _Sources:
    columns = ["urn", "receipt_id", "file_sha256", "outcome"]
    files = sorted((opened.home.lake / "findings" / "receipts").glob("*.parquet"))
    inputs = [row for file in files for row in pq.read_table(file, columns=columns).to_pylist()]
    inputs.sort(key=lambda row: str(row["receipt_id"]))
    return _Sources(
        as_of=as_of,
        inputs=[{name: value or "" for name, value in row.items()} for row in inputs],
        published_sha256=_hash_published(opened.home.lake / "published"),
        configuration_sha256=_hash_configuration(opened),
        code_sha256=hash_code(),
        key_id=opened.secret.key_id,
        versions=list_versions(),
        purged_inputs=sorted(purged),
    )


def _hash_published(folder: Path) -> str:
    """Hash the published tables themselves: dates of receipt, say, come from the history and not from any file."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.parquet")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _hash_configuration(opened: OpenHome) -> str:
    formats = {name: form.sha256 for name, form in opened.formats.items()}
    return _hash({"home": configuration_sha256(opened.home, but=OF_RUNS_ALONE), "formats": formats})


def _hash(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()
