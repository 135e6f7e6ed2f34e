{#- Holds that these columns are never empty: one test a model instead of one a column. -#}
{% test always_filled(model, columns) %}
select {{ columns | join(', ') }}
from {{ model }}
where {% for column in columns %}{{ column }} is null{{ " or " if not loop.last }}{% endfor %}
{% endtest %}
