"""One page to be written: where it goes, what it is called and the view its template is given."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fact:
    """A short label and what stands beside it."""

    label: str
    text: str
    href: str | None = None


@dataclass(frozen=True)
class Page:
    """A page of an audience's folder.

    `area` is that folder (site, ops, packs/<urn>), `path` the file within it. `heading` and `purpose` open
    the page; `view` is a dataclass with everything else, formatted.
    """

    area: str
    path: str
    heading: str
    purpose: str
    view: object

    @property
    def root(self) -> str:
        """The way from this page up to its area's folder: "" or "../"."""
        return "../" * self.path.count("/")
