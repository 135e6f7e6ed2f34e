-- Grain: one row per pupil, latest URN and academic year to which sessions of an earlier URN are carried.
-- Where a school's URN changed in mid-year, its year to date goes on. A session the later URN has itself (many systems
-- move the whole year's register across) is counted there and not carried; so is a total that shares a day with one.
-- Where a school was divided, a pupil's sessions go where the pupil went on, else to the first URN.
{%- set counts = session_counts() %}
with heirs as (
    select * from {{ ref('int_attendance_heirs') }}
),

-- What the earlier URNs have, a row a mark or total. Few schools: this is small.
earlier as (
    select
        marks.pupil_key,
        heirs.urn,
        heirs.ancestor_urn,
        heirs.links,
        marks.academic_year,
        marks.session_date as from_date,
        marks.session_date as to_date,
        marks.session,
        marks.mark_code,
        marks.code_valid_from,
        1 as sessions
    from {{ ref('int_marks_placed') }} as marks
    inner join heirs
        on
            marks.urn = heirs.ancestor_urn
            and marks.academic_year = heirs.academic_year
    where marks.reason_code is null
    union all
    select
        totals.pupil_key,
        heirs.urn,
        heirs.ancestor_urn,
        heirs.links,
        totals.academic_year,
        totals.from_date,
        totals.to_date,
        cast(null as varchar) as session,
        totals.mark_code,
        totals.code_valid_from,
        totals.sessions
    from {{ ref('int_totals_placed') }} as totals
    inner join heirs
        on
            totals.urn = heirs.ancestor_urn
            and totals.academic_year = heirs.academic_year
    where totals.reason_code is null
),

-- What any later URN of the chain has of the same pupils, where it says something.
later as (
    select
        marks.pupil_key,
        lineage.ancestor_urn,
        marks.session_date as from_date,
        marks.session_date as to_date,
        marks.session
    from {{ ref('int_marks_placed') }} as marks
    inner join {{ ref('int_school_lineage') }} as lineage
        on marks.urn = lineage.urn
    inner join {{ ref('int_attendance_codes') }} as codes
        on
            marks.mark_code = codes.mark_code
            and marks.code_valid_from = codes.valid_from
    where marks.reason_code is null and codes.class not in ('admin', 'missing')
    union all
    select distinct
        totals.pupil_key,
        lineage.ancestor_urn,
        totals.from_date,
        totals.to_date,
        cast(null as varchar) as session
    from {{ ref('int_totals_placed') }} as totals
    inner join {{ ref('int_school_lineage') }} as lineage
        on totals.urn = lineage.urn
    where totals.reason_code is null
),

had_since as (
    select
        earlier.pupil_key,
        earlier.ancestor_urn,
        earlier.from_date,
        earlier.to_date,
        earlier.session
    from earlier
    inner join later
        on
            earlier.pupil_key = later.pupil_key
            and earlier.ancestor_urn = later.ancestor_urn
            and earlier.from_date = later.from_date
            and earlier.session = later.session
    union
    -- A total on either side.
    select
        earlier.pupil_key,
        earlier.ancestor_urn,
        earlier.from_date,
        earlier.to_date,
        earlier.session
    from earlier
    inner join later
        on
            earlier.pupil_key = later.pupil_key
            and earlier.ancestor_urn = later.ancestor_urn
            and earlier.from_date <= later.to_date
            and earlier.to_date >= later.from_date
    where earlier.session is null or later.session is null
),

attended as (
    select distinct
        pupil_key,
        urn,
        academic_year
    from {{ ref('int_attendance_sums') }}
),

-- One URN a pupil's sessions go to.
chosen as (
    select
        pupils.*,
        row_number() over (
            partition by pupils.pupil_key, pupils.ancestor_urn, pupils.academic_year
            order by case when attended.urn is null then 1 else 0 end asc, pupils.urn asc
        ) as place
    from (
        select distinct
            pupil_key,
            urn,
            ancestor_urn,
            academic_year
        from earlier
    ) as pupils
    left join attended
        on
            pupils.pupil_key = attended.pupil_key
            and pupils.urn = attended.urn
            and pupils.academic_year = attended.academic_year
),

carried as (
    select earlier.*
    from earlier
    inner join chosen
        on
            earlier.pupil_key = chosen.pupil_key
            and earlier.urn = chosen.urn
            and earlier.ancestor_urn = chosen.ancestor_urn
            and earlier.academic_year = chosen.academic_year
            and chosen.place = 1
    left join had_since
        on
            earlier.pupil_key = had_since.pupil_key
            and earlier.ancestor_urn = had_since.ancestor_urn
            and earlier.from_date = had_since.from_date
            and earlier.to_date = had_since.to_date
            and earlier.session is not distinct from had_since.session
    where had_since.pupil_key is null
),

nearest as (
    select
        pupil_key,
        urn,
        academic_year,
        ancestor_urn as from_urn,
        row_number() over (partition by pupil_key, urn, academic_year order by links, ancestor_urn) as place
    from carried
)

select
    carried.pupil_key,
    carried.urn,
    carried.academic_year,
    max(nearest.from_urn) as from_urn,
    {{ sum_sessions('codes', 'carried.sessions') }}
from carried
inner join nearest
    on
        carried.pupil_key = nearest.pupil_key
        and carried.urn = nearest.urn
        and carried.academic_year = nearest.academic_year
        and nearest.place = 1
inner join {{ ref('int_attendance_codes') }} as codes
    on
        carried.mark_code = codes.mark_code
        and carried.code_valid_from = codes.valid_from
group by carried.pupil_key, carried.urn, carried.academic_year
