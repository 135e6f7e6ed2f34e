-- Grain: one row per audience, kind, level, geography, unit, subject, year group, academic year, window, judgement and
-- test.
-- How far judgements agree with a test of the same pupils (kind 'test'), and with moderators (kind 'moderation'): what
-- comparing schools by them rests on. A figure of fewer pupils than the audience may see is 'c' and has no number.
{%- set counts = [
    'pairs', 'both_at_expected', 'judgement_only', 'test_only', 'neither', 'same_band', 'within_one_band',
    'judged_higher', 'judged_lower'
] %}
{%- set numbers = [
    'agreement_percent', 'agreement_lower_95_ci', 'agreement_upper_95_ci', 'net_difference', 'net_lower_95_ci',
    'net_upper_95_ci', 'mcnemar_p', 'adjacent_percent', 'kappa', 'linear_weighted_kappa', 'quadratic_weighted_kappa'
] %}
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
        'Cluster' as geography,
        cluster as unit_code,
        cluster as unit_name
    from {{ ref('stg_schools') }}
    where cluster is not null
),

windows as (
    select
        academic_year,
        window_name,
        min(title) as window_title,
        min(sort_order) as window_sort
    from {{ ref('stg_windows') }}
    group by academic_year, window_name
),

figures as (
    select
        'test' as kind,
        'z' as level,
        geography,
        unit_code,
        subject,
        year_group,
        academic_year,
        window_name,
        judgement,
        test,
        pairs,
        both_at_expected,
        judgement_only,
        test_only,
        neither,
        cast(null as bigint) as same_band,
        cast(null as bigint) as within_one_band,
        cast(null as bigint) as judged_higher,
        cast(null as bigint) as judged_lower,
        agreement_percent,
        agreement_lower_95_ci,
        agreement_upper_95_ci,
        net_difference,
        net_lower_95_ci,
        net_upper_95_ci,
        mcnemar_p,
        cast(null as double) as adjacent_percent,
        cast(null as double) as kappa,
        cast(null as double) as linear_weighted_kappa,
        cast(null as double) as quadratic_weighted_kappa,
        reading
    from {{ ref('kpi_agreement_test') }}
    union all
    select
        'moderation' as kind,
        level,
        geography,
        unit_code,
        subject,
        'Total' as year_group,
        academic_year,
        window_name,
        'z' as judgement,
        'z' as test,
        pairs,
        null as both_at_expected,
        null as judgement_only,
        null as test_only,
        null as neither,
        same_band,
        within_one_band,
        judged_higher,
        judged_lower,
        exact_percent as agreement_percent,
        exact_lower_95_ci as agreement_lower_95_ci,
        exact_upper_95_ci as agreement_upper_95_ci,
        null as net_difference,
        null as net_lower_95_ci,
        null as net_upper_95_ci,
        null as mcnemar_p,
        adjacent_percent,
        kappa,
        linear_weighted_kappa,
        quadratic_weighted_kappa,
        null as reading
    from {{ ref('kpi_agreement_moderation') }}
),

judged as (
    select
        audiences.audience,
        audiences.min_n as audience_min_n,
        figures.*,
        units.unit_name,
        windows.window_title,
        windows.window_sort,
        coalesce(year_groups.label, figures.year_group) as year_group_label,
        coalesce(year_groups.sort_order, 0) as year_group_sort,
        coalesce(subjects.sort_order, 9999) as subject_sort,
        case when figures.pairs < coalesce(audiences.min_n, 0) then 'c' end as symbol
    from figures
    inner join units
        on
            figures.geography = units.geography
            and figures.unit_code = units.unit_code
    inner join windows
        on
            figures.academic_year = windows.academic_year
            and figures.window_name = windows.window_name
    left join {{ ref('year_groups') }} as year_groups
        on figures.year_group = year_groups.year_group
    left join {{ ref('stg_subjects') }} as subjects
        on figures.subject = subjects.subject
    cross join {{ ref('stg_audiences') }} as audiences
    where audiences.audience in ('site', 'central')
)

select
    audience,
    kind,
    level,
    geography,
    unit_code,
    unit_name,
    academic_year,
    window_name,
    window_title,
    cast(window_sort as integer) as window_sort,
    subject,
    cast(subject_sort as integer) as subject_sort,
    year_group_label as year_group,
    cast(year_group_sort as integer) as year_group_sort,
    judgement,
    test,
    symbol,
    {%- for column in counts + numbers + ['reading'] %}
    case when symbol is null then {{ column }} end as {{ column }},
    {%- endfor %}
    case
        when symbol = 'c'
            then concat('Hidden: fewer than ', {{ count_words('audience_min_n', 'pupil', 'pupils') }}, '.')
        when kind = 'test'
            then concat(
                case reading
                    when 'judged higher than the test' then 'Judged higher than the test: '
                    when 'judged lower than the test' then 'Judged lower than the test: '
                    else 'About the same as the test: '
                end,
                {{ number_words('100 * cast(both_at_expected + judgement_only as double) / pairs', 1) }},
                '% at expected or above by judgement, ',
                {{ number_words('100 * cast(both_at_expected + test_only as double) / pairs', 1) }},
                '% by the test, of the same ', {{ count_words('pairs', 'pupil', 'pupils') }},
                case
                    when reading = 'about the same' then '; a difference this size is within chance. '
                    else '; a difference this size is more than chance usually gives. '
                end,
                'The two agree on ', cast(both_at_expected + neither as varchar), ' (',
                {{ number_words('agreement_percent', 1) }}, '%).'
            )
        else concat(
            'The same band on ', cast(same_band as varchar), ' of ', {{ count_words('pairs', 'pupil', 'pupils') }},
            ' (', {{ number_words('agreement_percent', 1) }}, '%), within one band on ',
            cast(within_one_band as varchar), '; judged higher than moderated on ', cast(judged_higher as varchar),
            ', lower on ', cast(judged_lower as varchar), '.'
        )
    end as agreement_words
from judged
