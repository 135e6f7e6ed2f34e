-- Grain: one row per phase, academic year, window, year group, owner, framework, subject and statement.
-- The curriculum statements that hold at the close of each window, in the version of that day: what pupils of the year
-- group are to be secure in by then. A statement is known by its name: an amended one is the same statement in a new
-- version, so that old windows keep the old one. A school's own that links to a trust's counts as that one too.
with holding as (
    select
        windows.phase,
        windows.academic_year,
        windows.window_name,
        windows.opens,
        windows.closes,
        statements.owner,
        statements.framework,
        statements.version,
        statements.statement,
        statements.statement_key,
        statements.links_to_key,
        statements.text,
        statements.subject,
        statements.year_group,
        statements.strand,
        statements.exemplification,
        row_number() over (
            partition by
                windows.phase, windows.academic_year, windows.window_name, statements.owner, statements.framework,
                statements.subject, statements.year_group, statements.statement
            order by statements.valid_from desc, statements.version desc
        ) as place
    from {{ ref('stg_windows') }} as windows
    inner join {{ ref('stg_statements') }} as statements
        on
            windows.year_group = statements.year_group
            and windows.closes between statements.valid_from and statements.holds_until
),

due as (
    select * from holding
    where place = 1
),

-- Where several sets of the trust's have a statement of that name, the school's own set comes first.
linked as (
    select
        due.phase,
        due.academic_year,
        due.window_name,
        due.owner,
        due.framework,
        due.subject,
        due.year_group,
        due.statement,
        trusts.framework as trust_framework,
        trusts.statement as trust_statement,
        row_number() over (
            partition by
                due.phase, due.academic_year, due.window_name, due.owner, due.framework, due.subject, due.year_group,
                due.statement
            order by case when due.framework = trusts.framework then 0 else 1 end, trusts.framework, trusts.statement
        ) as place
    from due
    inner join due as trusts
        on
            due.phase = trusts.phase
            and due.academic_year = trusts.academic_year
            and due.window_name = trusts.window_name
            and due.subject = trusts.subject
            and due.year_group = trusts.year_group
            and due.links_to_key = trusts.statement_key
    where due.owner <> 'trust' and trusts.owner = 'trust'
)

select
    due.phase,
    due.academic_year,
    due.window_name,
    due.opens,
    due.closes,
    due.year_group,
    due.owner,
    due.framework,
    due.subject,
    due.statement,
    due.version,
    due.text,
    due.strand,
    due.exemplification,
    linked.trust_framework,
    linked.trust_statement
from due
left join linked
    on
        due.phase = linked.phase
        and due.academic_year = linked.academic_year
        and due.window_name = linked.window_name
        and due.owner = linked.owner
        and due.framework = linked.framework
        and due.subject = linked.subject
        and due.year_group = linked.year_group
        and due.statement = linked.statement
        and linked.place = 1
