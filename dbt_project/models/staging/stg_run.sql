-- The run: its date (the only clock), contract and key.
select
    cast(as_of as date) as as_of,
    contract_version,
    key_id,
    cast(demo as boolean) as demo
from {{ source('config', 'run') }}
