-- Grain: one row per result in use.
-- Each result with its place on the trust's scale. A mark whose scale is cut where standardised is first put on the
-- scale of mean 100 and standard deviation 15 of the trust's own pupils who took that test, by year group, subject,
-- window and year: 100 + 15 (mark - mean) / standard deviation (of all of them, so divided by their number).
with used as (
    select
        placed.*,
        receipts.format,
        coalesce(placed.assessed_on, placed.window_closes) as as_at
    from {{ ref('int_results_placed') }} as placed
    left join {{ ref('stg_receipts') }} as receipts
        on
            placed.urn = receipts.urn
            and placed.receipt_id = receipts.receipt_id
    where placed.bucket = 'used'
),

cuts as (
    select * from {{ ref('stg_scale_cuts') }}
    where of_what = 'standardised'
),

-- Every pupil who counts at the trust is of the group the marks are standardised on, whatever the school's format.
tests as (
    select distinct framework
    from cuts
),

spread as (
    select
        used.assessment,
        used.subject,
        used.academic_year,
        used.window_name,
        used.year_group,
        avg(cast(used.mark as double)) as mean,
        stddev_pop(cast(used.mark as double)) as deviation
    from used
    inner join tests
        on used.assessment = tests.framework
    where used.mark is not null and used.counts_at_trust
    group by used.assessment, used.subject, used.academic_year, used.window_name, used.year_group
),

standardised as (
    select
        used.urn,
        used.record_id,
        used.format,
        used.assessment,
        used.subject,
        used.year_group,
        used.window_name,
        used.as_at,
        100 + 15 * (cast(used.mark as double) - spread.mean) / nullif(spread.deviation, 0) as standardised
    from used
    inner join spread
        on
            used.assessment = spread.assessment
            and used.subject = spread.subject
            and used.academic_year = spread.academic_year
            and used.window_name = spread.window_name
            and used.year_group = spread.year_group
    where used.mark is not null
),

cut as (
    select
        standardised.urn,
        standardised.record_id,
        cuts.scale,
        cuts.version,
        cuts.band,
        row_number() over (
            partition by standardised.urn, standardised.record_id
            order by cuts.says desc, cuts.valid_from desc, cuts.scale asc, cuts.at_least desc nulls last
        ) as place
    from standardised
    inner join cuts
        on
            {{ applies('cuts', 'standardised') }}
            and standardised.standardised >= coalesce(cuts.at_least, '-infinity')
)

select
    used.* exclude (scale, scale_version, band, bucket, reason_code, reason, related_receipt_id), -- noqa: RF02
    coalesce(cut.scale, used.scale) as scale,
    coalesce(cut.version, used.scale_version) as scale_version,
    coalesce(cut.band, used.band) as band,
    standardised.standardised
from used
left join standardised
    on
        used.urn = standardised.urn
        and used.record_id = standardised.record_id
left join cut
    on
        used.urn = cut.urn
        and used.record_id = cut.record_id
        and cut.place = 1
