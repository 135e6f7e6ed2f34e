"""The one rule of the stylesheet that names schools: it lights a school in every drawing of a page.

A page whose address ends in a school's URN (#s-<urn>, or #<urn>) shows that school in all its charts, with no script.
What being lit looks like is said by the stylesheet's own rules, which read the properties set here.
"""

from __future__ import annotations

from collections.abc import Iterable

LIT = "--lit-size: 1.35; --lit-edge: var(--ink); --lit-weight: 700; --lit-wash: var(--wash-own); --lit-name: inline;"


def light_up(urns: Iterable[str]) -> bytes:
    """The rule for these schools, nothing where there are none."""
    lit = ",\n".join(f':root:has([id$="{urn}"]:target) .s-{urn}' for urn in sorted(urns))
    return f"\n{lit} {{ {LIT} }}\n".encode() if lit else b""
