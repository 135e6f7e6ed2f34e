-- Subjects collected in each window.
select
    window_name,
    subject
from {{ source('config', 'window_subjects') }}
