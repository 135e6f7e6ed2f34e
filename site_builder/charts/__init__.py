"""The charts: values and finished words in, places on a drawing out.

Everything a page needs is imported from here. charts.html prints what these functions return. No figure is worked
out in this package; it places figures on a scale.
"""

from site_builder.charts.draw_bands import draw_bands
from site_builder.charts.draw_dumbbell import draw_dumbbell
from site_builder.charts.draw_funnel import draw_funnel
from site_builder.charts.draw_multiples import draw_multiples
from site_builder.charts.draw_ranked import draw_ranked
from site_builder.charts.draw_strip import draw_strip
from site_builder.charts.draw_trend import draw_trend
from site_builder.charts.drawn import Chart
from site_builder.charts.marks import (
    Bar,
    Course,
    Flag,
    Limit,
    Line,
    Pair,
    Panel,
    Part,
    Point,
    Ribbon,
    SizedPoint,
    Step,
    StripRow,
    Words,
)

__all__ = [
    "Bar",
    "Chart",
    "Course",
    "Flag",
    "Limit",
    "Line",
    "Pair",
    "Panel",
    "Part",
    "Point",
    "Ribbon",
    "SizedPoint",
    "Step",
    "StripRow",
    "Words",
    "draw_bands",
    "draw_dumbbell",
    "draw_funnel",
    "draw_multiples",
    "draw_ranked",
    "draw_strip",
    "draw_trend",
]
