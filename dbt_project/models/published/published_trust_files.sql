-- Grain: one row per file that holds several schools, as it arrived; a file that could not be opened has no hash.
-- Where its rows went. What became of the rows of a school stands in that school's receipt.
select
    file_name,
    file_sha256,
    first_seen_on,
    format,
    format_title,
    outcome,
    reason,
    remedy,
    schools,
    rows_total,
    rows_layout,
    rows_of_schools,
    rows_of_no_school
from {{ ref('stg_trust_files') }}
