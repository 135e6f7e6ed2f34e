-- Grain: one row per school, day and kind of break.
-- Where a chart of a school's attendance draws a break, and the sentence that says why.
select
    breaks.urn,
    schools.name as school_name,
    breaks.academic_year,
    breaks.break_on,
    breaks.kind,
    breaks.words
from {{ ref('int_school_breaks') }} as breaks
inner join {{ ref('stg_schools') }} as schools
    on breaks.urn = schools.urn
