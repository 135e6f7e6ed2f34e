-- Grain: one row per enrolment (pupil, school, academic year), period (a window), subject and comparability key.
-- The additive measures of curriculum statements: where each pupil stands at the close of a window. A school has rows
-- for a set of statements, a subject and a year group in windows it judged something of them in; then every pupil on
-- roll of that year group has one, and where the roll is not known every pupil judged.
-- Rows of a school's own statements have a comparability key of their own and never count beyond the school.
with standing as (
    select * from {{ ref('int_judgements_standing') }}
),

due as (
    select
        phase,
        academic_year,
        window_name,
        year_group,
        owner,
        framework,
        subject,
        count(*) as statements_due
    from {{ ref('int_statements_due') }}
    group by phase, academic_year, window_name, year_group, owner, framework, subject
),

cells as (
    select distinct
        urn,
        academic_year,
        window_name,
        year_group,
        owner,
        framework,
        subject
    from standing
    where is_of_this_window
),

judged as (
    select
        pupil_key,
        urn,
        academic_year,
        window_name,
        owner,
        framework,
        subject,
        sum(case when state in ('secure', 'not_yet_secure') then 1 else 0 end) as statements_assessed,
        sum(case when state = 'secure' then 1 else 0 end) as statements_secure
    from standing
    group by pupil_key, urn, academic_year, window_name, owner, framework, subject
),

measured as (
    select
        spans.pupil_key,
        spans.urn,
        spans.academic_year,
        spans.window_name,
        spans.year_group,
        spans.opens,
        spans.closes,
        spans.sex,
        spans.phase,
        spans.cluster,
        spans.is_in_trust,
        spans.start_date,
        spans.pupils_on_roll,
        cells.owner,
        cells.framework,
        cells.subject,
        due.statements_due,
        coalesce(judged.statements_assessed, 0) as assessed,
        coalesce(judged.statements_secure, 0) as secure
    from {{ ref('int_enrolment_windows') }} as spans
    inner join cells
        on
            spans.urn = cells.urn
            and spans.academic_year = cells.academic_year
            and spans.window_name = cells.window_name
            and spans.year_group = cells.year_group
    inner join due
        on
            spans.phase = due.phase
            and spans.academic_year = due.academic_year
            and spans.window_name = due.window_name
            and spans.year_group = due.year_group
            and cells.owner = due.owner
            and cells.framework = due.framework
            and cells.subject = due.subject
    left join judged
        on
            spans.pupil_key = judged.pupil_key
            and spans.urn = judged.urn
            and spans.academic_year = judged.academic_year
            and spans.window_name = judged.window_name
            and cells.owner = judged.owner
            and cells.framework = judged.framework
            and cells.subject = judged.subject
    where spans.pupils_on_roll = 1 or judged.pupil_key is not null
),

keyed as (
    select
        *,
        case when owner = 'trust' then 'C' else 'D' end as comparability_class,
        concat_ws(
            '|', case when owner = 'trust' then 'C' else 'D' end, 'point_in_time', framework,
            case when owner <> 'trust' then owner end, window_name, academic_year
        ) as comparability_key
    from measured
),

-- A pupil of two schools counts once for the trust: where something is assessed, else where on roll, else as results
-- do.
ranked as (
    select
        *,
        row_number() over (
            partition by pupil_key, subject, comparability_key
            order by
                is_in_trust desc, case when assessed > 0 then 0 else 1 end, pupils_on_roll desc nulls last,
                start_date desc nulls last, urn asc
        ) as place
    from keyed
)

select
    pupil_key,
    urn,
    academic_year,
    'window' as period_kind,
    window_name as period,
    year_group,
    subject,
    framework as assessment,
    owner as statement_owner,
    comparability_class,
    'point_in_time' as construct,
    comparability_key,
    opens,
    closes,
    sex,
    phase,
    cluster,
    is_in_trust,
    owner = 'trust' and is_in_trust and place = 1 as counts_at_trust,
    cast(statements_due as bigint) as statements_due,
    cast(assessed as bigint) as statements_assessed,
    cast(secure as bigint) as statements_secure
from ranked
