-- Numbers in words are rounded half away from zero, as a person rounds, whatever the engine does with doubles.
with vectors as (
    select
        examples.number,
        examples.places,
        examples.expected
    from (
        values
        (cast(0.05 as double), 1, '0.1'),
        (cast(2.675 as double), 2, '2.68'),
        (cast(1.005 as double), 2, '1.01'),
        (cast(0.5 as double), 0, '1'),
        (cast(1.5 as double), 0, '2'),
        (cast(2.5 as double), 0, '3'),
        (cast(-0.5 as double), 0, '-1'),
        (cast(-2.25 as double), 1, '-2.3'),
        (cast(-0.04 as double), 1, '0.0'),
        (cast(0 as double), 2, '0.00'),
        (cast(0.004 as double), 2, '0.00'),
        (cast(99.95 as double), 1, '100.0'),
        (cast(57.1428571428571 as double), 4, '57.1429'),
        (cast(1234567.891 as double), 1, '1234567.9')
    ) as examples (number, places, expected)
)

select *
from (
    select
        *,
        {{ number_words('number', 'places') }} as words
    from vectors
) as answered
where words <> expected or words is null
