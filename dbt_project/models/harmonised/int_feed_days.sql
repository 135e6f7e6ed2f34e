-- Grain: one row per receipt whose format is a dated feed of its school, and day on which that feed holds.
-- Only schools that change system in mid-year have feeds (trust.yml): other receipts hold on every day, and have no
-- row here.
select distinct
    receipts.urn,
    receipts.receipt_id,
    days.session_date
from {{ ref('stg_feeds') }} as feeds
inner join {{ ref('stg_receipts') }} as receipts
    on
        feeds.urn = receipts.urn
        and feeds.format = receipts.format
inner join {{ ref('int_school_days') }} as days
    on
        feeds.urn = days.urn
        and (feeds.valid_from is null or feeds.valid_from <= days.session_date)
        and (feeds.valid_to is null or feeds.valid_to >= days.session_date)
