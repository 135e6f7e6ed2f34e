-- Grain: one row per geography, unit, subject, year group, academic year, window, judgement and test.
-- The same pupils by their teacher's judgement and by a test of the same window: on how many the two agree whether they
-- are at the expected standard, and which of the two is the higher. Judgements and tests of different names are never
-- added together. 'judgement' and 'test' are the names under which each is compared.
{%- set keys = [
    'geography', 'unit_code', 'subject', 'year_group', 'academic_year', 'window_name', 'judgement', 'test'
] %}
with banded as (
    select
        *,
        {{ place_of_band('band') }} >= {{ compared_bands().index('EXS') + 1 }} as is_at_expected
    from {{ ref('int_results_banded') }}
    where {{ place_of_band('band') }} is not null
),

-- What a teacher expects of the end of the year is not what the test of this window measures.
pairs as (
    select
        judgements.urn,
        judgements.subject,
        judgements.year_group,
        judgements.academic_year,
        judgements.window_name,
        judgements.compared_as as judgement,
        tests.compared_as as test,
        judgements.is_at_expected as by_judgement,
        tests.is_at_expected as by_test,
        judgements.counts_at_trust and tests.counts_at_trust as counts_at_trust
    from banded as judgements
    inner join banded as tests
        on
            judgements.pupil_key = tests.pupil_key
            and judgements.urn = tests.urn
            and judgements.subject = tests.subject
            and judgements.academic_year = tests.academic_year
            and judgements.window_name = tests.window_name
    where
        judgements.result_type = 'teacher_judgement'
        and judgements.construct <> 'end_of_year_prediction'
        and tests.result_type in ('test', 'statutory')
),

units as (
    {{ pairs_by_unit('pairs') }}
),

counted as (
    select
        {{ keys | reject('equalto', 'year_group') | join(',\n        ') }},
        case when grouping(year_group) = 1 then 'Total' else year_group end as year_group,
        cast(count(*) as bigint) as pairs,
        cast(count(*) filter (where by_judgement and by_test) as bigint) as both_at_expected,
        cast(count(*) filter (where by_judgement and not by_test) as bigint) as judgement_only,
        cast(count(*) filter (where by_test and not by_judgement) as bigint) as test_only,
        cast(count(*) filter (where not by_judgement and not by_test) as bigint) as neither
    from units
    group by grouping sets ( -- noqa: PRS
        ({{ keys | join(', ') }}),
        ({{ keys | reject('equalto', 'year_group') | join(', ') }})
    )
),

shares as (
    select
        *,
        cast(both_at_expected + judgement_only as double) / pairs as share_judged,
        cast(both_at_expected + test_only as double) / pairs as share_tested,
        {{ wilson_lower('both_at_expected + judgement_only', 'pairs') }} as judged_lower,
        {{ wilson_upper('both_at_expected + judgement_only', 'pairs') }} as judged_upper,
        {{ wilson_lower('both_at_expected + test_only', 'pairs') }} as tested_lower,
        {{ wilson_upper('both_at_expected + test_only', 'pairs') }} as tested_upper,
        {{ paired_phi('both_at_expected', 'judgement_only', 'test_only', 'neither') }} as phi
    from counted
),

differing as (
    select
        *,
        100 * ({{ paired_lower('share_judged', 'judged_lower', 'share_tested', 'tested_upper', 'phi') }})
            as net_lower_95_ci,
        100 * ({{ paired_upper('share_judged', 'judged_upper', 'share_tested', 'tested_lower', 'phi') }})
            as net_upper_95_ci
    from shares
)

select
    {{ keys | join(',\n    ') }},
    pairs,
    both_at_expected,
    judgement_only,
    test_only,
    neither,
    100 * cast(both_at_expected + neither as double) / pairs as agreement_percent,
    100 * ({{ wilson_lower('both_at_expected + neither', 'pairs') }}) as agreement_lower_95_ci,
    100 * ({{ wilson_upper('both_at_expected + neither', 'pairs') }}) as agreement_upper_95_ci,
    100 * cast(judgement_only - test_only as double) / pairs as net_difference,
    net_lower_95_ci,
    net_upper_95_ci,
    {{ mcnemar_p('judgement_only', 'test_only') }} as mcnemar_p,
    case
        when net_lower_95_ci > 0 then 'judged higher than the test'
        when net_upper_95_ci < 0 then 'judged lower than the test'
        else 'about the same'
    end as reading
from differing
