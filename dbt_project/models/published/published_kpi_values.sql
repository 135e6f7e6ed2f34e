-- Grain: one row per audience, geography, unit, KPI version, academic year, period kind, period, year group, subject,
-- comparability key and breakdown.
-- The numbers a reader sees, with their names, their order and one plain sentence each.
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
    union all
    select distinct
        'Cluster' as geography,
        cluster as unit_code,
        cluster as unit_name
    from {{ ref('stg_schools') }}
    where cluster is not null
),

-- A label may be declared more than once (two groups reported as one): the first place counts.
group_labels as (
    select
        title as topic,
        label,
        min(sort_order) as sort_order
    from {{ ref('stg_custom_groups') }}
    group by title, label
),

{% set listed = populations() -%}
populations as (
    {%- for population in listed %}
    select
        '{{ population.label }}' as label,
        {{ loop.index }} as sort_order
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

-- Where sessions were in fact carried.
carried as (
    select distinct
        urn,
        from_urn,
        academic_year,
        period_kind,
        period
    from {{ ref('int_attendance_carried') }}
    where is_carried
),

-- A change of URN within a period: what the later URN's figure holds, and where the earlier one's is carried on.
earlier_urns as (
    select
        heirs.urn,
        heirs.academic_year,
        heirs.period_kind,
        heirs.period,
        concat(
            case
                when max(breaks.break_on) is not null
                    then concat(' before ', {{ date_words('max(breaks.break_on)') }})
                else ''
            end, ' under URN ',
            {{ list_of('heirs.ancestor_urn', 'heirs.links, heirs.ancestor_urn') }}, '.'
        ) as words
    from {{ ref('int_period_heirs') }} as heirs
    inner join carried
        on
            heirs.urn = carried.urn
            and heirs.ancestor_urn = carried.from_urn
            and heirs.academic_year = carried.academic_year
            and heirs.period_kind = carried.period_kind
            and heirs.period = carried.period
    left join {{ ref('int_school_breaks') }} as breaks
        on
            heirs.urn = breaks.urn
            and heirs.academic_year = breaks.academic_year
            and breaks.kind = 'urn'
    group by heirs.urn, heirs.academic_year, heirs.period_kind, heirs.period
),

later_urns as (
    select
        ancestor_urn,
        academic_year,
        period_kind,
        period,
        concat(
            'Carried on under URN ', {{ list_of('urn', 'urn') }}, ', so it is not compared.'
        ) as words
    from {{ ref('int_period_heirs') }}
    group by ancestor_urn, academic_year, period_kind, period
),

named as (
    select
        disclosed.*,
        definitions.time_period,
        definitions.period_title,
        definitions.period_sort,
        definitions.period_starts,
        definitions.period_ends,
        definitions.dp,
        definitions.unit,
        definitions.base_unit,
        case
            when earlier_urns.urn is not null
                then concat(
                    ' Includes ', case definitions.theme when 'suspensions' then 'suspensions' else 'sessions' end,
                    earlier_urns.words
                )
        end as earlier_words,
        later_urns.words as later_words,
        units.unit_name,
        coalesce(year_groups.label, disclosed.year_group) as year_group_label,
        coalesce(year_groups.sort_order, 0) as year_group_sort,
        coalesce(subjects.sort_order, 9999) as subject_sort,
        case disclosed.breakdown_topic when 'Sex' then sexes.label else disclosed.breakdown end as breakdown_label,
        case disclosed.breakdown_topic
            when 'Total' then 0
            when 'Sex' then sexes.sort_order
            when 'Population' then populations.sort_order
            else coalesce(group_labels.sort_order, whole_sets.sort_order, 9999)
        end as breakdown_sort
    from {{ ref('kpi_disclosed') }} as disclosed
    inner join {{ ref('kpi_periods') }} as definitions
        on
            disclosed.kpi = definitions.kpi
            and disclosed.kpi_version = definitions.kpi_version
            and disclosed.academic_year = definitions.academic_year
            and disclosed.period_kind = definitions.period_kind
            and disclosed.period = definitions.period
    inner join units
        on
            disclosed.geography = units.geography
            and disclosed.unit_code = units.unit_code
    left join {{ ref('year_groups') }} as year_groups
        on disclosed.year_group = year_groups.year_group
    left join {{ ref('stg_subjects') }} as subjects
        on disclosed.subject = subjects.subject
    left join {{ ref('sexes') }} as sexes
        on disclosed.breakdown = sexes.sex
    left join populations
        on disclosed.breakdown = populations.label
    left join group_labels
        on
            disclosed.breakdown_topic = group_labels.topic
            and disclosed.breakdown = group_labels.label
    left join group_labels as whole_sets
        on
            disclosed.breakdown_topic = whole_sets.topic
            and whole_sets.label is null
    left join earlier_urns
        on
            disclosed.geography = 'School'
            and disclosed.symbol is null
            and disclosed.unit_code = earlier_urns.urn
            and disclosed.academic_year = earlier_urns.academic_year
            and disclosed.period_kind = earlier_urns.period_kind
            and disclosed.period = earlier_urns.period
    left join later_urns
        on
            disclosed.geography = 'School'
            and disclosed.unit_code = later_urns.ancestor_urn
            and disclosed.academic_year = later_urns.academic_year
            and disclosed.period_kind = later_urns.period_kind
            and disclosed.period = later_urns.period
    where
        definitions.status = 'published'
        and disclosed.audience in ('site', 'central')
)

select
    audience,
    geography,
    unit_code,
    unit_name,
    kpi,
    kpi_version,
    academic_year,
    time_period,
    period_kind,
    period,
    period_title,
    period_sort,
    period_starts,
    period_ends,
    year_group_label as year_group,
    cast(year_group_sort as integer) as year_group_sort,
    subject,
    cast(subject_sort as integer) as subject_sort,
    assessment,
    comparability_class,
    comparability_key,
    breakdown_topic,
    breakdown_label as breakdown,
    cast(breakdown_sort as integer) as breakdown_sort,
    symbol,
    pupil_count,
    numerator_count,
    value,
    lower_95_ci,
    upper_95_ci,
    comparison_value,
    difference,
    comparison,
    concat(case
        when symbol = 'c'
            then concat('Hidden: fewer than ', {{ count_words('audience_min_n', 'pupil', 'pupils') }}, '.')
        when symbol = 'u'
            then concat(
                'Not shown: this measure needs at least ', {{ count_words('kpi_min_n', 'pupil', 'pupils') }}, '.'
            )
        when missing_because = 'not_sent' and period_kind = 'window' then 'Not sent yet for this window.'
        when missing_because = 'not_sent' then 'Not sent yet for this period.'
        when missing_because = 'not_usable'
            then 'Results were sent for this window but could not be used yet; the fix-list says why.'
        when missing_because = 'not_measured' then 'Not applicable: this assessment does not give this measure.'
        when missing_because = 'no_roll' and geography = 'School'
            then 'The school has not sent a roll for this year, so coverage cannot be worked out.'
        when missing_because = 'no_roll'
            then 'No school in this figure has sent a roll for this year, so coverage cannot be worked out.'
        when missing_because = 'nobody_on_roll' then 'No pupil in these results was on the roll sent for this window.'
        when missing_because is not null then 'Nothing that was sent gives this figure.'
        when geography <> 'School'
            then concat(
                cast(schools_in as varchar), ' of ', {{ count_words('schools_of', 'school', 'schools') }},
                ' in this figure, with ', {{ count_words('pupil_count', 'pupil', 'pupils') }}, '.'
            )
        when not_compared_because = 'not_in_trust'
            then 'The school was not in the trust in this year, so it is not compared.'
        when not_compared_because = 'own_part_of_year' then 'This URN''s own part of the year; not compared.'
        when not_compared_because = 'carried_to_successor' then later_words
        when not_compared_because = 'only_school' then 'Not compared: this is the only school in the trust''s figure.'
        when not_compared_because = 'trust_hidden' then 'Not compared: the trust''s figure is not shown.'
        when lower_95_ci is null
            then concat(
                'Cannot be told from the trust: ',
                {{ value_words('value', 'dp', 'unit') }}, ' against ',
                {{ value_words('comparison_value', 'dp', 'unit') }}, '; with one pupil, or ',
                case when base_unit in ('sessions', 'statements') then 'pupils who' else 'marks that' end,
                ' are all alike, chance cannot be weighed.'
            )
        else concat(
            case comparison
                when 'similar' then 'About the same as the trust: '
                when 'above' then 'Above the trust: '
                when 'below' then 'Below the trust: '
            end,
            {{ value_words('value', 'dp', 'unit') }}, ' against ', {{ value_words('comparison_value', 'dp', 'unit') }},
            ', and with ', {{ count_words('pupil_count', 'pupil', 'pupils') }},
            ' a difference this size is ',
            case comparison when 'similar' then 'within chance.' else 'more than chance usually gives.' end
        )
    end, coalesce(earlier_words, '')) as comparison_words,
    judgement_coverage_percent,
    coverage_symbol,
    schools_in,
    schools_of,
    pupils_in_percent
from named
