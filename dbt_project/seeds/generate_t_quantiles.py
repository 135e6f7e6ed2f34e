"""Writes `t_quantiles.csv`: Student's t at 0.975 for 1 to 1,000 degrees of freedom, and for no limit.

Here lives the origin of that seed, because DuckDB has no t quantile. Run it again with
`python dbt_project/seeds/generate_t_quantiles.py`; a test holds the seed to it. The last row has no degrees of
freedom: it is the limit, the normal quantile.
"""

from __future__ import annotations

from pathlib import Path

from scipy import stats

LARGEST = 1000


def make_t_quantiles() -> str:
    """Return the seed's text: columns degrees_of_freedom and t_975, 15 significant figures."""
    rows = [f"{df},{stats.t.ppf(0.975, df):.15g}" for df in range(1, LARGEST + 1)]
    return "\n".join(["degrees_of_freedom,t_975", *rows, f",{stats.norm.ppf(0.975):.15g}"]) + "\n"


if __name__ == "__main__":
    Path(__file__).with_name("t_quantiles.csv").write_text(make_t_quantiles(), encoding="utf-8")
