-- What grows and falls: daily views on a calendar, and the macros that take a zone, an entity or a speaker.

-- Mean of a count a day in the 7 days that end with each day of a series; a day a row.
create or replace macro core.week_mean(day_count, day_on) as
avg(day_count) over (order by day_on range between interval 6 days preceding and current row);

-- Those 7 days against the 7 before, 0.5 = half as many again; null where there were none or not all of them count.
create or replace macro core.week_change(day_count, day_on) as
case when count(*) over (order by day_on range between interval 13 days preceding and current row) = 14 then
    sum(day_count) over (order by day_on range between interval 6 days preceding and current row)
    / nullif(sum(day_count) over (
        order by day_on range between interval 13 days preceding and interval 7 days preceding
    ), 0) - 1
end;

-- Coverage by day of a time zone ('Asia/Riyadh'): day_on, article_count (copies included, seed texts not), own_count
-- (without copies), story_count (stories with an article that day), outlet_count, entry_count (all entries of all
-- feeds that day: the denominator), share (article_count / entry_count, at most 1, as what is pasted has no entry; null
-- where nothing was sighted), share_low and share_high (its 95 % interval), mean_count (articles a day in the 7 days that
-- end with it), week_change (those 7 days against the 7 before, 0.5 = half as many again; null where there were none or
-- the calendar is shorter).
create or replace macro daily_coverage_in(zone) as table
with articles_of as (
    select
        core.day_in(first_seen_at, zone) as day_on,
        count(*) as article_count,
        count(*) filter (where not is_copy) as own_count,
        count(distinct story_id) as story_count,
        count(distinct outlet_id) as outlet_count
    from core.news_article
    group by 1
),
entries_of as (
    select core.day_in(counted_at, zone) as day_on, count(*) as entry_count
    from core.entry
    group by 1
),
series as (
    select
        days.day_on,
        coalesce(article_count, 0) as article_count,
        coalesce(own_count, 0) as own_count,
        coalesce(story_count, 0) as story_count,
        coalesce(outlet_count, 0) as outlet_count,
        coalesce(entry_count, 0) as entry_count
    from core.calendar_in(zone) as days
    left join articles_of on articles_of.day_on = days.day_on
    left join entries_of on entries_of.day_on = days.day_on
)
select
    *,
    least(article_count, entry_count) / nullif(entry_count, 0) as share,
    wilson_low(least(article_count, entry_count), entry_count) as share_low,
    wilson_high(least(article_count, entry_count), entry_count) as share_high,
    core.week_mean(article_count, day_on) as mean_count,
    core.week_change(article_count, day_on) as week_change
from series
order by day_on;

-- Coverage by UTC day, every day that counts up to today: days of a pause shorter than a quarter too.
create or replace view daily_coverage as
select
    day_on,             -- UTC day, by our first reading
    article_count,      -- articles, copies included, repeated seed texts not
    own_count,          -- of those, not copies
    story_count,        -- stories with an article that day
    outlet_count,       -- publishers with an article that day
    entry_count,        -- entries of all feeds sighted that day, on the topic or not
    share,              -- article_count / entry_count, at most 1; null where nothing was sighted
    share_low,          -- lower end of its 95 % interval (Wilson)
    share_high,         -- upper end of its 95 % interval (Wilson)
    mean_count,         -- articles a day in the 7 days that end with it
    week_change         -- those 7 days against the 7 before, 0.5 = half as many again; null where there were none
from daily_coverage_in('UTC');

-- In how many articles each listed entity is named, by day of a time zone, every day counted, repeated seed texts not:
-- day_on, entity_id, name, name_ar, type, mention_count (spans), article_count.
create or replace macro daily_entities_in(zone) as table
with counted as (
    select
        core.day_in(first_seen_at, zone) as day_on, entity_id,
        count(*) as mention_count, count(distinct article_id) as article_count
    from core.news_mention
    where entity_id is not null
    group by 1, 2
),
spine as (
    select calendar.day_on, named.entity_id
    from core.calendar_in(zone) as calendar
    cross join (select distinct entity_id from counted) as named
)
select
    spine.day_on, spine.entity_id, entities.name, entities.name_ar, entities.type,
    coalesce(counted.mention_count, 0) as mention_count,
    coalesce(counted.article_count, 0) as article_count
from spine
left join counted on counted.day_on = spine.day_on and counted.entity_id = spine.entity_id
left join entities on entities.entity_id = spine.entity_id;

-- In how many articles each listed entity is named, by UTC day, every day counted; repeated seed texts are not.
create or replace view daily_entities as
select
    day_on,         -- UTC day, by our first reading
    entity_id,      -- listed name
    name,           -- English canonical name
    name_ar,        -- Arabic name
    type,           -- PER, GPE, LOC, ORG, WEAPON, LAW
    mention_count,  -- spans
    article_count   -- articles that name it
from daily_entities_in('UTC');

-- Where each listed speaker stood, by day of a time zone, every day counted, repeated seed texts not: day_on,
-- speaker_id, speaker, target, supportive_count, opposed_count, neutral_count (statements), article_count.
create or replace macro daily_stance_in(zone) as table
with counted as (
    select
        core.day_in(first_seen_at, zone) as day_on, speaker_id, target,
        count(*) filter (where stance = 'supportive') as supportive_count,
        count(*) filter (where stance = 'opposed') as opposed_count,
        count(*) filter (where stance = 'neutral') as neutral_count,
        count(distinct article_id) as article_count
    from core.news_statement
    where speaker_id is not null
    group by 1, 2, 3
),
spine as (
    select calendar.day_on, said.speaker_id, said.target
    from core.calendar_in(zone) as calendar
    cross join (
        select distinct speaker_id, target from core.news_statement where speaker_id is not null
    ) as said
)
select
    spine.day_on, spine.speaker_id, entities.name as speaker, spine.target,
    coalesce(counted.supportive_count, 0) as supportive_count,
    coalesce(counted.opposed_count, 0) as opposed_count,
    coalesce(counted.neutral_count, 0) as neutral_count,
    coalesce(counted.article_count, 0) as article_count
from spine
left join counted
on  counted.day_on = spine.day_on and counted.speaker_id = spine.speaker_id and counted.target = spine.target
left join entities on entities.entity_id = spine.speaker_id;

-- Where each listed speaker stood, by UTC day, every day counted; repeated seed texts are not.
create or replace view daily_stance as
select
    day_on,             -- UTC day, by our first reading
    speaker_id,         -- listed name
    speaker,            -- English canonical name
    target,             -- target of the topic
    supportive_count,   -- statements
    opposed_count,      -- statements
    neutral_count,      -- statements
    article_count       -- articles that quote the speaker so
from daily_stance_in('UTC');

-- Articles that name an entity (id, name or any spelling; one that is not listed is an error that tells the nearest), by
-- day of a time zone (UTC), the last `days` days up to the last run: day_on, article_count (repeated seed texts not counted), mean_count (articles a day in the 7 days that end
-- with it), week_change (those 7 days against the 7 before, 0.5 = half as many again; null where there were none).
create or replace macro trend(entity, days, zone := 'UTC') as table
with counted as (
    select core.day_in(first_seen_at, zone) as day_on, count(distinct article_id) as article_count
    from core.named_between(
        core.last_days_start(core.asked_days(days) + 15),  -- two weeks to compare with, a day for the zone
        'infinity'::timestamptz, core.asked_name(entity)
    )
    group by 1
),
series as (
    select calendar.day_on, coalesce(counted.article_count, 0) as article_count
    from core.calendar_in(zone) as calendar
    left join counted on counted.day_on = calendar.day_on
),
smoothed as (
    select
        day_on, article_count,
        core.week_mean(article_count, day_on) as mean_count,
        core.week_change(article_count, day_on) as week_change
    from series
)
select *
from smoothed
where day_on > (select max(smoothed.day_on) from smoothed) - core.asked_days(days)
order by day_on;

-- Listed names of the last `days` days against as many days before, what rises most first: entity_id, name, name_ar,
-- article_count, n (all articles of these days), share, share_low and share_high (its 95 % interval), before_count,
-- before_n, before_share, before_low and before_high, change (share against the share before, 1 = twice; null where it
-- was not named), is_clear (the intervals do not meet), direction (up, down or, where it is not clear, same).
create or replace macro rising(days := 7) as table
with news as (
    select core.in_last_days(first_seen_at, days) as is_recent, count(*) as n
    from core.news_article
    where core.in_last_days(first_seen_at, 2 * core.asked_days(days))
    group by is_recent
),
named as (
    select
        entity_id,
        count(distinct article_id) filter (where core.in_last_days(first_seen_at, days)) as article_count,
        count(distinct article_id) filter (where not core.in_last_days(first_seen_at, days)) as before_count
    from core.news_mention
    where entity_id is not null and core.in_last_days(first_seen_at, 2 * core.asked_days(days))
    group by entity_id
),
shared as (
    select
        named.*,
        coalesce((select n from news where is_recent), 0) as n,
        coalesce((select n from news where not is_recent), 0) as before_n
    from named
),
judged as (
    select
        *, article_count / nullif(n, 0) as share, before_count / nullif(before_n, 0) as before_share,
        wilson_low(article_count, n) as share_low, wilson_high(article_count, n) as share_high,
        wilson_low(before_count, before_n) as before_low, wilson_high(before_count, before_n) as before_high
    from shared
)
select
    judged.entity_id, entities.name, entities.name_ar, article_count, n, share, share_low, share_high,
    before_count, before_n, before_share, before_low, before_high,
    share / nullif(before_share, 0) - 1 as change,
    coalesce(share_low > before_high or share_high < before_low, false) as is_clear,
    case when share_low > before_high then 'up' when share_high < before_low then 'down' else 'same' end as direction
from judged
left join entities on entities.entity_id = judged.entity_id
order by share - coalesce(before_share, 0) desc nulls last, judged.entity_id;

-- Share of voice by publisher in the last `days` days: outlet_id, outlet, country, article_count (copies included, seed
-- texts not), own_count (without copies), n (articles of all publishers), share, share_low and share_high (its 95 %
-- interval). With an entity (id, name or any spelling; else an error that tells the nearest) only articles that name it
-- count, n too.
create or replace macro share_of_voice(days, entity := null) as table
with news as (
    select *
    from core.news_between(core.last_days_start(core.asked_days(days)), core.last_days_start(0))
    where (entity is null or id in (
        select article_id
        from mentions
        where entity_id in (select entity_id from core.listed_ids(entity))
        and core.in_last_days(first_seen_at, days)
    ))
),
counted as (
    select
        outlet_id, any_value(outlet) as outlet, any_value(country) as country, count(*) as article_count,
        count(*) filter (where not is_copy) as own_count, sum(count(*)) over () as n
    from news
    group by outlet_id
)
select
    outlet_id, outlet, country, article_count, own_count, n::bigint as n, article_count / n as share,
    wilson_low(article_count, n) as share_low, wilson_high(article_count, n) as share_high
from counted
order by article_count desc, outlet_id;

-- Entities named in the same articles as an entity (id, name or any spelling; one that is not listed is an error that
-- tells the nearest) within the last `days` days: entity_id,
-- name, article_count (copies included, seed texts not), n (articles that name the one asked for), share, share_low and
-- share_high (its 95 % interval).
create or replace macro cooccurrence(entity, days) as table
with named as materialized (
    select distinct article_id
    from core.news_mention
    where entity_id in (select entity_id from core.listed_ids(core.asked_name(entity)))
    and core.in_last_days(first_seen_at, days)
),
counted as (
    select
        other.entity_id, count(distinct other.article_id) as article_count, (select count(*) from named) as n
    from core.news_mention as other
    semi join named on named.article_id = other.article_id
    where other.entity_id is not null and other.entity_id not in (select entity_id from core.entity_ids(entity))
    and core.in_last_days(other.first_seen_at, days)
    group by other.entity_id
)
select
    counted.entity_id, entities.name, article_count, n, article_count / n as share,
    wilson_low(article_count, n) as share_low, wilson_high(article_count, n) as share_high
from counted
left join entities on entities.entity_id = counted.entity_id
order by article_count desc, counted.entity_id;

-- Speakers that no list knows, as texts name them, whose words a name points at: surface; an error where there are none and
-- nothing listed is called so either.
create or replace macro core.spoken_by(speaker) as table
select surface
from core.speaker_spelling
where words = ar_fold(speaker)
union all
select core.unlisted(speaker)
where not exists (from core.entity_ids(core.asked_name(speaker)))
and not exists (from core.speaker_spelling where words = ar_fold(speaker));

-- What a speaker (id, name, any spelling, or the words of the text) said within the last `days` days, newest first:
-- first_seen_at, stance, target, evidence, attribution, confidence, article_id; repeated seed texts are left out. Of
-- whom no text and no list knows, it is an error that tells the nearest names.
create or replace macro stance_of(speaker, days) as table
select
    said.first_seen_at, said.stance, said.target, said.evidence, said.attribution, said.confidence, said.article_id
from core.news_statement as said
where (
    said.speaker_id in (select entity_id from core.entity_ids(speaker))
    or said.speaker in (select surface from core.spoken_by(speaker))
)
and core.in_last_days(said.first_seen_at, days)
order by said.first_seen_at desc, said.article_id, said.start_char;
