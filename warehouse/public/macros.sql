-- Macros that views build on, and those an analyst calls. Days count by our first reading.

-- Folded words of a text, joined by single spaces: spellings that readers take for one word become one. Generated
-- from the fold table that hashing and matching use; for comparing, never for showing.
create or replace macro ar_fold(text) as
trim(regexp_replace(
    translate(
        regexp_replace(
            -- Of a literal both branches are computed, so the dear one is given nothing where it is not taken.
            case
                when regexp_matches(text, '[$ligatures]') then array_to_string(
                    list_transform(
                        regexp_extract_all(if(regexp_matches(text, '[$ligatures]'), text, ''), '(?s).'),
                        lambda c: coalesce(map($ligature_keys, $ligature_values)[c], c)
                    ),
                    ''
                )
                else text
            end,
            '[$deleted]', '', 'g'
        ),
        '$translated_from', '$translated_to'
    ),
    '[^$kept]+', ' ', 'g'
), ' ');

-- Lower end of the 95 % interval (Wilson 1927) of a share of `part` in `n`; null where n is 0 or part
-- not within it.
create or replace macro wilson_low(part, n) as
case when n > 0 and part between 0 and n then greatest(0, (
    part / n + 1.9208 / n
    - 1.96 * sqrt(greatest(0, part / n * (1 - part / n)) / n + 0.9604 / n / n)
) / (1 + 3.8416 / n)) end;

-- Upper end of the 95 % interval (Wilson 1927) of a share of `part` in `n`; null where n is 0 or part
-- not within it.
create or replace macro wilson_high(part, n) as
case when n > 0 and part between 0 and n then least(1, (
    part / n + 1.9208 / n
    + 1.96 * sqrt(greatest(0, part / n * (1 - part / n)) / n + 0.9604 / n / n)
) / (1 + 3.8416 / n)) end;

-- A number of days as an analyst asks for it, whole and at least 1; any other is an error that says so.
create or replace macro core.asked_days(days) as
case
    when try_cast(days as double) >= 1 and try_cast(days as double) = floor(try_cast(days as double))
    then least(try_cast(days as double), 36600)::integer
    else error('days: a whole number from 1 on, such as 7, not ' || coalesce(days::varchar, 'null'))
end;

-- The day of a time zone that holds an instant. For UTC the engine need not look the zone up: a tenth of the time.
create or replace macro core.day_in(instant, zone) as
case when zone = 'UTC' then make_timestamp(epoch_us(instant))::date else (instant at time zone zone)::date end;

-- The name of a time zone as an analyst asks for it; null is an error that says so, as a wrong name is one of the engine.
create or replace macro core.asked_zone(zone) as
coalesce(zone, error('zone: the name of a time zone, such as UTC or Asia/Riyadh, not null'));

-- A listed name as an analyst asks for it; null is an error that says so.
create or replace macro core.asked_name(told) as
coalesce(told, error('name: a listed name, in any spelling, not null'));

-- Every day of a time zone that counts, with news or without: day_on. The last is today (core.span).
create or replace macro core.calendar_in(zone) as table
select
    unnest(generate_series(
        core.day_in(first_at, core.asked_zone(zone)), core.day_in(last_at, zone), interval 1 day
    ))::date as day_on
from core.span;

-- Today, as a UTC day: the last that counts.
create or replace macro core.today() as
(select core.day_in(max(last_at), 'UTC') from core.span);

-- Start of the last `days` UTC days. What is held against it as it was stored, with no day made of it, is not read
-- where it is older.
create or replace macro core.last_days_start(days) as
(core.today() - days + 1)::timestamp at time zone 'UTC';

-- Whether an instant lies in the last `days` UTC days.
create or replace macro core.in_last_days(instant, days) as
instant >= core.last_days_start(core.asked_days(days)) and instant < core.last_days_start(0);

-- Ids of the listed entities that a name, spelling or id points at: entity_id.
create or replace macro core.entity_ids(entity) as table
select distinct entity_id
from core.spelling
where entity_id = entity or words = ar_fold(entity);
