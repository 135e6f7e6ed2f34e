-- Grain: one row per pupil, school, academic year and window that has opened for the pupil's year group.
-- Whether the pupil was on the school's roll for that window, and at which school the pupil counts for the trust.
with enrolled as (
    select
        enrolments.pupil_key,
        enrolments.urn,
        enrolments.academic_year,
        windows.window_name,
        enrolments.year_group,
        enrolments.sex,
        enrolments.phase,
        enrolments.cluster,
        enrolments.is_in_trust,
        enrolments.start_date,
        windows.opens,
        windows.closes,
        -- 1 or NULL, never 0: a pupil who is not on roll is not in the denominator at all.
        case
            when
                enrolments.basis = 'roll'
                and not enrolments.is_guest
                and {{ spans_touch('enrolments.start_date', 'enrolments.end_date', 'windows.opens', 'windows.closes') }}
                then 1
        end as pupils_on_roll
    from {{ ref('int_enrolments') }} as enrolments
    inner join {{ ref('int_school_windows') }} as windows
        on
            enrolments.urn = windows.urn
            and enrolments.academic_year = windows.academic_year
            and enrolments.year_group = windows.year_group
    where windows.is_open
)

select
    *,
    is_in_trust
    and row_number() over (
        partition by pupil_key, academic_year, window_name
        order by is_in_trust desc, pupils_on_roll desc nulls last, start_date desc nulls last, urn asc
    ) = 1 as counts_at_trust
from enrolled
