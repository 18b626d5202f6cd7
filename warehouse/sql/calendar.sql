-- name: create_calendar
-- Days by which entries count, a row a batch and day: what the calendar is made from, so that no entry is read for it.
create table core.entry_day (
    batch bigint,           -- ledger sequence
    day_on date,            -- UTC
    first_at timestamptz,   -- earliest of entry.counted_at that day
    last_at timestamptz,    -- latest of entry.counted_at that day
    is_dated boolean        -- an outlet dated an entry of that day within a week of our reading: our clock was right
);

-- Spans of time whose days are counted, the last of them up to today; between them nothing was watched for a quarter.
create table core.span (
    first_at timestamptz,   -- a day is counted from the one that holds this
    last_at timestamptz     -- to the one that holds this
);

-- name: append_entry_days
insert into core.entry_day
select
    batch, make_timestamp(epoch_us(counted_at))::date as day_on, min(counted_at), max(counted_at),
    coalesce(bool_or(counted_at = seen_at and abs(epoch(published_at - seen_at)) < $dated_seconds), false)
from source.core.entry
where counted_at is not null and batch > (select batch from core.publication)
group by batch, day_on

-- name: remove_spans
delete from core.span

-- name: append_spans
-- Today is the day of the newest batch, unless a clock was wrong: days apart from all others are borne out by outlets
-- that date entries alike, or by being more than two. What lies after today does not count, however it came there.
insert into core.span
with day as (
    select day_on, min(first_at) as first_at, max(last_at) as last_at, bool_or(is_dated) as is_dated
    from (
        select day_on, first_at, last_at, is_dated from core.entry_day
        union all
        select (written_at at time zone 'UTC')::date, written_at, written_at, false from core.ledger
    )
    group by day_on
),
parted as (
    select *, sum(is_apart) over (order by day_on) as run
    from (
        select *, coalesce(day_on - lag(day_on) over (order by day_on) > $apart_days, false)::integer as is_apart
        from day
    )
),
sure as (
    select day_on
    from parted
    qualify bool_or(is_dated) over (partition by run) or count(*) over (partition by run) > 2
),
today as (
    select (written_at at time zone 'UTC')::date as day_on
    from core.ledger
    order by (written_at at time zone 'UTC')::date in (select day_on from sure) desc, batch desc
    limit 1
),
spanned as (
    select *, sum(is_gap) over (order by day_on) as span
    from (
        select *, coalesce(day_on - lag(day_on) over (order by day_on) > $gap_days, false)::integer as is_gap
        from day
        where day_on <= (select day_on from today)
    )
)
select min(first_at), max(last_at)
from spanned
group by span
