{{ config(meta={'dagster': {'ref': {'name': 'published_trust_files'}}}) }}
-- Files of several schools: each row is layout, a school's or nobody's, and nobody's rows are those the ledger counts.
with files as (
    select
        sum(rows_of_no_school) as rows_of_no_school,
        sum(case when rows_total = rows_layout + rows_of_schools + rows_of_no_school then 0 else 1 end) as files_wrong
    from {{ ref('published_trust_files') }}
),

ledger as (
    select sum(records) as rows_counted
    from {{ ref('published_ledger') }}
    where urn = '_trust'
)

select
    files.files_wrong,
    files.rows_of_no_school,
    ledger.rows_counted
from files
cross join ledger
where
    coalesce(files.files_wrong, 0) > 0
    or coalesce(files.rows_of_no_school, 0) <> coalesce(ledger.rows_counted, 0)
