create table named as
select
    urn, upn, ltrim(local, '0') as local, year_group, sex, class, starts, sha256('bench' || upn)[:32] as pupil_key,
    case when year_group[1] = 'R' then 'R' else regexp_extract(year_group, '([0-9]+)', 1) end as year
from pupils;

create table placed as
select marks.urn, named.pupil_key, named.year, marks.session_date, marks.session, marks.mark_code, marks.minutes_late
from attendance as marks inner join named on marks.urn = named.urn and marks.upn = named.upn;

create table judged as
select
    results.urn, named.pupil_key, named.year,
    case results.subject when 'Maths' then 'Mathematics' else results.subject end as subject,
    results.assessment, lower(results.term) as term, results.value
from results inner join named
    on results.urn = named.urn
    and case when results.upn is null then named.local = ltrim(results.local, '0') else named.upn = results.upn end;

copy (select urn, pupil_key, year, sex, class, starts from named) to '{out}/pupils.parquet';
copy placed to '{out}/attendance.parquet';
copy judged to '{out}/results.parquet';

create table days as
select
    schools.urn, half_terms.half_term, half_terms.starts, half_terms.ends
from schools inner join half_terms on schools.laestab[:3] = half_terms.la_code;

create table sums as
select
    placed.urn, placed.pupil_key, placed.year, date_trunc('week', placed.session_date)::date as week, days.half_term,
    sum(codes.counts_as_possible) as possible, sum(codes.counts_as_attending) as attending,
    sum(codes.counts_as_authorised) as authorised, sum(codes.counts_as_unauthorised) as unauthorised,
    sum(codes.counts_as_late) as late
from placed
inner join codes on placed.mark_code = codes.mark_code
inner join days on placed.urn = days.urn and placed.session_date between days.starts and days.ends
group by all;

create table periods as
with spans as (
    select *, 'week' as period_kind, week::varchar as period from sums
    union all select *, 'half_term', half_term from sums
    union all select *, 'term', case half_term[:3] when 'AUT' then 'autumn' when 'SPR' then 'spring' else 'summer' end from sums
    union all select *, 'year_to_date', 'year_to_date' from sums
)
select
    urn, pupil_key, year, period_kind, period, sum(possible) as possible, sum(attending) as attending,
    sum(authorised) as authorised, sum(unauthorised) as unauthorised, sum(late) as late
from spans group by urn, pupil_key, year, period_kind, period having sum(possible) > 0;

create table values_of_attendance as
select
    case when grouping(urn) = 1 then 'MAT' else 'School' end as geography, urn, period_kind, period,
    case when grouping(year) = 1 then 'Total' else year end as year,
    unnest(['attendance', 'authorised_absence', 'unauthorised_absence', 'late_arrivals', 'persistent_absence',
            'severe_absence']) as kpi,
    unnest([100.0 * sum(attending) / sum(possible), 100.0 * sum(authorised) / sum(possible),
            100.0 * sum(unauthorised) / sum(possible), 100.0 * sum(late) / sum(possible),
            100.0 * sum((10 * (authorised + unauthorised) >= possible)::integer) / count(*),
            100.0 * sum((2 * (authorised + unauthorised) >= possible)::integer) / count(*)]) as value
from periods
group by period_kind, period, grouping sets ((urn, year), (urn), (year), ());

create table values_of_results as
with rolls as (
    select urn, year, count(*) as on_roll from named group by grouping sets ((urn, year), (urn), (year), ())
),
sums as (
    select
        urn, year, subject, assessment, term, count(*) as judged, avg(try_cast(value as integer)) as mean
    from judged group by subject, assessment, term, grouping sets ((urn, year), (urn), (year), ())
)
select
    sums.urn, sums.year, sums.term, sums.subject, sums.assessment,
    unnest(['judgement_coverage', 'mean_mark']) as kpi, unnest([100.0 * sums.judged / rolls.on_roll, sums.mean]) as value
from sums inner join rolls on sums.urn is not distinct from rolls.urn and sums.year is not distinct from rolls.year;

copy (
    select kpi, geography, urn, period_kind, period, year, 'z' as subject, 'z' as assessment, value
    from values_of_attendance
    where period_kind <> 'week' or (year = 'Total' and kpi = 'attendance')
    union all
    select
        kpi, case when urn is null then 'MAT' else 'School' end, urn, 'window', term, coalesce(year, 'Total'), subject,
        assessment, value
    from values_of_results where value is not null and (kpi <> 'mean_mark' or year is not null)
) to '{out}/kpi_values.parquet';
