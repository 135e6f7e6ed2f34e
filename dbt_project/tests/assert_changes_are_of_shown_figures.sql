{{ config(meta={'dagster': {'ref': {'name': 'published_changes'}}}) }}
-- A change shows two published figures and nothing of a hidden one; what is said of it agrees with its numbers.
with shown as (
    select *
    from {{ ref('published_kpi_values') }}
    where breakdown_topic = 'Total'
)

select changes.*
from {{ ref('published_changes') }} as changes
left join shown
    on
        changes.audience = shown.audience
        and changes.geography = shown.geography
        and changes.unit_code = shown.unit_code
        and changes.kpi = shown.kpi
        and changes.kpi_version = shown.kpi_version
        and changes.academic_year = shown.academic_year
        and changes.period_kind = shown.period_kind
        and changes.period = shown.period
        and changes.year_group = shown.year_group
        and changes.subject = shown.subject
        and changes.comparability_key = shown.comparability_key
where
    shown.kpi is null
    or (shown.symbol is not null and (changes.symbol is null or changes.symbol <> shown.symbol))
    or (changes.symbol is null and (changes.value is null or changes.before_value is null))
    or (changes.symbol is null and changes.value <> shown.value)
    or (
        changes.symbol is not null
        and (
            changes.value is not null
            or changes.before_value is not null
            or changes.difference is not null
            or changes.lower_95_ci is not null
            or changes.upper_95_ci is not null
            or changes.change is not null
            or changes.change_rank is not null
        )
    )
    or (changes.period_kind = 'week') <> (changes.change_words is null)
    or (changes.period_kind <> 'week' and changes.symbol is null) <> (changes.difference is not null)
    or (changes.change is null) <> (changes.lower_95_ci is null)
    or (changes.change = 'same') <> (changes.lower_95_ci <= 0 and changes.upper_95_ci >= 0)
    or (changes.change = 'up' and changes.difference <= 0)
    or (changes.change = 'down' and changes.difference >= 0)
    or (
        changes.change_rank is not null
        and (changes.geography <> 'School' or not changes.is_latest or changes.change = 'same')
    )
union all
-- The earlier figure is one that is published too, of the unit or of an earlier URN of the school.
select changes.*
from {{ ref('published_changes') }} as changes
left join {{ ref('int_school_lineage') }} as lineage
    on
        changes.geography = 'School'
        and changes.unit_code = lineage.urn
left join shown
    on
        changes.audience = shown.audience
        and changes.geography = shown.geography
        and shown.unit_code in (changes.unit_code, lineage.ancestor_urn)
        and changes.kpi = shown.kpi
        and changes.kpi_version = shown.kpi_version
        and changes.before_academic_year = shown.academic_year
        and changes.period_kind = shown.period_kind
        and changes.before_period = shown.period
        and changes.year_group = shown.year_group
        and changes.subject = shown.subject
        and changes.assessment = shown.assessment
        and changes.before_value = shown.value
where changes.before_value is not null and shown.kpi is null
