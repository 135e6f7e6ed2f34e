-- Grain: one row per audience, unit (School, MAT, Phase), published trust KPI version, academic year, period kind,
-- period, year group, subject and comparability key.
-- The figures of whole cohorts as each audience may see them: what figures are laid beside one another from. `series`
-- is what stays the same from one period to the next (class, construct and assessment).
with run as (
    select as_of from {{ ref('stg_run') }}
)

select
    disclosed.audience,
    disclosed.geography,
    disclosed.unit_code,
    case disclosed.geography when 'School' then school_years.phase when 'Phase' then disclosed.unit_code end as phase,
    disclosed.kpi,
    disclosed.kpi_version,
    disclosed.academic_year,
    cast(left(disclosed.academic_year, 4) as integer) as year_begins,
    disclosed.period_kind,
    disclosed.period,
    disclosed.year_group,
    disclosed.subject,
    disclosed.assessment,
    disclosed.comparability_class,
    disclosed.comparability_key,
    left(
        disclosed.comparability_key,
        length(disclosed.comparability_key) - length(disclosed.period) - length(disclosed.academic_year) - 2
    ) as series,
    definitions.period_title,
    definitions.period_sort,
    definitions.period_starts,
    definitions.period_ends,
    definitions.period_starts <= run.as_of as is_open,
    definitions.unit,
    definitions.interval_method,
    definitions.dp,
    disclosed.symbol,
    disclosed.pupil_count,
    disclosed.value,
    disclosed.lower_95_ci,
    disclosed.upper_95_ci,
    disclosed.schools_in,
    -- A school outside the trust, or a URN whose pupils count under its next one, stands beside nobody.
    case
        when disclosed.not_compared_because in ('not_in_trust', 'carried_to_successor')
            then disclosed.not_compared_because
    end as set_apart_because
from {{ ref('kpi_disclosed') }} as disclosed
inner join {{ ref('kpi_periods') }} as definitions
    on
        disclosed.kpi = definitions.kpi
        and disclosed.kpi_version = definitions.kpi_version
        and disclosed.academic_year = definitions.academic_year
        and disclosed.period_kind = definitions.period_kind
        and disclosed.period = definitions.period
left join {{ ref('int_school_years') }} as school_years
    on
        disclosed.geography = 'School'
        and disclosed.unit_code = school_years.urn
        and disclosed.academic_year = school_years.academic_year
cross join run
where
    definitions.status = 'published'
    and disclosed.audience in ('site', 'central')
    and disclosed.geography in ('School', 'MAT', 'Phase')
    and disclosed.period_kind <> 'year_to_date_urn'
    and disclosed.breakdown_topic = 'Total'
