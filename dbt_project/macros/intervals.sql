{#-
    Confidence intervals. Formulas and test vectors: Wilson, Byar, Student's t, Newcombe's method 10 and the score
    limits of a funnel, as the domain reference gives them, and the ratio of sums by pupil (tests/assert_intervals_meet_vectors.sql holds every
    vector to six decimals).
    Each pair of macros gives one end of the interval as a DOUBLE, and NULL where there is no interval.
    Dispatched, so that an engine with its own functions can answer for itself.
-#}

{#- Standard normal quantiles: 0.975 for 95 %, 0.999 for 99.8 %. No engine here has a normal quantile. -#}
{% macro z_value(level=95) -%}
    {%- if level == 95 -%}1.959963984540054
    {%- elif level == 99.8 -%}3.090232306167813
    {%- else -%}{{ exceptions.raise_compiler_error("z_value knows the levels 95 and 99.8, not " ~ level) }}
    {%- endif -%}
{%- endmacro %}

{#- Wilson's interval for x of n, as a proportion. n = 0 gives NULL; the ends are exactly 0 and 1 at x = 0 and x = n. -#}
{% macro wilson_lower(x, n, level=95) %}{{ return(adapter.dispatch('wilson_lower', 'plumbline')(x, n, level)) }}{% endmacro %}

{% macro default__wilson_lower(x, n, level) -%}
{{ plumbline.wilson_end(x, n, level, '-') }}
{%- endmacro %}

{% macro wilson_upper(x, n, level=95) %}{{ return(adapter.dispatch('wilson_upper', 'plumbline')(x, n, level)) }}{% endmacro %}

{% macro default__wilson_upper(x, n, level) -%}
{{ plumbline.wilson_end(x, n, level, '+') }}
{%- endmacro %}

{% macro wilson_end(x, n, level, sign) -%}
{%- set z = plumbline.z_value(level) -%}
{%- set x = 'cast(' ~ x ~ ' as double)' -%}
{%- set n = 'cast(' ~ n ~ ' as double)' -%}
case
    when {{ n }} > 0
        then {% if sign == '-' %}case when {{ x }} = 0 then 0.0e0 else{% else %}case when {{ x }} = {{ n }} then 1.0e0 else{% endif %}
            least(1.0e0, greatest(0.0e0,
                (2 * {{ x }} + {{ z }} * {{ z }} {{ sign }} {{ z }} * sqrt({{ z }} * {{ z }} + 4 * {{ x }} * (1 - {{ x }} / {{ n }})))
                / (2 * ({{ n }} + {{ z }} * {{ z }}))
            )) end
end
{%- endmacro %}

{#- Byar's interval for a count of events: the lower end of 0 events is 0. -#}
{% macro byar_lower(events, level=95) %}{{ return(adapter.dispatch('byar_lower', 'plumbline')(events, level)) }}{% endmacro %}

{% macro default__byar_lower(events, level) -%}
{%- set o = 'cast(' ~ events ~ ' as double)' -%}
case
    when {{ o }} = 0 then 0.0e0
    when {{ o }} > 0 then {{ o }} * power(1 - 1 / (9 * {{ o }}) - {{ plumbline.z_value(level) }} / (3 * sqrt({{ o }})), 3)
end
{%- endmacro %}

{% macro byar_upper(events, level=95) %}{{ return(adapter.dispatch('byar_upper', 'plumbline')(events, level)) }}{% endmacro %}

{% macro default__byar_upper(events, level) -%}
{%- set o = '(cast(' ~ events ~ ' as double) + 1)' -%}
case
    when {{ o }} >= 1 then {{ o }} * power(1 - 1 / (9 * {{ o }}) + {{ plumbline.z_value(level) }} / (3 * sqrt({{ o }})), 3)
end
{%- endmacro %}

{#-
    Standard deviation (n - 1) from a sum, a sum of squares and a count. `total` and `squares` must be DECIMALs:
    n * squares - total * total is then exact, where doubles would lose it to cancellation. n < 2 gives NULL.
-#}
{% macro standard_deviation(total, squares, n) -%}
case
    when {{ n }} > 1
        then sqrt(
            cast({{ n }} * {{ squares }} - {{ total }} * {{ total }} as double)
            / (cast({{ n }} as double) * (cast({{ n }} as double) - 1))
        )
end
{%- endmacro %}

{#-
    Mean -/+ t * s / sqrt(n). `t` is the 0.975 quantile with n - 1 degrees of freedom (see t_quantile). Values that
    are all alike (s = 0) say nothing of chance: both ends are NULL, as for n < 2, never an interval of no width.
-#}
{% macro mean_lower(total, squares, n, t) %}{{ return(adapter.dispatch('mean_end', 'plumbline')(total, squares, n, t, '-')) }}{% endmacro %}

{% macro mean_upper(total, squares, n, t) %}{{ return(adapter.dispatch('mean_end', 'plumbline')(total, squares, n, t, '+')) }}{% endmacro %}

{% macro default__mean_end(total, squares, n, t, sign) -%}
cast({{ total }} as double) / cast({{ n }} as double)
    {{ sign }} {{ t }} * nullif({{ plumbline.standard_deviation(total, squares, n) }}, 0) / sqrt(cast({{ n }} as double))
{%- endmacro %}

{#-
    Student's t for n - 1 degrees of freedom. Up to 1,000 from the seed, joined on n - 1; above, from the seed's last
    row (the normal quantile z) by the first terms of the expansion in 1 / df (Abramowitz and Stegun 26.7.5), which
    is right to 1e-11 there and has no step at 1,000.
-#}
{% macro t_quantile(n, t_at_df, z) -%}
{%- set df = '(cast(' ~ n ~ ' as double) - 1)' -%}
case
    when {{ n }} - 1 <= 1000 then {{ t_at_df }}
    else {{ z }}
        + (power({{ z }}, 3) + {{ z }}) / (4 * {{ df }})
        + (5 * power({{ z }}, 5) + 16 * power({{ z }}, 3) + 3 * {{ z }}) / (96 * power({{ df }}, 2))
        + (3 * power({{ z }}, 7) + 19 * power({{ z }}, 5) + 17 * power({{ z }}, 3) - 15 * {{ z }})
        / (384 * power({{ df }}, 3))
end
{%- endmacro %}

{#-
    Ratio of sums r = sum(y) / sum(x), as a proportion, where each of n pupils gives several sessions: sessions of one
    pupil go together, so pupils are what varies. Linearised (the usual ratio estimator of cluster samples; Cochran,
    Sampling Techniques, 3rd edition, 6.4):
        s2 = sum((y - r x)^2) * n / (n - 1);  r -/+ t * sqrt(s2) / sum(x), clipped to 0 and 1
    `y` and `x` are sums, `yy`, `xx` and `xy` sums of squares and products, `t` the 0.975 quantile with n - 1 degrees of
    freedom. y and x count sessions, so sum((y - r x)^2) * sum(x)^2 is a whole number and is worked out exactly: pupils
    who are all alike give exactly 0, and then there is no interval, as for n < 2.
-#}
{% macro by_pupil_lower(y, x, yy, xx, xy, n, t) %}{{ return(adapter.dispatch('by_pupil_end', 'plumbline')(y, x, yy, xx, xy, n, t, '-')) }}{% endmacro %}

{% macro by_pupil_upper(y, x, yy, xx, xy, n, t) %}{{ return(adapter.dispatch('by_pupil_end', 'plumbline')(y, x, yy, xx, xy, n, t, '+')) }}{% endmacro %}

{% macro default__by_pupil_end(y, x, yy, xx, xy, n, t, sign) -%}
{%- set exact = 'cast({} as decimal(38, 0))' -%}
{%- set y, x, yy, xx, xy = exact.format(y), exact.format(x), exact.format(yy), exact.format(xx), exact.format(xy) -%}
{%- set spread = x ~ ' * ' ~ x ~ ' * ' ~ yy ~ ' - 2 * ' ~ x ~ ' * ' ~ y ~ ' * ' ~ xy ~ ' + ' ~ y ~ ' * ' ~ y ~ ' * ' ~ xx -%}
case
    when {{ n }} > 1 and {{ x }} > 0 and {{ spread }} > 0
        then least(1.0e0, greatest(0.0e0,
            cast({{ y }} as double) / cast({{ x }} as double) {{ sign }} {{ t }}
            * sqrt(cast({{ spread }} as double) * cast({{ n }} as double) / (cast({{ n }} as double) - 1))
            / power(cast({{ x }} as double), 2)
        ))
end
{%- endmacro %}

{#-
    One end ('lower' or 'upper') of a KPI's interval, in its unit, by the method it names: over the columns of kpi_values.
    NULL where there is no pupil, or no interval.
-#}
{% macro kpi_interval(end) -%}
{%- set wilson, byar, mean, by_pupil = {
    'lower': (plumbline.wilson_lower, plumbline.byar_lower, plumbline.mean_lower, plumbline.by_pupil_lower),
    'upper': (plumbline.wilson_upper, plumbline.byar_upper, plumbline.mean_upper, plumbline.by_pupil_upper),
}[end] -%}
case
    when pupil_count = 0 then null
    when interval_method = 'wilson' then unit_multiplier * ({{ wilson('numerator_sum', 'pupil_count') }})
    when interval_method = 'byar' then unit_multiplier * ({{ byar('numerator_sum') }}) / cast(base_sum as double)
    when interval_method = 't' and pupil_count > 1
        then {{ mean('base_sum', 'base_squares', 'pupil_count', 't_975') }}
    when interval_method = 'by_pupil'
        then unit_multiplier * ({{ by_pupil(
            'numerator_sum', 'base_sum', 'numerator_squares', 'base_squares', 'cross_sum', 'pupil_count', 't_975'
        ) }})
end
{%- endmacro %}

{#-
    The difference of two figures, value_1 less value_2, by the 95 % intervals of each (square and add: Newcombe 1998,
    method 10, where both are shares with Wilson's interval; the same construction for other figures is MOVER of Zou
    and Donner 2008). The two are taken as independent. NULL where either has no interval.
-#}
{% macro difference_lower(value_1, lower_1, value_2, upper_2) %}{{ return(adapter.dispatch('difference_lower', 'plumbline')(value_1, lower_1, value_2, upper_2)) }}{% endmacro %}

{% macro default__difference_lower(value_1, lower_1, value_2, upper_2) -%}
{{ value_1 }} - {{ value_2 }} - sqrt(power({{ value_1 }} - ({{ lower_1 }}), 2) + power(({{ upper_2 }}) - {{ value_2 }}, 2))
{%- endmacro %}

{% macro difference_upper(value_1, upper_1, value_2, lower_2) %}{{ return(adapter.dispatch('difference_upper', 'plumbline')(value_1, upper_1, value_2, lower_2)) }}{% endmacro %}

{% macro default__difference_upper(value_1, upper_1, value_2, lower_2) -%}
{{ value_1 }} - {{ value_2 }} + sqrt(power(({{ upper_1 }}) - {{ value_1 }}, 2) + power({{ value_2 }} - ({{ lower_2 }}), 2))
{%- endmacro %}

{#-
    Score limits of a funnel: between them lies what chance would give n pupils if the share were `target`, as
    proportions, clipped to 0 and 1. n = 0 gives NULL.
-#}
{% macro score_lower(target, n, level=95) %}{{ return(adapter.dispatch('score_limit', 'plumbline')(target, n, level, '-')) }}{% endmacro %}

{% macro score_upper(target, n, level=95) %}{{ return(adapter.dispatch('score_limit', 'plumbline')(target, n, level, '+')) }}{% endmacro %}

{% macro default__score_limit(target, n, level, sign) -%}
{%- set target = 'cast(' ~ target ~ ' as double)' -%}
case
    when {{ n }} > 0
        then least(1.0e0, greatest(0.0e0,
            {{ target }} {{ sign }} {{ plumbline.z_value(level) }} * sqrt({{ target }} * (1 - {{ target }}) / {{ n }})
        ))
end
{%- endmacro %}
