-- Grain: one row per thing to put right: as ingest found it, or per school, receipt, field and value that is
-- unmapped or out of scope here.
with held as (
    select
        urn,
        receipt_id,
        file_row,
        reason_code,
        reason,
        case reason_code
            when 'school_not_on_register' then urn
            when 'academic_year_not_reported' then academic_year
            when 'subject_unknown' then subject
            when 'assessment_unknown' then assessment
            when 'result_type_differs' then result_type
            when 'no_window' then coalesce(window_label, cast(assessed_on as varchar))
            when 'window_not_open' then coalesce(window_label, cast(assessed_on as varchar))
            when 'later_result_stands' then coalesce(window_label, cast(assessed_on as varchar))
            when 'counted_elsewhere' then reason
            when 'not_counted_here' then reason
            when 'no_scale' then concat(assessment, ': ', code)
            when 'code_not_in_scale' then concat(assessment, ': ', code)
            when 'not_assessed' then concat(assessment, ': ', code)
        end as seen
    from {{ ref('int_results_placed') }}
    where reason_code is not null
    union all
    select
        urn,
        receipt_id,
        file_row,
        reason_code,
        reason,
        case reason_code
            when 'school_not_on_register' then urn
            when 'academic_year_not_reported' then academic_year
            when 'group_set_not_reported' then group_set
            when 'group_not_reported' then concat(group_set, ': ', group_name)
        end as seen
    from {{ ref('int_groups_placed') }}
    where reason_code is not null
    union all
    select
        urn,
        receipt_id,
        file_row,
        reason_code,
        reason,
        case reason_code
            when 'school_not_on_register' then urn
            when 'academic_year_not_reported' then academic_year
        end as seen
    from {{ ref('int_pupils_placed') }}
    where reason_code is not null
),

grouped as (
    select
        urn,
        receipt_id,
        reason_code,
        case
            when count(distinct file_row) = 1 then coalesce(seen, '(nothing)')
            else
                concat(
                    coalesce(seen, '(nothing)'),
                    ' (in ', count(distinct file_row), ' rows, from row ', min(file_row), ' to row ', max(file_row), ')'
                )
        end as seen,
        min(file_row) as file_row,
        cast(count(*) as bigint) as records_held
    from held
    group by urn, receipt_id, reason_code, coalesce(seen, '(nothing)')
    union all
    select
        urn,
        receipt_id,
        reason_code,
        seen,
        file_row,
        records_held
    from {{ ref('int_records_noticed') }}
),

found_here as (
    select
        grouped.urn,
        grouped.receipt_id,
        receipts.file_name,
        grouped.file_row,
        reasons.field,
        reasons.reason_code as code,
        reasons.severity,
        grouped.seen,
        reasons.expected,
        reasons.remedy,
        grouped.records_held
    from grouped
    inner join {{ ref('placing_reasons') }} as reasons
        on grouped.reason_code = reasons.reason_code
    left join {{ ref('stg_receipts') }} as receipts
        on
            grouped.urn = receipts.urn
            and grouped.receipt_id = receipts.receipt_id
),

everything as (
    select
        urn,
        receipt_id,
        file_name,
        file_row,
        field,
        code,
        severity,
        seen,
        expected,
        remedy,
        records_held
    from {{ ref('stg_fix_list') }}
    union all
    select * from found_here
)

select
    everything.urn,
    {{ school_words('everything.urn', 'schools.name') }} as school_name,
    everything.receipt_id,
    everything.file_name,
    everything.file_row,
    everything.field,
    everything.code,
    everything.severity,
    everything.seen,
    everything.expected,
    everything.remedy,
    cast(sum(everything.records_held) as bigint) as records_held
from everything
left join {{ ref('stg_schools') }} as schools
    on everything.urn = schools.urn
-- Two cells of a row may be wrong in the same way: one thing to put right.
group by all
