-- Grain: one row per geography, unit, year group, subject, comparability key, breakdown, counts_at_trust and
-- presence (which measures the rows have).
-- The measures of assessed curriculum statements added up, wide: sums, sums of squares, products with the rate base
-- and counts. Of the trust's statements only: a school's own go into no figure that others see.
{{ add_up_windows('int_assessed_statements_measures', "statement_owner = 'trust'") }} -- noqa: PRS
