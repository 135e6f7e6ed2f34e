-- Grain: one row per live result record that has a window, a year group and a scale, or needs a scale.
-- What each result means on the trust's scale, by the school's own. A code is looked up as it is written, a number is
-- held against the cuts of its scale; of several rows that fit, the one that says the most about where it applies
-- holds. There is no default: a result without a mark whose code no scale has is not mapped, and says so.
with scaled as (
    select distinct
        source,
        framework
    from {{ ref('stg_scales') }}
    union
    select distinct
        source,
        framework
    from {{ ref('stg_scale_cuts') }}
    where of_what <> 'standardised'
),

results as (
    select
        windowed.urn,
        windowed.record_id,
        receipts.format,
        windowed.assessment,
        windowed.subject,
        windowed.year_group,
        windowed.window_name,
        coalesce(windowed.assessed_on, windowed.window_closes) as as_at,
        trim(windowed.value) as code,
        windowed.mark,
        scaled.source is not null as has_scale
    from {{ ref('int_results_windowed') }} as windowed
    left join {{ ref('stg_receipts') }} as receipts
        on
            windowed.urn = receipts.urn
            and windowed.receipt_id = receipts.receipt_id
    left join scaled
        on
            receipts.format = scaled.source
            and windowed.assessment = scaled.framework
    where
        windowed.window_name is not null
        and windowed.year_group is not null
        and (scaled.source is not null or windowed.mark is null)
),

-- What a result means depends on these only: find it once for each, not once a result.
asked as (
    select distinct
        urn,
        format,
        assessment,
        subject,
        year_group,
        window_name,
        as_at,
        code,
        mark
    from results
    where has_scale
),

by_code as (
    select
        asked.*,
        scales.scale,
        scales.version,
        scales.comparability_class,
        scales.meaning,
        scales.band,
        scales.points,
        row_number() over (
            partition by {{ keys_of_asked('asked') }}
            order by scales.says desc, scales.valid_from desc, scales.scale asc
        ) as place
    from asked
    inner join {{ ref('stg_scales') }} as scales
        on
            {{ applies('scales', 'asked') }}
            and asked.code = scales.code
),

numbered as (
    select
        asked.*,
        {{ number_of('asked.code') }} as number_in_value
    from asked
),

by_cut as (
    select
        numbered.* exclude (number_in_value), -- noqa: RF02
        cuts.scale,
        cuts.version,
        cuts.comparability_class,
        cast(null as varchar) as meaning,
        cuts.band,
        cast(null as decimal(18, 4)) as points,
        row_number() over (
            partition by {{ keys_of_asked('numbered') }}
            order by cuts.says desc, cuts.valid_from desc, cuts.scale asc, cuts.at_least desc nulls last
        ) as place
    from numbered
    inner join {{ ref('stg_scale_cuts') }} as cuts
        on
            {{ applies('cuts', 'numbered') }}
            and cuts.of_what <> 'standardised'
            and case cuts.of_what when 'mark' then cast(numbered.mark as double) else numbered.number_in_value end
            >= coalesce(cuts.at_least, '-infinity')
),

found as (
    select * from by_code
    where place = 1
    union all
    select by_cut.*
    from by_cut
    left join by_code
        on
            {{ same_asked('by_cut', 'by_code') }}
            and by_code.place = 1
    where by_cut.place = 1 and by_code.urn is null
)

select
    results.urn,
    results.record_id,
    results.format,
    results.as_at,
    results.code,
    found.scale,
    found.version as scale_version,
    found.comparability_class as scale_class,
    found.meaning,
    found.band,
    found.points,
    case
        when found.urn is not null or results.mark is not null then null
        when results.has_scale then 'code_not_in_scale'
        else 'no_scale'
    end as missing_scale_because
from results
left join found
    on {{ same_asked('results', 'found') }}
