-- Grain: one row per live group record.
-- Each membership in exactly one bucket; and, where its set is reported by, the topic and label it counts under.
with declared as (
    select
        group_set,
        title,
        group_name,
        label,
        sort_order
    from {{ ref('stg_custom_groups') }}
),

declared_sets as (
    select distinct group_set from declared
),

enrolled as (
    select distinct
        pupil_key,
        urn
    from {{ ref('int_enrolments') }}
),

placed as (
    select
        memberships.*,
        coalesce(named.title, whole.title) as topic,
        coalesce(named.label, case when whole.title is not null then memberships.group_name end) as label,
        coalesce(named.sort_order, whole.sort_order) as label_sort,
        case
            when schools.urn is null then 'school_not_on_register'
            when memberships.academic_year is not null and years.academic_year is null
                then 'academic_year_not_reported'
            when enrolled.pupil_key is null then 'pupil_not_enrolled'
            when memberships.group_type = 'class' then null
            when declared_sets.group_set is null then 'group_set_not_reported'
            when named.group_set is null and whole.group_set is null then 'group_not_reported'
        end as reason_code
    from {{ ref('stg_groups') }} as memberships
    left join {{ ref('stg_schools') }} as schools
        on memberships.urn = schools.urn
    left join {{ ref('stg_academic_years') }} as years
        on memberships.academic_year = years.academic_year
    left join enrolled
        on
            memberships.pupil_key = enrolled.pupil_key
            and memberships.urn = enrolled.urn
    left join declared_sets
        on memberships.group_set = declared_sets.group_set
    -- A group named in the trust's list is reported under its label; a set listed whole, under its own names.
    left join declared as named
        on
            memberships.group_set = named.group_set
            and memberships.group_name = named.group_name
    left join declared as whole
        on
            memberships.group_set = whole.group_set
            and whole.group_name is null
)

select
    placed.record_id,
    placed.urn,
    placed.receipt_id,
    placed.file_row,
    placed.pupil_key,
    placed.academic_year,
    placed.group_set,
    placed.group_name,
    placed.start_date,
    placed.end_date,
    placed.topic,
    placed.label,
    placed.label_sort,
    coalesce(reasons.bucket, 'used') as bucket,
    placed.reason_code,
    reasons.reason
from placed
left join {{ ref('placing_reasons') }} as reasons
    on placed.reason_code = reasons.reason_code
