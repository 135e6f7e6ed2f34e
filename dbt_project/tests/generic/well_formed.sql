{#-
    Holds what a table must be whoever sent the data, in one test a table: a test for each rule and column took
    longer than the tables.

    one_row_per  the grain: no two rows share these columns; two empty values count as the same
    unique       each of these columns says by itself which row it is
    filled       columns that are never empty
    accepted     column -> the only values it may have where it has one

    A row found is a broken rule, and how many rows or groups of rows break it; never a value.
-#}
{% test well_formed(model, one_row_per, unique=[], filled=[], accepted={}) %}
{%- set keys = [one_row_per] %}
{%- for column in unique %}{% do keys.append([column]) %}{% endfor %}
{%- set wrong = {} %}
{%- for column in filled %}{% do wrong.update({column ~ ' is empty': column ~ ' is null'}) %}{% endfor %}
{%- for column, values in accepted.items() %}
    {%- do wrong.update({column ~ ' is none of its values': "cast(" ~ column ~ " as varchar) not in ('" ~ values | join("', '") ~ "')"}) %}
{%- endfor %}
with

broken as (
    {%- for key in keys %}
    select
        'more than one row per {{ key | join(', ') }}' as rule,
        count(*) as broken_by
    from (select 1 as one from {{ model }} group by {{ key | join(', ') }} having count(*) > 1) as shared
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
    {%- for rule, condition in wrong.items() %}
    union all
    select
        '{{ rule }}' as rule,
        count(*) as broken_by
    from {{ model }}
    where {{ condition }}
    {%- endfor %}
)

select
    rule,
    broken_by
from broken
where broken_by > 0
{% endtest %}
