-- Grain: one row per enrolment (pupil, school, academic year), period (a window), subject and comparability key.
-- The additive measures of assessment. A row for every result used, and one for every pupil on roll without a
-- result where the school sent that subject and assessment for that window and year group. A pupil whose result
-- the school did send, but which counts at another school, has no row at this one: neither judged nor missing.
with used as (
    select
        * exclude (assessment, compared_as),
        compared_as as assessment
    from {{ ref('int_results_banded') }}
),

-- What each school has answered for: results in use, and those that count at another school.
answered as (
    select distinct
        pupil_key,
        urn,
        academic_year,
        window_name,
        subject,
        compared_as as assessment
    from {{ ref('int_results_placed') }}
    where bucket = 'used' or reason_code = 'counted_elsewhere'
),

cells as (
    select distinct
        urn,
        academic_year,
        window_name,
        year_group,
        subject,
        assessment,
        comparability_class,
        construct,
        comparability_key
    from used
),

on_roll as (
    select *
    from {{ ref('int_enrolment_windows') }}
    where pupils_on_roll = 1
),

judged as (
    select
        used.pupil_key,
        used.urn,
        used.academic_year,
        used.window_name,
        used.year_group,
        used.subject,
        used.assessment,
        used.comparability_class,
        used.construct,
        used.comparability_key,
        used.window_opens as opens,
        used.window_closes as closes,
        used.mark,
        used.standardised,
        used.points,
        used.band,
        1 as pupils_judged,
        on_roll.pupils_on_roll
    from used
    left join on_roll
        on
            used.pupil_key = on_roll.pupil_key
            and used.urn = on_roll.urn
            and used.academic_year = on_roll.academic_year
            and used.window_name = on_roll.window_name
),

not_judged as (
    select
        on_roll.pupil_key,
        on_roll.urn,
        on_roll.academic_year,
        on_roll.window_name,
        on_roll.year_group,
        cells.subject,
        cells.assessment,
        cells.comparability_class,
        cells.construct,
        cells.comparability_key,
        on_roll.opens,
        on_roll.closes,
        cast(null as decimal(18, 4)) as mark,
        cast(null as double) as standardised,
        cast(null as decimal(18, 4)) as points,
        cast(null as varchar) as band,
        0 as pupils_judged,
        on_roll.pupils_on_roll
    from on_roll
    inner join cells
        on
            on_roll.urn = cells.urn
            and on_roll.academic_year = cells.academic_year
            and on_roll.window_name = cells.window_name
            and on_roll.year_group = cells.year_group
    -- A result may say another year group than the roll: the pupil is then in the result's year group, once.
    left join answered
        on
            on_roll.pupil_key = answered.pupil_key
            and on_roll.urn = answered.urn
            and cells.subject = answered.subject
            and cells.academic_year = answered.academic_year
            and cells.window_name = answered.window_name
            and cells.assessment = answered.assessment
    where answered.pupil_key is null
),

measured as (
    select * from judged
    union all
    select * from not_judged
),

described as (
    select
        measured.*,
        enrolments.sex,
        enrolments.phase,
        enrolments.cluster,
        enrolments.is_in_trust,
        enrolments.start_date
    from measured
    inner join {{ ref('int_enrolments') }} as enrolments
        on
            measured.pupil_key = enrolments.pupil_key
            and measured.urn = enrolments.urn
            and measured.academic_year = enrolments.academic_year
),

-- A pupil of two schools counts once for the trust: where the result is, else where on roll, else as results are
-- placed. Few are of two schools: only they are ranked.
shared_pupils as (
    select
        pupil_key,
        academic_year
    from {{ ref('int_enrolments') }}
    group by pupil_key, academic_year
    having count(*) > 1
),

ranked as (
    select
        described.pupil_key,
        described.urn,
        described.subject,
        described.comparability_key,
        row_number() over (
            partition by described.pupil_key, described.subject, described.comparability_key
            order by
                described.is_in_trust desc, described.pupils_judged desc, described.pupils_on_roll desc nulls last,
                described.start_date desc nulls last, described.urn asc
        ) as place
    from described
    inner join shared_pupils
        on
            described.pupil_key = shared_pupils.pupil_key
            and described.academic_year = shared_pupils.academic_year
)

select
    described.pupil_key,
    described.urn,
    described.academic_year,
    'window' as period_kind,
    described.window_name as period,
    described.year_group,
    described.subject,
    described.assessment,
    described.comparability_class,
    described.construct,
    described.comparability_key,
    described.opens,
    described.closes,
    described.sex,
    described.phase,
    described.cluster,
    described.is_in_trust and coalesce(ranked.place, 1) = 1 as counts_at_trust,
    described.mark,
    described.pupils_judged,
    described.pupils_on_roll,
    -- Sums stay exact: a standardised score is kept to six places.
    cast(described.standardised as decimal(18, 6)) as standardised_score,
    described.points as grade_points,
    case when described.band is not null then 1 end as pupils_banded,
    -- NULL where there is no band: such a pupil is in no share of bands.
    cast(described.band = 'BLW' as integer) as pupils_working_below,
    cast(described.band = 'WTS' as integer) as pupils_working_towards,
    cast(described.band = 'EXS' as integer) as pupils_at_expected,
    cast(described.band = 'GDS' as integer) as pupils_at_greater_depth,
    cast(described.band in ('EXS', 'GDS') as integer) as pupils_at_expected_or_above
from described
left join ranked
    on
        described.pupil_key = ranked.pupil_key
        and described.urn = ranked.urn
        and described.subject = ranked.subject
        and described.comparability_key = ranked.comparability_key
