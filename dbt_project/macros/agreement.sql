{#-
    How far two judgements of the same pupils agree: teacher and test, teacher and moderator. Formulas alone; who is
    paired with whom is in the models. Vectors of each are in tests/dbt_project/test_dbt_agreement.py.
-#}

{#- The bands that are compared, lowest first. -#}
{% macro compared_bands() -%}
    {{ return(['BLW', 'WTS', 'EXS', 'GDS']) }}
{%- endmacro %}

{#- A band's place, 1 to 4; NULL for any other (NA is no band to compare). For agreement only, never for a mean. -#}
{% macro place_of_band(band) -%}
case {{ band }}{% for each in plumbline.compared_bands() %} when '{{ each }}' then {{ loop.index }}{% endfor %} end
{%- endmacro %}

{#- The codes of a piece of moderated work that have no one band on the trust's scale. -#}
{% macro codes_without_band() -%}
concat_ws(
    ', ', case when judged_band is null then judged_code end,
    case when moderated_band is null and moderated_code is distinct from judged_code then moderated_code end
)
{%- endmacro %}

{#-
    Rows of pairs once for each unit they are in: the school, its cluster where `clusters`, and the trust where they
    count there. `rows` holds urn and counts_at_trust, and cluster where asked.
-#}
{% macro pairs_by_unit(rows, clusters=false) -%}
select
    'School' as geography,
    urn as unit_code,
    *
from {{ rows }}
{%- if clusters %}
union all
select
    'Cluster' as geography,
    cluster as unit_code,
    *
from {{ rows }}
where cluster is not null and counts_at_trust
{%- endif %}
union all
select
    'MAT' as geography,
    trust.group_id as unit_code,
    {{ rows }}.*
from {{ rows }}
cross join {{ ref('stg_trust') }} as trust
where {{ rows }}.counts_at_trust
{%- endmacro %}

{#-
    The difference of two shares of the same n pupils: Newcombe 1998, Improved confidence intervals for the difference
    between binomial proportions based on paired data, Statistics in Medicine 17, 2635-2650, method 10. With Wilson's
    limits l1, u1 of the first share p1 and l2, u2 of the second p2:
        (p1 - p2) - sqrt((p1 - l1)^2 - 2 phi (p1 - l1) (u2 - p2) + (u2 - p2)^2)
        (p1 - p2) + sqrt((u1 - p1)^2 - 2 phi (u1 - p1) (p2 - l2) + (p2 - l2)^2)
    as proportions. `phi` (see paired_phi) is how far the two go together; at 0 this is the interval of two separate
    groups (difference_lower).
-#}
{% macro paired_lower(share_1, lower_1, share_2, upper_2, phi) -%}
{{ share_1 }} - {{ share_2 }} - {{ plumbline.paired_reach(share_1 ~ ' - ' ~ lower_1, upper_2 ~ ' - ' ~ share_2, phi) }}
{%- endmacro %}

{% macro paired_upper(share_1, upper_1, share_2, lower_2, phi) -%}
{{ share_1 }} - {{ share_2 }} + {{ plumbline.paired_reach(upper_1 ~ ' - ' ~ share_1, share_2 ~ ' - ' ~ lower_2, phi) }}
{%- endmacro %}

{% macro paired_reach(one, other, phi) -%}
sqrt(greatest(
    0.0e0, power({{ one }}, 2) - 2 * {{ phi }} * ({{ one }}) * ({{ other }}) + power({{ other }}, 2)
))
{%- endmacro %}

{#-
    The phi of method 10, from the counts both, first only, second only, neither (a, b, c, d): of q = ad - bc the part
    above n / 2 where it is above, q where it is below 0, else 0; over sqrt((a+b)(c+d)(a+c)(b+d)). 0 where one of those
    sums is 0.
-#}
{% macro paired_phi(both, first_only, second_only, neither) -%}
{%- set exact = 'cast({} as double)' -%}
{%- set a, b = exact.format(both), exact.format(first_only) -%}
{%- set c, d = exact.format(second_only), exact.format(neither) -%}
{%- set q = '(' ~ a ~ ' * ' ~ d ~ ' - ' ~ b ~ ' * ' ~ c ~ ')' -%}
{%- set half = '(' ~ a ~ ' + ' ~ b ~ ' + ' ~ c ~ ' + ' ~ d ~ ') / 2' -%}
coalesce(
    case when {{ q }} < 0 then {{ q }} else greatest(0.0e0, {{ q }} - {{ half }}) end
    / nullif(sqrt(({{ a }} + {{ b }}) * ({{ c }} + {{ d }}) * ({{ a }} + {{ c }}) * ({{ b }} + {{ d }})), 0),
    0.0e0
)
{%- endmacro %}

{#-
    McNemar's exact test, two-sided: of n = b + c pupils on whom the two differ, were b and c as likely as heads and
    tails? p = min(1, 2 * sum over i = 0 .. min(b, c) of n! / (i! (n - i)!) / 2^n); 1 where they differ on nobody.
    Dispatched: engines write lists their own way. The terms are added in their order, so that threads change no digit.
-#}
{% macro mcnemar_p(first_only, second_only) %}{{ return(adapter.dispatch('mcnemar_p', 'plumbline')(first_only, second_only)) }}{% endmacro %}

{% macro duckdb__mcnemar_p(first_only, second_only) -%}
{%- set n = '(' ~ first_only ~ ' + ' ~ second_only ~ ')' -%}
case
    when {{ n }} = 0 then 1.0e0
    else least(1.0e0, 2 * list_sum(list_transform(
        range(0, least({{ first_only }}, {{ second_only }}) + 1),
        lambda i : exp(
            lgamma({{ n }} + 1) - lgamma(i + 1) - lgamma({{ n }} - i + 1) - {{ n }} * ln(2.0e0)
        )
    )))
end
{%- endmacro %}

{#-
    Cohen's kappa over the bands, unweighted or with weights |i - j| ('linear') or (i - j)^2 ('quadratic'):
        1 - n * sum of w O / sum of w (row total) (column total)
    (Cohen 1960, 1968), which for the unweighted one, with w = 1 off the diagonal, is (po - pe) / (1 - pe). NULL where
    all pupils are in one cell, for nothing can be said then. `cell` is the name of a count by its two places, as
    cell_2_3; `judged` and `moderated` those of the totals, as judged_2. All counts are whole numbers: exact up to the
    one division.
-#}
{% macro kappa(weights) -%}
{%- set seen, by_chance = [], [] -%}
{%- for i in range(1, 5) -%}
    {%- for j in range(1, 5) if i != j -%}
        {%- set weight = {'none': 1, 'linear': (i - j) | abs, 'quadratic': (i - j) ** 2}[weights] -%}
        {%- do seen.append(weight ~ ' * cell_' ~ i ~ '_' ~ j) -%}
        {%- do by_chance.append(weight ~ ' * judged_' ~ i ~ ' * moderated_' ~ j) -%}
    {%- endfor -%}
{%- endfor -%}
1 - cast(pairs * ({{ seen | join(' + ') }}) as double)
    / cast(nullif({{ by_chance | join(' + ') }}, 0) as double)
{%- endmacro %}
