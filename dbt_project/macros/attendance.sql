{#-
    Words of the register: codes, the attendance year, weeks, and sums of sessions. What a code means is the seed
    attendance_codes; what differs between engines is dispatched here as in engine.sql.
-#}

{#- A mark as the code list writes it: letters in capitals, and '-' where nothing was recorded. -#}
{% macro mark_key(column) -%}
coalesce(nullif(upper(trim({{ column }})), ''), '-')
{%- endmacro %}

{#- The attendance year of a day, as 2024/25: August belongs to the year that follows. -#}
{% macro attendance_year(day) -%}
{%- set first = '(extract(year from ' ~ day ~ ') - case when extract(month from ' ~ day ~ ') < 8 then 1 else 0 end)' -%}
concat(
    cast({{ first }} as varchar), '/', right(cast({{ first }} + 1 as varchar), 2)
)
{%- endmacro %}

{#- First and last day of an attendance year given as 2024/25: 1 August and 31 July. -#}
{% macro attendance_year_starts(academic_year) -%}
cast(concat(left({{ academic_year }}, 4), '-08-01') as date)
{%- endmacro %}

{% macro attendance_year_ends(academic_year) -%}
cast(concat(cast(cast(left({{ academic_year }}, 4) as integer) + 1 as varchar), '-07-31') as date)
{%- endmacro %}

{#- The Monday of a day's week. -#}
{% macro week_of(day) -%}
cast(date_trunc('week', {{ day }}) as date)
{%- endmacro %}

{#- Every day from one to another, as rows: an expression of a select list. -#}
{% macro each_day(first_day, last_day) %}{{ return(adapter.dispatch('each_day', 'plumbline')(first_day, last_day)) }}{% endmacro %}

{% macro default__each_day(first_day, last_day) -%}
explode(sequence({{ first_day }}, {{ last_day }}))
{%- endmacro %}

{% macro duckdb__each_day(first_day, last_day) -%}
cast(unnest(generate_series({{ first_day }}, {{ last_day }}, interval 1 day)) as date)
{%- endmacro %}

{#- The additive counts of sessions a mark or a total can have, in the order the models list them. -#}
{% macro session_counts() -%}
{{ return(['possible', 'attending', 'present', 'authorised', 'unauthorised', 'late', 'not_recorded']) }}
{%- endmacro %}

{#- Those counts added up over marks or totals joined to their row of the seed. -#}
{% macro sum_sessions(codes, sessions='1') -%}
{%- for count in plumbline.session_counts() %}
    cast(sum({{ sessions }} * {{ codes }}.counts_as_{{ count }}) as bigint) as {{ count }}{{ "," if not loop.last }}
{%- endfor %}
{%- endmacro %}

{#-
    Which population a pupil is in, from the population of the year group (NULL where it is not known) and the age on 31
    August. A pupil in no national curriculum year (X, in many special schools) counts by age.
-#}
{% macro population_of(population, age) -%}
coalesce(
        nullif({{ population }}, 'unknown'),
        case
            when {{ population }} is null or {{ age }} is null then 'unknown'
            when {{ age }} < 4 then 'nursery'
            when {{ age }} <= 15 then 'headline'
            else 'sixth_form'
        end
    )
{%- endmacro %}
