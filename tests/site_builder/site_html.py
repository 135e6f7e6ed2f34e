"""Reading built pages as a strict browser would: tags must nest, and tables come out as rows of text."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

VOID = {"meta", "link", "br", "hr", "img", "input"}


@dataclass
class ReadCell:
    """A table cell: its text without what only helps (notes, marks), its note, what is only heard, where it leads."""

    tag: str
    scope: str | None
    text: str = ""
    note: str = ""
    unseen: str = ""
    href: str | None = None
    colspan: int = 1
    rowspan: int = 1


@dataclass
class ReadTable:
    """A table as read: caption, heading rows, body rows, and the label of the region it stands in."""

    region: dict[str, str | None]
    caption: str = ""
    head: list[list[ReadCell]] = field(default_factory=list)
    body: list[list[ReadCell]] = field(default_factory=list)


class ReadPage(HTMLParser):
    """A page as read. AssertionError where tags do not nest."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.stack: list[tuple[str, dict[str, str | None]]] = []
        self.tables: list[ReadTable] = []
        self.references: list[str] = []
        self.ids: list[str] = []
        self.headings: list[tuple[int, str]] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.titles: list[str] = []
        self.feed(html)
        self.close()
        assert not self.stack, f"never closed: {[tag for tag, _ in self.stack]}"

    def _within(self, tag: str) -> bool:
        return any(open_tag == tag for open_tag, _ in self.stack)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what the tag opens."""
        given = dict(attrs)
        assert len(given) == len(attrs), f"<{tag}> has an attribute twice: {attrs}"
        self.tags.append((tag, given))
        self.references += [given[name] or "" for name in ("href", "src") if name in given]
        self.ids += [given["id"] or ""] if "id" in given else []
        if tag == "table":
            self.tables.append(ReadTable(self.stack[-1][1]))
        elif tag == "tr":
            (self.tables[-1].head if self._within("thead") else self.tables[-1].body).append([])
        elif tag in ("td", "th"):
            rows = self.tables[-1].head if self._within("thead") else self.tables[-1].body
            spans = {name: int(given.get(name) or 1) for name in ("colspan", "rowspan")}
            rows[-1].append(ReadCell(tag, given.get("scope"), **spans))
        elif tag == "a" and self._cell():
            self._cell().href = given["href"]  # type: ignore[union-attr]
        elif tag in ("h1", "h2", "h3", "h4"):
            self.headings.append((int(tag[1]), ""))
        if tag not in VOID:
            self.stack.append((tag, given))

    def _cell(self) -> ReadCell | None:
        if not (self._within("td") or self._within("th")):
            return None
        rows = self.tables[-1].head if self._within("thead") else self.tables[-1].body
        return rows[-1][-1]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag that closes itself, as in a drawing."""
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """The tag must close the one opened last."""
        assert self.stack, f"</{tag}> closes nothing"
        assert self.stack[-1][0] == tag, f"</{tag}> closes <{self.stack[-1][0]}> at {self.getpos()}"
        self.stack.pop()

    def handle_data(self, data: str) -> None:
        """Text goes to the page, and to the cell, caption or heading it stands in."""
        self.text += data
        if self.stack and self.stack[-1][0] == "title":
            self.titles.append(data)
        if self._within("caption"):
            self.tables[-1].caption += data
        if self.headings and self._within(f"h{self.headings[-1][0]}"):
            self.headings[-1] = (self.headings[-1][0], self.headings[-1][1] + data)
        cell = self._cell()
        if cell is None:
            return
        classes = {name for _, given in self.stack for name in (given.get("class") or "").split()}
        if self._within("small"):
            cell.note += data.strip()
        elif "unseen" in classes:
            cell.unseen += data.strip()
        elif not classes & {"mark", "trend"}:
            cell.text += data.strip()


def read_page(path: Path) -> ReadPage:
    """The page at `path`, read."""
    return ReadPage(path.read_text(encoding="utf-8"))
