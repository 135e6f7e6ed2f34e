-- Curriculum statements a teacher judges, the trust's and schools' own: a row a version. `statement_key` and `text_key`
-- are what an export's wording is known by; `links_to_key` is the trust's statement a school's own also counts as.
select
    owner,
    framework,
    version,
    statement,
    text,
    subject,
    year_group,
    strand,
    nullif(trim(exemplification), '') as exemplification,
    links_to,
    {{ label_key('statement') }} as statement_key,
    {{ label_key('text') }} as text_key,
    {{ label_key('links_to') }} as links_to_key,
    cast(valid_from as date) as valid_from,
    coalesce(cast(valid_to as date), cast('9999-12-31' as date)) as holds_until
from {{ source('config', 'statements') }}
