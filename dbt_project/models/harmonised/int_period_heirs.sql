-- Grain: one row per school, earlier URN of it and period in which both have attendance in use.
-- A change of URN within a period: the last URN of the chain with attendance in it carries the others' sessions. A
-- period in which one URN alone has attendance stays with that URN.
with lineage as (
    select * from {{ ref('int_school_lineage') }}
),

attended as (
    {%- for kind, period in [
        ('week', 'cast(week_begins as varchar)'), ('half_term', 'half_term'), ('term', 'term'),
        ('year_to_date', "'year_to_date'")
    ] %}
    select distinct
        urn,
        academic_year,
        '{{ kind }}' as period_kind,
        {{ period }} as period
    from {{ ref('int_attendance_sums') }}
    where
        {{ period }} is not null
        and (urn in (select lineage.urn from lineage) or urn in (select lineage.ancestor_urn from lineage))
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

pairs as (
    select
        lineage.urn,
        lineage.ancestor_urn,
        lineage.links,
        attended.academic_year,
        attended.period_kind,
        attended.period
    from lineage
    inner join attended
        on lineage.urn = attended.urn
    inner join attended as before
        on
            lineage.ancestor_urn = before.urn
            and attended.academic_year = before.academic_year
            and attended.period_kind = before.period_kind
            and attended.period = before.period
)

select pairs.*
from pairs
left join pairs as later
    on
        pairs.urn = later.ancestor_urn
        and pairs.academic_year = later.academic_year
        and pairs.period_kind = later.period_kind
        and pairs.period = later.period
where later.urn is null
