"""A release as a whole: the same bytes each time, as accepted before, every link whole, nothing from elsewhere."""

from __future__ import annotations

import hashlib
import json
import os
import posixpath
import re
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import pytest
from site_html import read_page
from site_tiny_trust import IDENTITY, NAMES, SILENT, make_tables, write_tables

import site_builder
from site_builder import BuildSummary, build_release
from site_builder.pages import PAGE_KINDS
from site_builder.paging import CELLS_PER_PAGE, LINES_PER_CONTENTS, Block, contents, cut_into_leaves
from site_builder.tables import Cell, Row, Table, heads

GOLDEN = Path(__file__).parent / "golden"
STATIC = Path(site_builder.__file__).parent / "static"


def _files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def _pages(release: Path) -> list[Path]:
    return sorted(release.rglob("*.html"))


def test_the_release_is_the_one_that_was_accepted(tiny_release: Path, request: pytest.FixtureRequest) -> None:
    """To accept a new one after looking at it: PLUMBLINE_ACCEPT_GOLDEN=1 pytest tests/site_builder."""
    built = _files(tiny_release)
    parts = {part: [path.read_bytes() for path in sorted((STATIC / part).iterdir())] for part in ("style", "script")}
    style, script = (b"\n".join(parts[part]) for part in ("style", "script"))
    for path in [path for path in built if path.endswith(".css")]:
        assert built.pop(path).startswith(style), path
    assert built.pop("site/static/plumbline.js") == script
    assert len(script) < 15_000, "a little script"
    # Bytes of these hang on the libraries that write them; tests of their own read what they say.
    for path in [path for path in built if path.endswith((".xlsx", ".parquet", "/datapackage.json"))]:
        built.pop(path)
    built.pop("manifest.json")
    if os.environ.get("PLUMBLINE_ACCEPT_GOLDEN") == "1" or request.config.getoption("--accept-golden", default=False):
        for old in sorted(GOLDEN.rglob("*"), reverse=True):
            old.unlink() if old.is_file() else old.rmdir()
        for path, data in built.items():
            (GOLDEN / path).parent.mkdir(parents=True, exist_ok=True)
            (GOLDEN / path).write_bytes(data)
    accepted = _files(GOLDEN)
    assert sorted(built) == sorted(accepted), "other files than accepted; see this test's first line"
    changed = [path for path in built if built[path] != accepted[path]]
    assert not changed, f"changed: {changed}; look at them, then see this test's first line"
    assert sum(len(data) for data in accepted.values()) < 650_000


def test_the_same_input_gives_the_same_bytes(tiny_release: Path, tmp_path: Path) -> None:
    tables = make_tables()
    for rows in tables.values():
        rows.reverse()
    build_release(write_tables(tables, tmp_path / "published"), tmp_path / "again", IDENTITY)
    again, first = _files(tmp_path / "again"), _files(tiny_release)
    assert sorted(again) == sorted(first)
    assert [path for path in first if again[path] != first[path]] == []


def test_the_manifest_seals_every_other_file(tiny_build: tuple[Path, BuildSummary]) -> None:
    release, summary = tiny_build
    text = (release / "manifest.json").read_text(encoding="utf-8")
    manifest = json.loads(text)
    assert text == json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    files = _files(release)
    assert sum(len(data) for data in files.values()) == summary.bytes
    assert len(files) == summary.files
    del files["manifest.json"]
    assert manifest["files"] == {
        path: {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)} for path, data in files.items()
    }
    assert manifest["release_id"] == IDENTITY.release_id
    assert manifest["as_of"] == "2025-09-01"
    assert manifest["counts"]["pages"] == summary.pages == len(_pages(release))
    hidden = [f for f in make_tables()["published_kpi_values"] if f["audience"] == "site" and f["symbol"] == "c"]
    assert summary.cells_hidden == {"site": len(hidden), "central": 0}
    assert manifest["cells"]["site"]["figures"]["c"] == len(hidden)
    assert float(manifest["cells"]["site"]["share_hidden"]) == pytest.approx(
        len(hidden) / summary.cells["site"], abs=1e-6
    )
    assert manifest["cells"]["central"]["share_hidden"] == "0.000000"


def test_a_pack_is_made_for_schools_with_receipts_only(tiny_release: Path) -> None:
    assert sorted(p.name for p in (tiny_release / "packs").iterdir()) == sorted(set(NAMES) - {SILENT})
    assert (tiny_release / f"site/schools/{SILENT}.html").is_file()


def test_every_page_is_well_formed_light_and_whole(tiny_release: Path) -> None:
    for path in _pages(tiny_release):
        page = read_page(path)
        assert path.stat().st_size < 200_000, path
        assert len(page.ids) == len(set(page.ids)), f"an id twice in {path}"
        levels = [level for level, _ in page.headings]
        assert levels[0] == 1, path
        assert levels.count(1) == 1, path
        assert all(later <= earlier + 1 for earlier, later in pairwise(levels)), path
        assert all(text.strip() for _, text in page.headings), path
        for table in page.tables:
            assert table.caption.strip(), path
            assert table.region["role"] == "region", path
            assert table.region["tabindex"] == "0", path
            assert table.region["aria-label"] == table.caption, path
            assert all(cell.scope in ("col", "colgroup") for row in table.head for cell in row), path
            width = sum(cell.colspan for cell in table.head[0])
            for row in table.body:
                assert row[0].scope == "row", path
                assert len(row) == width, f"{path}: {table.caption}: {[c.text for c in row]}"


def test_every_link_leads_somewhere_within_its_own_folder(tiny_release: Path) -> None:
    seen = 0
    for path in _pages(tiny_release):
        relative = path.relative_to(tiny_release).as_posix()
        area = "/".join(relative.split("/")[: 2 if relative.startswith("packs/") else 1])
        for reference in read_page(path).references:
            target, _, anchor = reference.partition("#")
            found = (
                posixpath.normpath(posixpath.join(posixpath.dirname(relative), unquote(target))) if target else relative
            )
            assert found.startswith(f"{area}/"), f"{relative} leads out of its folder: {reference}"
            assert (tiny_release / found).is_file(), f"{relative}: {reference}"
            if anchor:
                assert anchor in read_page(tiny_release / found).ids, f"{relative}: {reference}"
            seen += 1
    assert seen > 100


def test_nothing_is_fetched_from_elsewhere_and_no_script_stands_in_a_page(tiny_release: Path) -> None:
    for path, data in _files(tiny_release).items():
        if path.endswith((".html", ".css")):
            text = data.decode("utf-8")
            assert not re.search(r"https?:|//[a-z]|@import|url\(", text, re.IGNORECASE), path
        if path.endswith(".js"):
            said = data.decode("utf-8").replace("http://www.w3.org/2000/svg", "")
            assert not re.search(r"https?:|fetch\(|XMLHttp|import\(|eval|innerHTML|localStorage|cookie", said), path
    for path in _pages(tiny_release):
        page = read_page(path)
        tags = {tag for tag, _ in page.tags}
        assert not tags & {"style", "iframe", "form", "base", "object", "embed"}, path
        scripts = [given for tag, given in page.tags if tag == "script"]
        of_site = path.relative_to(tiny_release).parts[0] == "site"
        assert bool(scripts) == of_site, f"{path}: only the site has the script"
        assert {s["src"].split("/")[-1] for s in scripts if s["src"]} <= {"plumbline.js", "schools.js", "figures.js"}
        assert all(set(given) == {"src", "defer"} for given in scripts), path
        assert not [a for _, given in page.tags for a in given if a.startswith("on") or a == "style"], path
        metas = [given for tag, given in page.tags if tag == "meta"]
        assert {"name": "robots", "content": "noindex"} in metas
        policy = next(m["content"] for m in metas if m.get("http-equiv") == "Content-Security-Policy")
        assert policy is not None
        allowed = "style-src 'self'; script-src 'self'; img-src" if of_site else "style-src 'self'; img-src"
        assert policy.startswith(f"default-src 'none'; {allowed} 'self'"), path
        assert IDENTITY.release_id in page.text
        assert "as at 1 September 2025" in page.text


def test_the_words_of_pages_are_plain_and_neutral(tiny_release: Path) -> None:
    for path in _pages(tiny_release):
        page = read_page(path)
        found = re.findall(r"\b(worst|failing|fail|lenient|inflation|refused|league|rejected|error)\b", page.text, re.I)
        assert not found, f"{path}: {found}"
        assert "None" not in page.text, path


def test_names_stand_as_text_never_as_markup(tiny_release: Path) -> None:
    assert "<Angels>" in read_page(tiny_release / "site/index.html").text
    for path in _pages(tiny_release):
        raw = path.read_text(encoding="utf-8")
        assert "<Angels>" not in raw
        assert "<Y6>" not in raw


def test_the_navigation_is_the_page_list(tiny_release: Path) -> None:
    labels = [kind.nav_label for kind in PAGE_KINDS if kind.nav_label]
    for path in sorted((tiny_release / "site").rglob("*.html")):
        nav = path.read_text(encoding="utf-8").split('class="main-nav"')[1].split("</nav>")[0]
        assert re.findall(r">([^<>]+)</a>", nav) == labels
        assert nav.count("aria-current") == 1


def test_a_long_page_is_carried_on_and_its_contents_lead_to_every_part() -> None:
    def block(chapter: str, section: str) -> Block:
        table = Table("t", heads("a", "b"), [Row([Cell("1"), Cell("2")])] * 20)
        return Block(chapter, section, f"{chapter}-{section}".lower(), table)

    blocks = [block(chapter, section) for chapter in ("One", "Two") for section in ("x", "y", "z")]
    leaves = cut_into_leaves("kpis/k.html", blocks, budget=100)
    assert [leaf.path for leaf in leaves] == ["kpis/k.html", "kpis/k-2.html", "kpis/k-3.html"]
    assert [(leaf.previous, leaf.following) for leaf in leaves] == [
        (None, "kpis/k-2.html"),
        ("kpis/k.html", "kpis/k-3.html"),
        ("kpis/k-2.html", None),
    ]
    assert [[c.title for c in leaf.chapters] for leaf in leaves] == [["One"], ["One", "Two"], ["Two"]]
    assert [c.carried_on for leaf in leaves for c in leaf.chapters] == [False, True, False, True]
    lines = contents(leaves, "kpis/k-2.html")
    assert [(line.title, line.href) for line in lines] == [("One", "kpis/k.html#one"), ("Two", "#two")]
    assert [part.href for part in lines[1].sections] == ["#two-x", "kpis/k-3.html#two-y", "kpis/k-3.html#two-z"]
    assert [leaf.path for leaf in cut_into_leaves("k.html", [])] == ["k.html"]


def test_a_table_too_long_for_a_page_is_carried_on_under_its_headings() -> None:
    rows = [Row([Cell(str(number)), Cell("2")]) for number in range(CELLS_PER_PAGE)]
    leaves = cut_into_leaves("k.html", [Block("One", None, "one", Table("t", heads("a", "b"), rows))])
    parts = [block for leaf in leaves for block in leaf.chapters[0].sections[0].blocks]
    assert [part.table.caption for part in parts if part.table] == ["t", "t (carried on)"]
    assert [row for part in parts if part.table for row in part.table.rows] == rows
    assert len(leaves) == 2


def test_contents_too_long_to_read_open_where_the_reader_is() -> None:
    def block(chapter: int, section: int) -> Block:
        table = Table("t", heads("a", "b"), [Row([Cell("1"), Cell("2")])] * 20)
        return Block(f"Chapter {chapter}", f"Section {section}", f"{chapter}-{section}", table)

    blocks = [block(chapter, section) for chapter in range(LINES_PER_CONTENTS) for section in range(2)]
    leaves = cut_into_leaves("k.html", blocks, budget=80)
    lines = contents(leaves, "k-2.html")
    assert [line.title for line in lines] == [f"Chapter {chapter}" for chapter in range(LINES_PER_CONTENTS)]
    assert [line.title for line in lines if line.sections] == ["Chapter 1"]


def test_a_folder_that_holds_something_is_let_be(tiny_published: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text("mine", encoding="utf-8")
    with pytest.raises(FileExistsError, match="not empty"):
        build_release(tiny_published, tmp_path, IDENTITY)
    assert [p.name for p in tmp_path.iterdir()] == ["kept.txt"]
    build_release(tiny_published, tmp_path / "absent" / "folder", IDENTITY)
    assert (tmp_path / "absent" / "folder" / "manifest.json").is_file()
