{#-
    Measures are declared where they are described: columns of a measures model whose YAML says
    `config: {meta: {measure: true, unit: ...}}`. These macros read that list, so a new measure is one column and its
    description, and everything after it picks it up. Adding measures up is in sums.sql.

    The meta of a measure:
      unit        what one of it is: pupils, sessions, marks... A figure over pupils counts pupils by itself; over
                  anything else, its pupils are the rows that have the denominator.
      rate_base   true on the one measure of a theme that rates are taken of (sessions possible). The products of every
                  measure with it are added up too: what the interval by_pupil needs.
-#}

{#-
    The themes the KPIs are made of: a measures model and the model that adds it up. A new theme is an entry here, its
    measures and its small sums model; kpi_parts takes what the sums models give.
-#}
{% macro themes() -%}
    {{ return([
        {'name': 'results', 'measures': 'int_results_measures', 'sums': 'kpi_results_sums'},
        {'name': 'attendance', 'measures': 'int_attendance_measures', 'sums': 'kpi_attendance_sums'},
        {'name': 'suspensions', 'measures': 'int_suspensions_measures', 'sums': 'kpi_suspensions_sums'},
        {'name': 'statements', 'measures': 'int_statements_measures', 'sums': 'kpi_statements_sums'},
        {
            'name': 'assessed_statements', 'measures': 'int_assessed_statements_measures',
            'sums': 'kpi_assessed_statements_sums'
        },
    ]) }}
{%- endmacro %}

{#- The kinds of period a theme's measures come in. A KPI may ask for those of its own theme only. -#}
{% macro period_kinds_of(theme) -%}
    {{ return({
        'results': ['window'],
        'attendance': ['week', 'half_term', 'term', 'year_to_date', 'year_to_date_urn'],
        'suspensions': ['half_term', 'term', 'year_to_date', 'year_to_date_urn'],
        'statements': ['window'],
        'assessed_statements': ['window'],
    }[theme]) }}
{%- endmacro %}

{#- The measures of a measures model as dicts of name, unit and rate_base, in the order of its YAML. -#}
{% macro declared_measures(model_name) -%}
    {%- set found = [] -%}
    {%- if execute -%}
        {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.name == model_name -%}
            {%- for column in node.columns.values() -%}
                {%- set meta = column.get('config', {}).get('meta', {}) -%}
                {%- if meta.get('measure') -%}
                    {%- do found.append(
                        {'name': column.name, 'unit': meta.get('unit'), 'rate_base': meta.get('rate_base', false)}
                    ) -%}
                {%- endif -%}
            {%- endfor -%}
        {%- endfor -%}
        {%- if not found -%}
            {{ exceptions.raise_compiler_error("no column of " ~ model_name ~ " is declared as a measure in its YAML") }}
        {%- endif -%}
    {%- endif -%}
    {{ return(found) }}
{%- endmacro %}

{#- Names of the measures of a measures model, in the order of its YAML. -#}
{% macro measures_of(model_name) -%}
    {{ return(plumbline.declared_measures(model_name) | map(attribute='name') | list) }}
{%- endmacro %}

{#- The measure of a measures model that rates are taken of; none where it declares none. -#}
{% macro rate_base_of(model_name) -%}
    {{ return(plumbline.declared_measures(model_name) | selectattr('rate_base') | map(attribute='name') | first or none) }}
{%- endmacro %}

{#- Every measure there is, one row each: measure, theme, unit and the theme's rate base (empty where it has none). -#}
{% macro measure_rows() -%}
    {%- set rows = [] -%}
    {%- for theme in plumbline.themes() -%}
        {%- set base = plumbline.rate_base_of(theme.measures) -%}
        {%- for measure in plumbline.declared_measures(theme.measures) -%}
            {%- do rows.append(
                "select '" ~ measure.name ~ "' as measure, '" ~ theme.name ~ "' as theme, '" ~ measure.unit
                ~ "' as unit, " ~ ("'" ~ base ~ "'" if base else "cast(null as varchar)") ~ " as rate_base"
            ) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(rows | join('\nunion all\n')) }}
{%- endmacro %}

{#-
    The sum, squares, crosses or count (`what`) of the measure that `measure` (a column) names, out of the wide sums of
    its theme: turning the small result from wide to long, one KPI at a time.
-#}
{% macro pick_measure(what, measure, measures) -%}
case {{ measure }}
    {%- for name in measures %}
        when '{{ name }}' then {{ what }}_{{ name }}
    {%- endfor %}
    end
{%- endmacro %}

{#-
    The populations of attendance beside the headline, which is Reception to Year 11 and is what 'Total' holds. One row
    each: label, place, and which rows of int_attendance_measures are in it. A pupil may be in several.
-#}
{% macro populations() -%}
    {{ return([
        {'label': 'Aged 5 to 15', 'holds': 'is_compulsory_age'},
        {'label': 'Nursery', 'holds': "population = 'nursery'"},
        {'label': 'Sixth form', 'holds': "population = 'sixth_form'"},
        {'label': 'Year group not known', 'holds': "population = 'unknown'"},
    ]) }}
{%- endmacro %}
