-- Grain: one row per pupil, school and academic year (or no year) of which a pupil record is live.
-- The record that stands where several say it: the latest to arrive, then the lowest in its file.
with ranked as (
    select
        pupils.*,
        row_number() over (
            partition by pupils.pupil_key, pupils.urn, pupils.academic_year
            order by receipts.arrival desc nulls last, pupils.file_row desc, pupils.record_id desc
        ) as place
    from {{ ref('stg_pupils') }} as pupils
    left join {{ ref('stg_receipts') }} as receipts
        on
            pupils.urn = receipts.urn
            and pupils.receipt_id = receipts.receipt_id
)

select
    pupil_key,
    urn,
    academic_year,
    year_group,
    sex,
    enrolment_status,
    start_date,
    end_date,
    age_at_start
from ranked
where place = 1
