-- Grain: one row per live judgement of a curriculum statement.
-- Each judgement with the statement it is of (the school's own before the trust's), the window it is first seen in, its
-- place on the trust's scale, and why it cannot be used, if it cannot. No judgement has a band by default.
-- A judgement without a day is as its file shows it: of the day the file was made, else first seen, within its year.
with judgements as (
    select
        judgements.record_id,
        judgements.urn,
        judgements.receipt_id,
        judgements.file_row,
        judgements.pupil_key,
        judgements.academic_year,
        judgements.subject,
        judgements.framework,
        judgements.judged_on,
        judgements.statement as said,
        {{ label_key('judgements.statement') }} as said_key,
        trim(judgements.value) as code,
        coalesce(judgements.year_group, enrolments.year_group) as year_group_said,
        enrolments.year_group,
        coalesce(
            judgements.judged_on,
            greatest(least(coalesce(receipts.exported_on, receipts.first_seen_on), years.ends), years.starts),
            years.ends
        ) as as_at,
        years.academic_year is not null as is_year_reported,
        judgements.judged_on is null or judgements.judged_on between years.starts and years.ends as is_in_its_year,
        receipts.format,
        receipts.arrival,
        schools.phase,
        schools.urn is not null as is_on_register,
        enrolments.pupil_key is not null as is_enrolled,
        coalesce(enrolments.is_guest, false) as is_guest,
        enrolments.start_date,
        enrolments.end_date
    from {{ ref('stg_judgements') }} as judgements
    left join {{ ref('stg_schools') }} as schools
        on judgements.urn = schools.urn
    left join {{ ref('stg_academic_years') }} as years
        on judgements.academic_year = years.academic_year
    left join {{ ref('stg_receipts') }} as receipts
        on
            judgements.urn = receipts.urn
            and judgements.receipt_id = receipts.receipt_id
    left join {{ ref('int_enrolments') }} as enrolments
        on
            judgements.urn = enrolments.urn
            and judgements.academic_year = enrolments.academic_year
            and judgements.pupil_key = enrolments.pupil_key
),

-- A statement depends on these only: find it once for each, not once a judgement.
asked_for_statement as (
    select distinct
        urn,
        framework,
        subject,
        said_key,
        year_group_said,
        as_at
    from judgements
),

statements as (
    select
        asked.*,
        known.owner,
        known.statement,
        known.version,
        known.year_group as statement_year_group,
        row_number() over (
            partition by
                asked.urn, asked.framework, asked.subject, asked.said_key, asked.year_group_said, asked.as_at
            order by
                case when asked.year_group_said = known.year_group then 0 else 1 end,
                case when known.owner = 'trust' then 1 else 0 end,
                case when asked.said_key = known.statement_key then 0 else 1 end,
                known.valid_from desc, known.version desc, known.statement asc, known.year_group asc
        ) as place
    from asked_for_statement as asked
    inner join {{ ref('stg_statements') }} as known
        on
            known.owner in (asked.urn, 'trust')
            and asked.framework = known.framework
            and asked.subject = known.subject
            and asked.said_key in (known.statement_key, known.text_key)
            and asked.as_at between known.valid_from and known.holds_until
),

-- Schools there are statements for at all: elsewhere a judgement is kept, and nothing is asked of anybody.
with_statements as (
    select distinct schools.urn
    from {{ ref('stg_schools') }} as schools
    inner join {{ ref('stg_statements') }} as known
        on known.owner in (schools.urn, 'trust')
),

-- The window at whose close a judgement is first seen.
asked_for_window as (
    select distinct
        phase,
        academic_year,
        year_group,
        as_at
    from judgements
),

windows as (
    select
        asked.*,
        windows.window_name,
        windows.opens,
        windows.closes,
        asked.as_at <= windows.closes as is_in_time,
        row_number() over (
            partition by asked.phase, asked.academic_year, asked.year_group, asked.as_at
            order by
                case when asked.as_at <= windows.closes then 0 else 1 end,
                windows.closes, windows.sort_order, windows.window_name
        ) as place
    from asked_for_window as asked
    inner join {{ ref('stg_windows') }} as windows
        on
            asked.phase = windows.phase
            and asked.academic_year = windows.academic_year
            and asked.year_group = windows.year_group
),

placed as (
    select
        judgements.*,
        statements.owner,
        statements.statement,
        statements.version as statement_version,
        statements.statement_year_group,
        with_statements.urn is not null as has_statements,
        windows.phase is not null as has_windows,
        case when windows.is_in_time then windows.window_name end as window_name,
        case when windows.is_in_time then windows.opens end as window_opens,
        case when windows.is_in_time then windows.closes end as window_closes
    from judgements
    left join statements
        on
            judgements.urn = statements.urn
            and judgements.framework = statements.framework
            and judgements.subject = statements.subject
            and judgements.said_key = statements.said_key
            and judgements.year_group_said is not distinct from statements.year_group_said
            and judgements.as_at = statements.as_at
            and statements.place = 1
    left join with_statements
        on judgements.urn = with_statements.urn
    left join windows
        on
            judgements.phase = windows.phase
            and judgements.academic_year = windows.academic_year
            and judgements.year_group = windows.year_group
            and judgements.as_at = windows.as_at
            and windows.place = 1
),

asked_for_scale as (
    select distinct
        urn,
        format,
        framework as assessment,
        subject,
        year_group,
        window_name,
        as_at,
        code
    from placed
),

scaled as (
    select
        asked.*,
        scales.scale,
        scales.version,
        scales.band,
        row_number() over (
            partition by
                asked.urn, asked.format, asked.assessment, asked.subject, asked.year_group, asked.window_name,
                asked.as_at, asked.code
            order by scales.says desc, scales.valid_from desc, scales.scale asc
        ) as place
    from asked_for_scale as asked
    inner join {{ ref('stg_scales') }} as scales
        on
            {{ applies('scales', 'asked') }}
            and asked.code = scales.code
)

select
    placed.record_id,
    placed.urn,
    placed.receipt_id,
    placed.file_row,
    placed.arrival,
    placed.pupil_key,
    placed.academic_year,
    placed.year_group,
    placed.subject,
    placed.framework,
    placed.judged_on,
    placed.as_at,
    placed.format,
    placed.code,
    placed.said,
    placed.owner,
    placed.statement,
    placed.statement_version,
    placed.window_name,
    placed.window_opens,
    placed.window_closes,
    scaled.scale,
    scaled.version as scale_version,
    scaled.band,
    case
        when scaled.band in ('EXS', 'GDS') then 'secure'
        when scaled.band in ('BLW', 'WTS') then 'not_yet_secure'
        when scaled.band = 'NA' then 'not_assessed'
    end as state,
    -- The first of these that holds says why a judgement cannot be used.
    case
        when not placed.is_on_register then 'school_not_on_register'
        when not placed.is_year_reported then 'academic_year_not_reported'
        when not placed.has_statements then 'no_kpi_uses_it'
        when subjects.subject is null then 'subject_unknown'
        when not placed.is_in_its_year then 'judged_outside_year'
        when placed.as_at > run.as_of then 'judged_after_run_date'
        when placed.statement is null then 'statement_unknown'
        when scaled.band is null then 'judgement_code_unmapped'
        when not placed.is_enrolled then 'pupil_not_enrolled'
        when placed.is_guest then 'not_counted_here'
        when placed.year_group is null then 'year_group_unknown'
        when placed.statement_year_group <> placed.year_group then 'statement_of_another_year_group'
        when not placed.has_windows then 'no_window'
        when placed.window_name is null then 'judged_after_last_window'
        when placed.window_opens > run.as_of then 'window_not_open'
        when
            not {{ spans_touch('placed.start_date', 'placed.end_date', 'placed.window_opens', 'placed.window_closes') }}
            then 'not_on_roll_in_window'
        when due.statement is null then 'statement_not_due_in_window'
    end as unusable_because
from placed
left join {{ ref('stg_subjects') }} as subjects
    on placed.subject = subjects.subject
left join scaled
    on
        placed.urn = scaled.urn
        and placed.format is not distinct from scaled.format
        and placed.framework = scaled.assessment
        and placed.subject = scaled.subject
        and placed.year_group is not distinct from scaled.year_group
        and placed.window_name is not distinct from scaled.window_name
        and placed.as_at = scaled.as_at
        and placed.code = scaled.code
        and scaled.place = 1
left join {{ ref('int_statements_due') }} as due
    on
        placed.phase = due.phase
        and placed.academic_year = due.academic_year
        and placed.window_name = due.window_name
        and placed.year_group = due.year_group
        and placed.owner = due.owner
        and placed.framework = due.framework
        and placed.subject = due.subject
        and placed.statement = due.statement
cross join {{ ref('stg_run') }} as run
