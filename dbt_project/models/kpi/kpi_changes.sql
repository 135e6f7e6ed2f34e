-- Grain: as kpi_shown, by the later of two figures.
-- Each figure beside that of the same period a year before: windows, and terms, half-terms and the year to date once
-- they are over; a week beside the week that begins 364 days earlier, without a difference. A school's earlier figure
-- may be of a URN it had before. Hidden where either of the two is: then nothing but the symbol stands.
with later as (
    select
        shown.*,
        closed.closed_on,
        case shown.period_kind
            when 'week' then cast(cast(shown.period_starts - interval '364' day as date) as varchar)
            else shown.period
        end as period_a_year_before
    from {{ ref('kpi_shown') }} as shown
    left join {{ ref('kpi_closed') }} as closed
        on
            shown.academic_year = closed.academic_year
            and shown.period_kind = closed.period_kind
            and shown.period = closed.period
    where shown.period_kind in ('window', 'week') or closed.period is not null
),

earlier as (
    select
        unit_code as for_unit_code,
        0 as links,
        *
    from {{ ref('kpi_shown') }}
    union all
    select
        lineage.urn as for_unit_code,
        lineage.links,
        shown.*
    from {{ ref('kpi_shown') }} as shown
    inner join {{ ref('int_school_lineage') }} as lineage
        on
            shown.geography = 'School'
            and shown.unit_code = lineage.ancestor_urn
),

paired as (
    select
        later.*,
        earlier.unit_code as before_unit_code,
        earlier.academic_year as before_academic_year,
        earlier.period as before_period,
        earlier.period_title as before_period_title,
        earlier.period_ends as before_period_ends,
        earlier.symbol as before_symbol,
        earlier.set_apart_because as before_set_apart_because,
        earlier.schools_in as before_schools_in,
        earlier.value as before_value,
        earlier.lower_95_ci as before_lower_95_ci,
        earlier.upper_95_ci as before_upper_95_ci,
        -- Its own figure, unless only an earlier URN has one.
        row_number() over (
            partition by
                later.audience, later.geography, later.unit_code, later.kpi, later.kpi_version, later.academic_year,
                later.period_kind, later.period, later.year_group, later.subject, later.comparability_key
            order by
                case when earlier.symbol is null and earlier.set_apart_because is null then 0 else 1 end,
                earlier.links,
                earlier.unit_code
        ) as place
    from later
    inner join earlier
        on
            later.audience = earlier.audience
            and later.geography = earlier.geography
            and later.unit_code = earlier.for_unit_code
            and later.kpi = earlier.kpi
            and later.kpi_version = earlier.kpi_version
            and later.year_begins - 1 = earlier.year_begins
            and later.period_kind = earlier.period_kind
            and later.period_a_year_before = earlier.period
            and later.year_group = earlier.year_group
            and later.subject = earlier.subject
            and later.series = earlier.series
    -- A week has no sentence to say that it is of other schools than the week a year before.
    where
        later.geography = 'School'
        or later.period_kind <> 'week'
        or later.schools_in = earlier.schools_in
),

judged as (
    select
        *,
        coalesce(
            symbol,
            case when set_apart_because is not null then 'z' end,
            before_symbol,
            case when before_set_apart_because is not null then 'z' end
        ) as pair_symbol
    from paired
    where place = 1
),

weighed as (
    select
        *,
        pair_symbol is null and period_kind <> 'week' as is_weighed,
        {{ difference_lower('value', 'lower_95_ci', 'before_value', 'before_upper_95_ci') }} as difference_lower,
        {{ difference_upper('value', 'upper_95_ci', 'before_value', 'before_lower_95_ci') }} as difference_upper
    from judged
)

select
    audience,
    geography,
    unit_code,
    kpi,
    kpi_version,
    academic_year,
    period_kind,
    period,
    year_group,
    subject,
    comparability_key,
    assessment,
    comparability_class,
    series,
    period_title,
    period_sort,
    period_starts,
    period_ends,
    closed_on,
    unit,
    dp,
    schools_in,
    set_apart_because,
    before_unit_code,
    before_academic_year,
    before_period,
    before_period_title,
    before_period_ends,
    before_schools_in,
    pair_symbol as symbol,
    symbol is null as is_later_shown,
    before_set_apart_because,
    case when pair_symbol is null then value end as value,
    case when pair_symbol is null then before_value end as before_value,
    case when is_weighed then value - before_value end as difference,
    case when is_weighed then difference_lower end as lower_95_ci,
    case when is_weighed then difference_upper end as upper_95_ci,
    case
        when not is_weighed or difference_lower is null or difference_upper is null then null
        when difference_lower <= 0 and difference_upper >= 0 then 'same'
        when value > before_value then 'up'
        else 'down'
    end as change,
    -- How far beyond chance: the difference in units of half its interval's width.
    case
        when is_weighed and difference_upper > difference_lower
            then abs(value - before_value) / ((difference_upper - difference_lower) / 2)
    end as size
from weighed
