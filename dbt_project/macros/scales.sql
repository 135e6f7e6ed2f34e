{#- How a school's scale meets the trust's: which row of a scale applies to a result, and which says the most. -#}

{#- How much a row of a scale says of where it applies: the school weighs most, then subject, year group, window. -#}
{% macro say_how_much() -%}
case when school is null then 0 else 8 end
    + case when subject is null then 0 else 4 end
    + case when year_group is null then 0 else 2 end
    + case when window_name is null then 0 else 1 end
{%- endmacro %}

{#- Whether a row of a scale applies to a result: the columns of `asked` are those of results. -#}
{% macro applies(scale, asked) -%}
{{ asked }}.format = {{ scale }}.source
            and {{ asked }}.assessment = {{ scale }}.framework
            and {{ asked }}.as_at between {{ scale }}.valid_from and {{ scale }}.holds_until
            and ({{ scale }}.school is null or {{ asked }}.urn = {{ scale }}.school)
            and ({{ scale }}.subject is null or {{ asked }}.subject = {{ scale }}.subject)
            and ({{ scale }}.year_group is null or {{ asked }}.year_group = {{ scale }}.year_group)
            and ({{ scale }}.window_name is null or {{ asked }}.window_name = {{ scale }}.window_name)
{%- endmacro %}

{#- What a result's meaning depends on, as columns and as the condition that two rows are of the same. -#}
{% macro list_asked() -%}
    {{ return(['urn', 'format', 'assessment', 'subject', 'year_group', 'window_name', 'as_at', 'code', 'mark']) }}
{%- endmacro %}

{% macro keys_of_asked(asked) -%}
{%- for column in plumbline.list_asked() %}{{ asked }}.{{ column }}{{ ", " if not loop.last }}{% endfor -%}
{%- endmacro %}

{% macro same_asked(one, other) -%}
{%- for column in plumbline.list_asked() if column != 'mark' -%}
{{ one }}.{{ column }} = {{ other }}.{{ column }}
        and {% endfor -%}
{{ one }}.mark is not distinct from {{ other }}.mark
{%- endmacro %}

{#-
    The number a recorded value says: 63 of "63 %", 12.33 of the reading age "12:04" (years and months), 97 of "97".
    Empty where it says none.
-#}
{% macro number_of(value) %}{{ return(adapter.dispatch('number_of', 'plumbline')(value)) }}{% endmacro %}

{% macro duckdb__number_of(value) -%}
case
    when regexp_full_match({{ value }}, '[0-9]{1,2}:(0?[0-9]|1[01])')
        then
            cast(split_part({{ value }}, ':', 1) as double)
            + cast(split_part({{ value }}, ':', 2) as double) / 12
    else try_cast(regexp_replace({{ value }}, ' ?%$', '') as double)
end
{%- endmacro %}
