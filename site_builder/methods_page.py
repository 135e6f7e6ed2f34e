"""The methods page: how a row of a school's file becomes a figure, and how far figures may be compared.

Here lives what methods.html is given: the closed lists of words, so that the page says what the figures do. Its
sentences stand in the template.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from site_builder.context import Context
from site_builder.page import Fact, Page
from site_builder.words import BUCKETS, COMPARABILITY, INTERVALS, SYMBOLS
from site_builder.writing import show_count


@dataclass(frozen=True)
class MethodsView:
    """What methods.html is given."""

    fewest: str
    buckets: Sequence[str]
    intervals: Sequence[Fact]
    comparability: Sequence[str]
    symbols: Sequence[Fact]


def gather_methods_pages(context: Context) -> list[Page]:
    """methods.html."""
    used = sorted({kpi.interval for kpi in context.latest_kpis()})
    titles = {name: ", ".join(k.title for k in context.latest_kpis() if k.interval == name) for name in used}
    return [
        Page(
            area="site",
            path="methods.html",
            heading="How figures are made",
            purpose="From a row of a school's own file to a figure on a page, and what may be read into it.",
            view=MethodsView(
                fewest=show_count(context.published.run.site_min_n),
                buckets=list(BUCKETS.values()),
                intervals=[Fact(INTERVALS[name], titles[name]) for name in used if name in INTERVALS],
                comparability=[words for letter, words in COMPARABILITY.items() if letter != "z"],
                symbols=[Fact(sign, said) for sign, said in SYMBOLS.items()],
            ),
        )
    ]
