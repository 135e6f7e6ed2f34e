-- Grain: one row per geography (School, MAT), unit, academic year, window, owner, framework, subject, year group and
-- statement.
-- How many pupils are secure in each statement at the close of a window, before anything is hidden: the trust's
-- statements by school and for the trust, where those that no school judged have a row too; a school's own at the
-- school alone.
with pupils as (
    select
        urn,
        academic_year,
        period as window_name,
        statement_owner as owner,
        assessment as framework,
        subject,
        year_group,
        phase,
        is_in_trust,
        count(*) as pupils_due,
        sum(case when counts_at_trust then 1 else 0 end) as pupils_counted
    from {{ ref('int_statements_measures') }}
    group by urn, academic_year, period, statement_owner, assessment, subject, year_group, phase, is_in_trust
),

judged as (
    select
        standing.urn,
        standing.academic_year,
        standing.window_name,
        standing.owner,
        standing.framework,
        standing.subject,
        standing.year_group,
        standing.statement,
        sum(case when standing.state <> 'not_assessed' then 1 else 0 end) as assessed,
        sum(case when standing.state = 'secure' then 1 else 0 end) as secure,
        sum(case when measured.counts_at_trust and standing.state <> 'not_assessed' then 1 else 0 end)
            as assessed_counted,
        sum(case when measured.counts_at_trust and standing.state = 'secure' then 1 else 0 end) as secure_counted
    from {{ ref('int_judgements_standing') }} as standing
    inner join {{ ref('int_statements_measures') }} as measured
        on
            standing.pupil_key = measured.pupil_key
            and standing.urn = measured.urn
            and standing.academic_year = measured.academic_year
            and standing.window_name = measured.period
            and standing.owner = measured.statement_owner
            and standing.framework = measured.assessment
            and standing.subject = measured.subject
    group by
        standing.urn, standing.academic_year, standing.window_name, standing.owner, standing.framework,
        standing.subject, standing.year_group, standing.statement
),

by_school as (
    select
        pupils.urn,
        pupils.is_in_trust,
        pupils.academic_year,
        pupils.window_name,
        pupils.owner,
        pupils.framework,
        pupils.subject,
        pupils.year_group,
        due.statement,
        due.version,
        due.text,
        due.strand,
        due.exemplification,
        pupils.pupils_due,
        pupils.pupils_counted,
        coalesce(judged.assessed, 0) as pupils_assessed,
        coalesce(judged.secure, 0) as pupils_secure,
        coalesce(judged.assessed_counted, 0) as assessed_counted,
        coalesce(judged.secure_counted, 0) as secure_counted
    from pupils
    inner join {{ ref('int_statements_due') }} as due
        on
            pupils.phase = due.phase
            and pupils.academic_year = due.academic_year
            and pupils.window_name = due.window_name
            and pupils.owner = due.owner
            and pupils.framework = due.framework
            and pupils.subject = due.subject
            and pupils.year_group = due.year_group
    left join judged
        on
            pupils.urn = judged.urn
            and pupils.academic_year = judged.academic_year
            and pupils.window_name = judged.window_name
            and pupils.owner = judged.owner
            and pupils.framework = judged.framework
            and pupils.subject = judged.subject
            and pupils.year_group = judged.year_group
            and due.statement = judged.statement
),

-- Phases may close a window of one name on different days: the version of the latest speaks for the trust.
open_due as (
    select
        due.*,
        row_number() over (
            partition by
                due.academic_year, due.window_name, due.framework, due.subject, due.year_group, due.statement
            order by due.closes desc, due.phase asc
        ) as place
    from {{ ref('int_statements_due') }} as due
    cross join {{ ref('stg_run') }} as run
    where due.owner = 'trust' and due.opens <= run.as_of
),

pooled as (
    select
        academic_year,
        window_name,
        framework,
        subject,
        year_group,
        statement,
        sum(pupils_counted) as pupils_due,
        sum(assessed_counted) as pupils_assessed,
        sum(secure_counted) as pupils_secure,
        sum(case when pupils_counted > 0 then 1 else 0 end) as schools_in
    from by_school
    where owner = 'trust'
    group by academic_year, window_name, framework, subject, year_group, statement
),

together as (
    select
        'School' as geography,
        urn as unit_code,
        academic_year,
        window_name,
        owner,
        framework,
        subject,
        year_group,
        statement,
        version,
        text,
        strand,
        exemplification,
        is_in_trust,
        pupils_due,
        pupils_assessed,
        pupils_secure,
        cast(null as bigint) as schools_in
    from by_school
    union all
    select
        'MAT' as geography,
        trust.group_id as unit_code,
        open_due.academic_year,
        open_due.window_name,
        open_due.owner,
        open_due.framework,
        open_due.subject,
        open_due.year_group,
        open_due.statement,
        open_due.version,
        open_due.text,
        open_due.strand,
        open_due.exemplification,
        true as is_in_trust,
        coalesce(pooled.pupils_due, 0) as pupils_due,
        coalesce(pooled.pupils_assessed, 0) as pupils_assessed,
        coalesce(pooled.pupils_secure, 0) as pupils_secure,
        coalesce(pooled.schools_in, 0) as schools_in
    from open_due
    cross join {{ ref('stg_trust') }} as trust
    left join pooled
        on
            open_due.academic_year = pooled.academic_year
            and open_due.window_name = pooled.window_name
            and open_due.framework = pooled.framework
            and open_due.subject = pooled.subject
            and open_due.year_group = pooled.year_group
            and open_due.statement = pooled.statement
    where open_due.place = 1
)

select
    geography,
    unit_code,
    academic_year,
    window_name,
    owner,
    framework,
    subject,
    year_group,
    statement,
    version,
    text,
    strand,
    exemplification,
    is_in_trust,
    cast(pupils_due as bigint) as pupils_due,
    cast(pupils_assessed as bigint) as pupils_assessed,
    cast(pupils_secure as bigint) as pupils_secure,
    cast(schools_in as bigint) as schools_in,
    100 * cast(pupils_secure as double) / cast(nullif(pupils_due, 0) as double) as percent_secure,
    100 * ({{ wilson_lower('pupils_secure', 'pupils_due') }}) as lower_95_ci,
    100 * ({{ wilson_upper('pupils_secure', 'pupils_due') }}) as upper_95_ci,
    100 * cast(pupils_secure as double) / cast(nullif(pupils_assessed, 0) as double) as percent_of_assessed,
    100 * cast(pupils_assessed as double) / cast(nullif(pupils_due, 0) as double) as coverage_percent
from together
