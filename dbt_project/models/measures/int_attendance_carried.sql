-- Grain: one row per pupil, latest URN, URN the sessions were recorded under and period the two URNs share.
-- Where a school's URN changes within a period, the period goes on under the later one: its sessions are carried there.
-- A session two URNs have a mark of (many systems move the whole year's register across) is counted at the later. Of a
-- total and the marks another URN has in its span, what speaks for more sessions stands, as within one URN; of two
-- totals that share days the larger, else the later URN's. What falls of the latest URN's own is taken off its sums:
-- a row under its own URN, below 0. Each period is settled by itself, of what lies in it.
-- Where a school was divided, a pupil's sessions go where the pupil went on, else to the first URN.
{%- set counts = session_counts() %}
{%- set pupil_period = ['pupil_key', 'academic_year', 'period_kind', 'period'] %}
with heirs as (
    select * from {{ ref('int_period_heirs') }}
),

members as (
    select distinct
        urn,
        academic_year,
        period_kind,
        period,
        true as is_heir
    from heirs
    union all
    select distinct
        ancestor_urn as urn,
        academic_year,
        period_kind,
        period,
        false as is_heir
    from heirs
),

-- Which URNs are of one school, and which of the two is the later.
related as (
    select
        urn,
        ancestor_urn as other_urn,
        false as is_other_later
    from {{ ref('int_school_lineage') }}
    union all
    select
        ancestor_urn as urn,
        urn as other_urn,
        true as is_other_later
    from {{ ref('int_school_lineage') }}
),

used as (
    select
        marks.pupil_key,
        marks.urn,
        marks.academic_year,
        marks.session_date as from_date,
        marks.session_date as to_date,
        marks.session,
        cast(days.week_begins as varchar) as week,
        days.half_term,
        days.term,
        marks.mark_code,
        marks.code_valid_from,
        1 as sessions
    from {{ ref('int_marks_placed') }} as marks
    inner join {{ ref('int_school_days') }} as days
        on
            marks.urn = days.urn
            and marks.session_date = days.session_date
    where marks.reason_code is null and marks.urn in (select members.urn from members)
    union all
    select
        pupil_key,
        urn,
        academic_year,
        from_date,
        to_date,
        'total' as session,
        cast(null as varchar) as week,
        half_term,
        term,
        mark_code,
        code_valid_from,
        sessions
    from {{ ref('int_totals_placed') }}
    where reason_code is null and urn in (select members.urn from members)
),

-- What the URNs have, a row a mark or total and period. Few schools: this is small.
records as (
    select
        used.*,
        members.period_kind,
        members.period,
        members.is_heir,
        {%- for count in counts %}
        codes.counts_as_{{ count }},
        {%- endfor %}
        codes.class not in ('admin', 'missing') as is_speaking
    from used
    inner join members
        on
            used.urn = members.urn
            and used.academic_year = members.academic_year
            and members.period = case members.period_kind
                when 'week' then used.week
                when 'half_term' then used.half_term
                when 'term' then used.term
                else 'year_to_date'
            end
    inner join {{ ref('int_attendance_codes') }} as codes
        on
            used.mark_code = codes.mark_code
            and used.code_valid_from = codes.valid_from
),

had_since as (
    select distinct
        marks.urn,
        {%- for key in pupil_period %}
        marks.{{ key }},
        {%- endfor %}
        marks.from_date,
        marks.session
    from records as marks
    inner join related
        on
            marks.urn = related.urn
            and related.is_other_later
    inner join records as later
        on
            related.other_urn = later.urn
            {%- for key in pupil_period %}
            and marks.{{ key }} = later.{{ key }}
            {%- endfor %}
            and marks.from_date = later.from_date
            and marks.session = later.session
    where marks.session <> 'total' and later.is_speaking
),

marks_left as (
    select marks.*
    from records as marks
    left join had_since
        on
            marks.urn = had_since.urn
            {%- for key in pupil_period %}
            and marks.{{ key }} = had_since.{{ key }}
            {%- endfor %}
            and marks.from_date = had_since.from_date
            and marks.session = had_since.session
    where marks.session <> 'total' and had_since.urn is null
),

totals as (
    select
        urn,
        {{ pupil_period | join(',\n        ') }},
        from_date,
        to_date,
        sum(case when is_speaking then sessions else 0 end) as sessions
    from records
    where session = 'total'
    group by urn, {{ pupil_period | join(', ') }}, from_date, to_date
),

-- Each total with the marks another URN has in its span.
beside_marks as (
    select
        totals.urn,
        {%- for key in pupil_period %}
        totals.{{ key }},
        {%- endfor %}
        totals.from_date,
        totals.to_date,
        totals.sessions,
        count(distinct case when marks.is_speaking then concat(cast(marks.from_date as varchar), marks.session) end)
            as marks
    from totals
    inner join related
        on totals.urn = related.urn
    left join marks_left as marks
        on
            related.other_urn = marks.urn
            {%- for key in pupil_period %}
            and totals.{{ key }} = marks.{{ key }}
            {%- endfor %}
            and marks.from_date between totals.from_date and totals.to_date
    group by
        totals.urn, totals.{{ pupil_period | join(', totals.') }}, totals.from_date, totals.to_date, totals.sessions
),

beside_totals as (
    select
        totals.urn,
        {%- for key in pupil_period %}
        totals.{{ key }},
        {%- endfor %}
        totals.from_date,
        totals.to_date,
        max(case when others.from_date <= totals.from_date and others.to_date >= totals.to_date then 1 else 0 end) = 1
            as is_within
    from beside_marks as totals
    inner join related
        on totals.urn = related.urn
    inner join beside_marks as others
        on
            related.other_urn = others.urn
            {%- for key in pupil_period %}
            and totals.{{ key }} = others.{{ key }}
            {%- endfor %}
            and totals.from_date <= others.to_date
            and totals.to_date >= others.from_date
            and (
                totals.sessions < others.sessions
                or (totals.sessions = others.sessions and related.is_other_later)
            )
            and (others.marks = 0 or 2 * others.marks < others.sessions)
    group by totals.urn, totals.{{ pupil_period | join(', totals.') }}, totals.from_date, totals.to_date
),

-- A total left out although not all its sessions are counted otherwise is said beside the break of the school's URN.
settled as (
    select
        totals.*,
        totals.marks > 0 and 2 * totals.marks >= totals.sessions as is_marked,
        beside_totals.urn is not null as is_beaten,
        case
            when totals.marks > 0 and 2 * totals.marks >= totals.sessions then totals.marks < totals.sessions
            else coalesce(not beside_totals.is_within, false)
        end as is_lost
    from beside_marks as totals
    left join beside_totals
        on
            totals.urn = beside_totals.urn
            {%- for key in pupil_period %}
            and totals.{{ key }} = beside_totals.{{ key }}
            {%- endfor %}
            and totals.from_date = beside_totals.from_date
            and totals.to_date = beside_totals.to_date
),

fallen as (
    select
        urn,
        {{ pupil_period | join(',\n        ') }},
        from_date,
        from_date as to_date,
        session,
        false as is_lost
    from had_since
    union all
    select
        urn,
        {{ pupil_period | join(',\n        ') }},
        from_date,
        to_date,
        'total' as session,
        is_lost
    from settled
    where is_marked or is_beaten
    union all
    select distinct
        marks.urn,
        {%- for key in pupil_period %}
        marks.{{ key }},
        {%- endfor %}
        marks.from_date,
        marks.to_date,
        marks.session,
        false as is_lost
    from settled
    inner join related
        on settled.urn = related.urn
    inner join marks_left as marks
        on
            related.other_urn = marks.urn
            {%- for key in pupil_period %}
            and settled.{{ key }} = marks.{{ key }}
            {%- endfor %}
            and marks.from_date between settled.from_date and settled.to_date
    where not settled.is_marked and not settled.is_beaten and settled.sessions > 0
),

attended as (
    select distinct
        pupil_key,
        urn,
        academic_year
    from records
    where period_kind = 'year_to_date'
),

-- One URN a pupil's sessions go to.
chosen as (
    select
        pupils.*,
        row_number() over (
            partition by pupils.ancestor_urn, pupils.{{ pupil_period | join(', pupils.') }}
            order by case when attended.urn is null then 1 else 0 end asc, pupils.urn asc
        ) as place
    from (
        select distinct
            {%- for key in pupil_period %}
            records.{{ key }},
            {%- endfor %}
            heirs.urn,
            heirs.ancestor_urn,
            heirs.links
        from records
        inner join heirs
            on
                records.urn = heirs.ancestor_urn
                and records.academic_year = heirs.academic_year
                and records.period_kind = heirs.period_kind
                and records.period = heirs.period
    ) as pupils
    left join attended
        on
            pupils.pupil_key = attended.pupil_key
            and pupils.urn = attended.urn
            and pupils.academic_year = attended.academic_year
),

moved as (
    select
        records.*,
        coalesce(chosen.urn, records.urn) as to_urn,
        coalesce(chosen.links, 0) as links,
        coalesce(fallen.is_lost, false) as is_lost,
        case when fallen.urn is null then 1 else 0 end - case when records.is_heir then 1 else 0 end as times
    from records
    left join chosen
        on
            records.urn = chosen.ancestor_urn
            {%- for key in pupil_period %}
            and records.{{ key }} = chosen.{{ key }}
            {%- endfor %}
            and chosen.place = 1
    left join fallen
        on
            records.urn = fallen.urn
            {%- for key in pupil_period %}
            and records.{{ key }} = fallen.{{ key }}
            {%- endfor %}
            and records.from_date = fallen.from_date
            and records.to_date = fallen.to_date
            and records.session = fallen.session
),

added_up as (
    select
        {%- for key in pupil_period %}
        moved.{{ key }},
        {%- endfor %}
        moved.to_urn as urn,
        moved.urn as from_urn,
        moved.links,
        {{ sum_sessions('moved', 'moved.times * moved.sessions') }},
        max(moved.times) = 1 as is_carried,
        max(case when moved.is_lost then 1 else 0 end) = 1 as is_total_left_out
    from moved
    where moved.times <> 0 or moved.is_lost
    group by moved.to_urn, moved.urn, moved.{{ pupil_period | join(', moved.') }}, moved.links
)

select
    pupil_key,
    urn,
    from_urn,
    academic_year,
    period_kind,
    period,
    {{ counts | join(',\n    ') }},
    is_carried,
    -- Of several earlier URNs, the one that speaks for the pupil where the latest does not.
    is_carried
    and row_number() over (
        partition by urn, {{ pupil_period | join(', ') }}
        order by case when is_carried then 0 else 1 end asc, links asc, from_urn asc
    ) = 1 as is_nearest,
    is_total_left_out
from added_up
