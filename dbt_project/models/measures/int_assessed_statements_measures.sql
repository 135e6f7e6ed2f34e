-- Grain: as int_statements_measures, of pupils of whom at least one statement has been assessed.
-- Shares of what has been assessed rest on these pupils only. They are a theme of their own because the interval of a
-- share by pupil goes with one denominator, and here it is another than the statements due.
select
    pupil_key,
    urn,
    academic_year,
    period_kind,
    period,
    year_group,
    subject,
    assessment,
    statement_owner,
    comparability_class,
    construct,
    comparability_key,
    opens,
    closes,
    sex,
    phase,
    cluster,
    is_in_trust,
    counts_at_trust,
    statements_assessed as assessed_statements,
    statements_secure as assessed_statements_secure
from {{ ref('int_statements_measures') }}
where statements_assessed > 0
