{#- Holds a grain: no two rows share these columns. Two empty values count as the same. -#}
{% test one_row_per(model, columns) %}
select
    {{ columns | join(',\n    ') }},
    count(*) as rows_found
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}
