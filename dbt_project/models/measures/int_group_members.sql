-- Grain: one row per pupil, school, academic year, window, topic and label.
-- The bridge from pupils to the groups the trust reports by (many to many): who was in which group in a window.
with spans as (
    select
        pupil_key,
        urn,
        academic_year,
        window_name,
        opens,
        closes
    from {{ ref('int_results_measures') }}
    union
    select
        pupil_key,
        urn,
        academic_year,
        window_name,
        opens,
        closes
    from {{ ref('int_enrolment_windows') }}
)

select distinct
    spans.pupil_key,
    spans.urn,
    spans.academic_year,
    spans.window_name,
    memberships.topic,
    memberships.label
from {{ ref('int_groups_placed') }} as memberships
inner join spans
    on
        memberships.pupil_key = spans.pupil_key
        and memberships.urn = spans.urn
        and (memberships.academic_year is null or memberships.academic_year = spans.academic_year)
        and {{ spans_touch('memberships.start_date', 'memberships.end_date', 'spans.opens', 'spans.closes') }}
where
    memberships.bucket = 'used'
    and memberships.topic is not null
    and memberships.label is not null
