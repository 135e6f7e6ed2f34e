"""The stylesheet and the script, put together from their parts and laid into every folder that is handed out.

The parts stand in static/style and static/script and are joined in the order of their names. What they look like
lives there, but for the one rule that names the schools; only the site has the script, and no page needs it.
"""

from __future__ import annotations

from pathlib import Path

from site_builder.charts.lighting import light_up
from site_builder.context import Context
from site_builder.pack_page import pack_urns
from site_builder.script_data import gather_script_data

_STATIC = Path(__file__).parent / "static"
STYLESHEET = "static/plumbline.css"
SCRIPT = "static/plumbline.js"


def _join(parts: str, pattern: str) -> bytes:
    return b"\n".join(path.read_bytes() for path in sorted((_STATIC / parts).glob(pattern)))


def gather_static_files(context: Context) -> dict[str, bytes]:
    """The stylesheet of every audience's folder, because each is handed out by itself, and the site's script."""
    style = _join("style", "*.css")
    # A pack says nothing of other schools, not even their numbers.
    lit = style + light_up(school.urn for school in context.published.schools)
    areas = ["ops", *(f"packs/{urn}" for urn in pack_urns(context))]
    return {
        f"site/{STYLESHEET}": lit,
        **{f"{area}/{STYLESHEET}": style for area in areas},
        f"site/{SCRIPT}": _join("script", "*.js"),
        **gather_script_data(context),
    }
