-- name: create_calendar
-- Days by which entries count, a row a batch and day: what the calendar is made from, so that no entry is read for it.
create table core.entry_day (
    batch bigint,           -- ledger sequence
    day_on date,            -- UTC
    first_at timestamptz,   -- earliest of entry.counted_at that day
    last_at timestamptz,    -- latest of entry.counted_at that day
    is_dated boolean        -- an outlet dated an entry within a week of our reading, so our clock was right; null: no dates
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
    bool_or(abs(epoch(published_at - seen_at)) < $dated_days * 86400) filter (where counted_at = seen_at)
from source.core.entry
where counted_at is not null and batch > (select batch from core.publication)
group by batch, day_on

-- name: remove_spans
delete from core.span

-- name: append_spans
-- Today is the day of the newest batch whose clock is believed, or of the newest where none is (decisions/0020). What lies
-- after today does not count, however it came there.
insert into core.span
with day as (
    select
        day_on, min(first_at) as first_at, max(last_at) as last_at, bool_or(is_dated) as is_dated,
        bool_or(has_entries) as has_entries
    from (
        select day_on, first_at, last_at, is_dated, true as has_entries from core.entry_day
        union all
        select (written_at at time zone 'UTC')::date, written_at, written_at, null, false from core.ledger
    )
    group by day_on
),
paused as (
    select *, day_on - lag(day_on) over (order by day_on) as pause_days
    from day
),
parted as (
    select *, sum((coalesce(pause_days, 0) > $apart_days)::integer) over (order by day_on) as run
    from paused
),
sure as (
    -- Days one after the other that outlets' dates bear out, that are more than two, or whose entries bear no dates at
    -- all and come within a quarter of the day before them.
    select day_on
    from parted
    window of_run as (partition by run)
    qualify coalesce(bool_or(is_dated) over of_run, false) or count(*) over of_run > 2 or (
        bool_or(is_dated) over of_run is null and bool_or(has_entries) over of_run
        and coalesce(max(pause_days) over of_run, 0) <= $gap_days
    )
),
dated as (
    select batch, max(day_on) as day_on
    from core.entry_day
    where is_dated
    group by batch
),
turned as (
    -- The newest of three days that were borne out one after the other: one alone takes back none before it.
    select batch, max(day_on) over (order by batch rows 2 preceding) as day_on
    from (select * from dated qualify day_on is distinct from lag(day_on) over (order by batch))
),
reached as (
    -- Time does not go back: what batches up to this one were borne out by, less what their dates leave open.
    select
        ledger.batch, (ledger.written_at at time zone 'UTC')::date as day_on,
        greatest(last_value(turned.day_on ignore nulls) over (order by ledger.batch) - $dated_days, $begun_on::date)
            as since_on
    from core.ledger as ledger
    left join turned on turned.batch = ledger.batch
),
today as (
    select day_on
    from reached
    order by (day_on >= since_on and day_on in (select day_on from sure)) desc, batch desc
    limit 1
),
spanned as (
    select *, sum((coalesce(pause_days, 0) > $gap_days)::integer) over (order by day_on) as span
    from paused
    where day_on <= (select day_on from today)
)
select min(first_at), max(last_at)
from spanned
group by span
