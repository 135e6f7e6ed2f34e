{{ config(meta={'dagster': {'ref': {'name': 'published_spread'}}}) }}
-- The ends of a spread are figures of schools that are shown, its parts stand in order, and where a symbol stands there
-- is nothing else. Under ten schools nothing stands between the ends.
select spread.*
from {{ ref('published_spread') }} as spread
left join {{ ref('published_kpi_values') }} as shown
    on
        shown.geography = 'School'
        and shown.breakdown_topic = 'Total'
        and shown.symbol is null
        and spread.audience = shown.audience
        and spread.kpi = shown.kpi
        and spread.kpi_version = shown.kpi_version
        and spread.academic_year = shown.academic_year
        and spread.period_kind = shown.period_kind
        and spread.period = shown.period
        and spread.year_group = shown.year_group
        and spread.subject = shown.subject
        and spread.comparability_key = shown.comparability_key
        and shown.value in (spread.lowest, spread.highest)
where
    (spread.symbol is null) <> (spread.lowest is not null and spread.highest is not null)
    or (spread.symbol is not null and spread.median is not null)
    or (spread.symbol is null and (spread.schools = 0 or shown.kpi is null))
    or (spread.symbol is null and spread.schools >= 10) <> (spread.median is not null)
    or (spread.lower_quartile is null) <> (spread.median is null)
    or (spread.upper_quartile is null) <> (spread.median is null)
    or spread.lowest > spread.highest
    or spread.median not between spread.lower_quartile and spread.upper_quartile
    or spread.lower_quartile < spread.lowest
    or spread.upper_quartile > spread.highest
