-- What grows and falls: daily views on a calendar, and the macros that take a zone, an entity or a speaker.

-- Coverage by day of a time zone ('Asia/Riyadh'): day_on, article_count (copies included, seed texts not), own_count
-- (without copies), story_count (stories with an article that day), outlet_count, entry_count (all entries of all
-- feeds that day: the denominator), share (article_count / entry_count, null where nothing was sighted).
create or replace macro daily_coverage_in(zone) as table
with days as (
    select unnest(generate_series(first_on, last_on, interval 1 day))::date as day_on
    from (
        select
            min((written_at at time zone zone)::date) as first_on,
            max((written_at at time zone zone)::date) as last_on
        from core.ledger
    )
    where first_on is not null
),
articles_of as (
    select
        (article.first_seen_at at time zone zone)::date as day_on,
        count(*) as article_count,
        count(*) filter (where coalesce(story.novelty, 'new') not in ('duplicate', 'excerpt')) as own_count,
        count(distinct story.story_id) as story_count,
        count(distinct article.outlet_id) as outlet_count
    from core.article as article
    left join core.current_story as story on story.article_id = article.id
    where not coalesce(story.repeats_seed, false)
    group by 1
),
entries_of as (
    select (seen_at at time zone zone)::date as day_on, count(*) as entry_count
    from core.entry
    group by 1
)
select
    days.day_on,
    coalesce(article_count, 0) as article_count,
    coalesce(own_count, 0) as own_count,
    coalesce(story_count, 0) as story_count,
    coalesce(outlet_count, 0) as outlet_count,
    coalesce(entry_count, 0) as entry_count,
    coalesce(article_count, 0) / nullif(entry_count, 0) as share
from days
left join articles_of on articles_of.day_on = days.day_on
left join entries_of on entries_of.day_on = days.day_on
order by days.day_on;

-- Coverage by UTC day, every day from the first ledger entry to the last counted.
create or replace view daily_coverage as
select
    day_on,             -- UTC day, by our first reading
    article_count,      -- articles, copies included, repeated seed texts not
    own_count,          -- of those, not copies
    story_count,        -- stories with an article that day
    outlet_count,       -- publishers with an article that day
    entry_count,        -- entries of all feeds sighted that day, on the topic or not
    share               -- article_count / entry_count; null where nothing was sighted
from daily_coverage_in('UTC');

-- In how many articles each listed entity is named, by UTC day, every day counted; repeated seed texts are not.
create or replace view daily_entities as
with counted as (
    select
        (first_seen_at at time zone 'UTC')::date as day_on, entity_id, count(*) as mention_count,
        count(distinct article_id) as article_count
    from core.news_mention
    where entity_id is not null
    group by 1, 2
),
spine as (
    select calendar.day_on, named.entity_id
    from core.calendar as calendar
    cross join (select distinct entity_id from counted) as named
)
select
    spine.day_on,                                       -- UTC day, by our first reading
    spine.entity_id,                                    -- listed name
    entities.name,                                      -- English canonical name
    entities.name_ar,                                   -- Arabic name
    entities.type,                                      -- PER, GPE, LOC, ORG, WEAPON, LAW
    coalesce(counted.mention_count, 0) as mention_count,    -- spans
    coalesce(counted.article_count, 0) as article_count     -- articles that name it
from spine
left join counted on counted.day_on = spine.day_on and counted.entity_id = spine.entity_id
left join entities on entities.entity_id = spine.entity_id;

-- Where each listed speaker stood, by UTC day, every day counted; repeated seed texts are not.
create or replace view daily_stance as
with counted as (
    select
        (first_seen_at at time zone 'UTC')::date as day_on, speaker_id, target,
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
    from core.calendar as calendar
    cross join (select distinct speaker_id, target from counted) as said
)
select
    spine.day_on,                                               -- UTC day, by our first reading
    spine.speaker_id,                                           -- listed name
    entities.name as speaker,                                   -- English canonical name
    spine.target,                                               -- target of the topic
    coalesce(counted.supportive_count, 0) as supportive_count,  -- statements
    coalesce(counted.opposed_count, 0) as opposed_count,        -- statements
    coalesce(counted.neutral_count, 0) as neutral_count,        -- statements
    coalesce(counted.article_count, 0) as article_count         -- articles that quote the speaker so
from spine
left join counted
on  counted.day_on = spine.day_on and counted.speaker_id = spine.speaker_id and counted.target = spine.target
left join entities on entities.entity_id = spine.speaker_id;

-- Days above what the 56 days before them let expect, for the topic as a whole and each listed entity: stories a day
-- against a negative binomial with weekday factor, two guard days between window and day. A day needs 5 stories and 3
-- outlets; with less than 14 days of history it needs 10 stories and three times the highest day. Repeated seed texts
-- are not counted. What is missing here and left to the alerts: days on which feeds failed or were added.
create or replace view spikes as
with told as (
    select 'topic' as subject, (article.first_seen_at at time zone 'UTC')::date as day_on,
        story.story_id, article.outlet_id
    from core.article as article
    join core.current_story as story on story.article_id = article.id
    where not story.repeats_seed
    union all
    select mention.entity_id, (mention.first_seen_at at time zone 'UTC')::date, story.story_id, article.outlet_id
    from core.news_mention as mention
    join core.article as article on article.id = mention.article_id
    join core.current_story as story on story.article_id = mention.article_id
    where mention.entity_id is not null
),
counted as (
    select subject, day_on, count(distinct story_id) as story_count, count(distinct outlet_id) as outlet_count
    from told
    group by subject, day_on
),
series as (
    select spine.subject, spine.day_on, coalesce(story_count, 0) as story_count, coalesce(outlet_count, 0) as outlet_count
    from (select day_on, subject from core.calendar cross join (select distinct subject from counted)) as spine
    left join counted on counted.subject = spine.subject and counted.day_on = spine.day_on
),
high as (
    select *
    from (
        select
            *,
            list({'day_on': day_on, 'story_count': story_count}) over (
                partition by subject order by day_on rows between 58 preceding and 3 preceding
            ) as before
        from series
    )
    where story_count >= 5 and outlet_count >= 3 and len(before) > 0
),
past as (
    select
        subject, day_on, outlet_count, story_count, len(before) as day_count,
        unnest(before).day_on as past_on, unnest(before).story_count as past_count
    from high
),
weekdays as (
    select
        *,
        avg(past_count) over whole as mean_count,
        max(past_count) over whole as highest_count,
        (sum(past_count) over weekday + 4 * avg(past_count) over whole)
            / nullif((count(*) over weekday + 4) * avg(past_count) over whole, 0) as past_factor
    from past
    window
        whole as (partition by subject, day_on),
        weekday as (partition by subject, day_on, dayofweek(past_on))
),
levelled as (
    select
        *,
        past_count / coalesce(past_factor, 1) as level,
        0.5 ** (datediff('day', past_on, day_on) / 28.0) as weight,
        median(past_count / coalesce(past_factor, 1)) over (partition by subject, day_on) as middle
    from weekdays
),
clipped as (
    select *, least(level, middle + 4.5 * greatest(1, sqrt(middle))) as height from levelled
),
fitted as (
    select
        subject, day_on, any_value(story_count) as story_count, any_value(outlet_count) as outlet_count,
        any_value(day_count) as day_count, any_value(highest_count) as highest_count,
        coalesce(any_value(past_factor) filter (where dayofweek(past_on) = dayofweek(day_on)), 1)
            * greatest(0.3, (sum(weight * height) + 0.5) / (sum(weight) + 1)) as expected,
        sum(weight * height * height) / sum(weight) - (sum(weight * height) / sum(weight)) ** 2 as variance
    from clipped
    group by subject, day_on
),
judged as (
    select
        *,
        greatest(1.15, least(8, variance / expected)) as spread,
        expected / (greatest(1.15, least(8, variance / expected)) - 1) as size
    from fitted
),
tailed as (
    select
        *,
        greatest(0, 1 - list_sum(list_transform(
            range(story_count),
            lambda k: exp(
                lgamma(k + size) - lgamma(size) - lgamma(k + 1) - size * ln(spread) + k * ln(1 - 1 / spread)
            )
        ))) as probability
    from judged
)
select
    subject,                                        -- 'topic', or entity_id of a listed name
    day_on,                                         -- UTC day, by our first reading
    story_count,                                    -- stories that day
    outlet_count,                                   -- publishers that day
    expected,                                       -- stories expected from the days before
    probability,                                    -- of as many or more by chance
    case
        when probability < 0.001 and story_count >= 1.5 * expected + 2 then 'alert' else 'watch'
    end as level                                    -- alert below 0.001 and clearly higher, else watch
from tailed
where case
    when day_count >= 14 then probability < 0.01
    else story_count >= 10 and story_count >= 3 * highest_count
end;

-- Ids of the listed entities that a name, spelling or id points at: entity_id.
create or replace macro core.entity_ids(entity) as table
select distinct entity_id
from core.spelling
where entity_id = entity or words = ar_fold(entity);

-- Articles that name an entity (id, name or any spelling), by UTC day of the last `days` days up to the last run:
-- day_on, article_count (repeated seed texts not counted), mean_count (of the 7 days that end with it).
create or replace macro trend(entity, days) as table
with counted as (
    select (first_seen_at at time zone 'UTC')::date as day_on, count(distinct article_id) as article_count
    from core.news_mention
    where entity_id in (select entity_id from core.entity_ids(entity))
    group by 1
),
series as (
    select calendar.day_on, coalesce(counted.article_count, 0) as article_count
    from core.calendar as calendar
    left join counted on counted.day_on = calendar.day_on
)
select day_on, article_count, mean_count
from (
    select
        day_on, article_count,
        avg(article_count) over (order by day_on rows between 6 preceding and current row) as mean_count
    from series
)
where day_on > (select max(day_on - days::integer) from core.calendar)
order by day_on;

-- Entities named in the same articles as an entity (id, name or any spelling) within the last `days` days:
-- entity_id, name, article_count (repeated seed texts not counted).
create or replace macro cooccurrence(entity, days) as table
with window_of as (
    select distinct article_id, entity_id
    from core.news_mention
    where entity_id is not null
    and (first_seen_at at time zone 'UTC')::date > (select max(day_on - days::integer) from core.calendar)
)
select other.entity_id, any_value(entities.name) as name, count(distinct other.article_id) as article_count
from window_of as one
join window_of as other on other.article_id = one.article_id and other.entity_id <> one.entity_id
left join entities on entities.entity_id = other.entity_id
where one.entity_id in (select entity_id from core.entity_ids(entity))
group by other.entity_id
order by article_count desc, other.entity_id;

-- What a speaker (id, name, any spelling, or the words of the text) said within the last `days` days, newest first:
-- first_seen_at, stance, target, evidence, attribution, confidence, article_id; repeated seed texts are left out.
create or replace macro stance_of(speaker, days) as table
select
    said.first_seen_at, said.stance, said.target, said.evidence, said.attribution, said.confidence, said.article_id
from core.news_statement as said
where (said.speaker_id in (select entity_id from core.entity_ids(speaker)) or ar_fold(said.speaker) = ar_fold(speaker))
and (said.first_seen_at at time zone 'UTC')::date > (select max(day_on - days::integer) from core.calendar)
order by said.first_seen_at desc, said.article_id, said.start_char;
