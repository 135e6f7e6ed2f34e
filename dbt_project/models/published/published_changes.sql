-- Grain: one row per audience, unit (School, MAT, Phase), KPI version, academic year, period kind, period, year group,
-- subject and comparability key, by the later of two figures.
-- Each figure beside that of a year before, with the interval of the difference, one plain sentence, and the place of
-- those that are furthest beyond chance.
{%- set when -%}
concat(case period_kind when 'year_to_date' then '' else concat(period_title, ' ') end, academic_year)
{%- endset %}
{%- set before_when -%}
concat(case period_kind when 'year_to_date' then '' else concat(before_period_title, ' ') end, before_academic_year)
{%- endset %}
with units as (
    select
        'School' as geography,
        urn as unit_code,
        name as unit_name
    from {{ ref('stg_schools') }}
    union all
    select
        'MAT' as geography,
        group_id as unit_code,
        name as unit_name
    from {{ ref('stg_trust') }}
    union all
    select distinct
        'Phase' as geography,
        phase as unit_code,
        phase as unit_name
    from {{ ref('stg_schools') }}
),

-- The last change of system between the two figures of a school. It is of attendance.
new_systems as (
    select
        changes.unit_code,
        changes.period_kind,
        changes.period,
        changes.academic_year,
        max(breaks.break_on) as break_on
    from (
        select distinct
            unit_code,
            period_kind,
            period,
            academic_year,
            period_ends,
            before_period_ends
        from {{ ref('kpi_changes') }}
        where geography = 'School' and period_kind not in ('window', 'week')
    ) as changes
    inner join {{ ref('int_school_breaks') }} as breaks
        on
            changes.unit_code = breaks.urn
            and changes.before_period_ends < breaks.break_on
            and changes.period_ends >= breaks.break_on
            and breaks.kind = 'system'
    group by changes.unit_code, changes.period_kind, changes.period, changes.academic_year
),

named as (
    select
        changes.*,
        units.unit_name,
        new_systems.break_on,
        coalesce(year_groups.label, changes.year_group) as year_group_label,
        latest.kpi is not null as is_latest,
        coalesce(kpis.family, changes.kpi) as family,
        kpis.direction
    from {{ ref('kpi_changes') }} as changes
    inner join units
        on
            changes.geography = units.geography
            and changes.unit_code = units.unit_code
    inner join {{ ref('stg_kpis') }} as kpis
        on
            changes.kpi = kpis.kpi
            and changes.kpi_version = kpis.kpi_version
    left join {{ ref('year_groups') }} as year_groups
        on changes.year_group = year_groups.year_group
    left join new_systems
        on
            changes.geography = 'School'
            and changes.unit_code = new_systems.unit_code
            and changes.period_kind = new_systems.period_kind
            and changes.period = new_systems.period
            and changes.academic_year = new_systems.academic_year
    left join {{ ref('kpi_latest') }} as latest
        on
            changes.audience = latest.audience
            and case changes.geography when 'Phase' then changes.unit_code else 'Total' end = latest.scope
            and changes.kpi = latest.kpi
            and changes.kpi_version = latest.kpi_version
            and changes.academic_year = latest.compared_academic_year
            and changes.period_kind = latest.compared_period_kind
            and changes.period = latest.compared_period
            and changes.year_group = latest.year_group
            and changes.subject = latest.subject
            and changes.series = latest.series
),

-- One a school and family of KPIs: attendance and absence of one school tell one story. A KPI of which neither
-- direction is hoped for says how complete the data is, which is no change of the school.
of_family as (
    select
        *,
        case
            when geography = 'School' and is_latest and change in ('up', 'down') and direction <> 'neutral' then 1
            else 0
        end as is_ranked,
        row_number() over (
            partition by
                audience, geography, unit_code, family, is_latest,
                coalesce(change in ('up', 'down') and direction <> 'neutral', false)
            order by size desc, kpi asc, year_group asc, subject asc, comparability_key asc, period asc, period_kind asc
        ) as place_in_family
    from named
),

ranked as (
    select
        *,
        case
            when is_ranked = 1 and place_in_family = 1
                then row_number() over (
                    partition by audience, is_ranked, case when place_in_family = 1 then 1 else 0 end
                    order by size desc, unit_code asc, kpi asc
                )
        end as change_rank,
        {{ value_words('value', 'dp', 'unit') }} as value_words,
        {{ value_words('before_value', 'dp', 'unit') }} as before_value_words,
        {{ when }} as when_words,
        {{ before_when }} as before_when_words
    from of_family
)

select
    audience,
    geography,
    unit_code,
    unit_name,
    kpi,
    kpi_version,
    academic_year,
    period_kind,
    period,
    period_title,
    year_group_label as year_group,
    subject,
    assessment,
    comparability_class,
    comparability_key,
    before_academic_year,
    before_period,
    before_period_title,
    value,
    before_value,
    difference,
    lower_95_ci,
    upper_95_ci,
    change,
    symbol,
    is_latest,
    case
        when period_kind = 'week' then null
        when set_apart_because = 'not_in_trust'
            then concat('Not compared: the school was not in the trust in ', academic_year, '.')
        when set_apart_because = 'carried_to_successor' then 'Not compared: carried on under another URN.'
        when not is_later_shown then concat('Not compared: the figure of ', when_words, ' is not shown.')
        when before_set_apart_because = 'not_in_trust'
            then concat('Not compared: the school was not in the trust in ', before_academic_year, '.')
        when symbol is not null then concat('Not compared: the figure of ', before_when_words, ' is not shown.')
        else concat(
            case
                when change in ('up', 'down')
                    then concat(
                        case change when 'up' then 'Up' else 'Down' end, ' from ', before_value_words, ' in ',
                        before_when_words, ' to ', value_words, ' in ', when_words, ': more than chance usually gives.'
                    )
                when change = 'same'
                    then concat(
                        'About the same as in ', before_when_words, ': ', value_words, ' against ', before_value_words,
                        ', within chance.'
                    )
                else concat(
                    'Cannot be told from ', before_when_words, ': ', value_words, ' against ', before_value_words,
                    '; chance cannot be weighed for one of the two.'
                )
            end,
            case
                when geography = 'School' and before_unit_code <> unit_code
                    then concat(' The earlier figure is of the same school under URN ', before_unit_code, '.')
                else ''
            end,
            case
                when break_on is not null
                    then concat(' From ', {{ date_words('break_on') }}, ' attendance comes from another export.')
                else ''
            end,
            case
                when geography <> 'School' and schools_in <> before_schools_in
                    then concat(
                        ' ', {{ count_words('schools_in', 'school is', 'schools are') }}, ' in it, ',
                        cast(before_schools_in as varchar), ' a year before.'
                    )
                else ''
            end
        )
    end as change_words,
    cast(change_rank as integer) as change_rank
from ranked
