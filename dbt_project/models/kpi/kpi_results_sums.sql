-- Grain: one row per geography, unit, year group, subject, comparability key, breakdown, counts_at_trust and
-- presence (which measures the rows have).
-- The measures of assessment added up, wide: sums, sums of squares and counts.
{{ add_up_windows('int_results_measures') }} -- noqa: PRS
