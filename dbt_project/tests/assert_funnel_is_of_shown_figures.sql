{{ config(meta={'dagster': {'ref': {'name': 'published_funnel'}}}) }}
-- A funnel's target is the trust's published figure, its schools stand with the pupils of their published ones, and its
-- limits lie in order about the target.
select funnel.*
from {{ ref('published_funnel') }} as funnel
left join {{ ref('published_kpi_values') }} as shown
    on
        shown.breakdown_topic = 'Total'
        and shown.symbol is null
        and shown.geography = case when funnel.unit_code is null then 'MAT' else 'School' end
        and (funnel.unit_code is null or funnel.unit_code = shown.unit_code)
        and funnel.audience = shown.audience
        and funnel.kpi = shown.kpi
        and funnel.kpi_version = shown.kpi_version
        and funnel.academic_year = shown.academic_year
        and funnel.period_kind = shown.period_kind
        and funnel.period = shown.period
        and funnel.year_group = shown.year_group
        and funnel.subject = shown.subject
        and funnel.comparability_key = shown.comparability_key
where
    shown.kpi is null
    or (funnel.unit_code is null and funnel.target <> shown.value)
    or (funnel.unit_code is not null and funnel.pupils <> shown.pupil_count)
    or funnel.pupils < 1
    or funnel.lower_998 < 0
    or funnel.upper_998 > 100
    or funnel.target not between funnel.lower_95 and funnel.upper_95
    or funnel.lower_998 > funnel.lower_95
    or funnel.upper_95 > funnel.upper_998
