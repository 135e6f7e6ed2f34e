-- Earlier pupil keys of pupils whose number changed, as each school's files say it.
select
    urn,
    former_key,
    pupil_key
from {{ source('findings', 'pupil_links') }}
