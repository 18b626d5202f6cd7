-- Days that stand out (decisions/0013, 0017): what the 56 days before them let expect, and how the feeds did.

-- Feeds heard by day of a time zone: day_on, feed_count (that brought an entry), usual_count (median of the 14 days
-- before, null where nothing was ever sighted), is_steady (within a fifth of usual, or one feed), missed_share (of the
-- feeds, over the 3 days before: what comes late inflates the day). Days from `since_on` on.
create or replace macro core.feeds_heard_in(zone, since_on) as table
with heard as (
    select days.day_on, coalesce(feed_count, 0) as feed_count
    from core.calendar_in(zone) as days
    left join (
        select core.day_in(counted_at, zone) as day_on, count(distinct feed_url) as feed_count
        from core.entry
        where counted_at >= (since_on - 18)::timestamp at time zone zone  -- what the first of the days is held against
        group by 1
    ) as entry on entry.day_on = days.day_on
    where days.day_on >= since_on - 18
),
usual as (
    select
        *,
        median(nullif(feed_count, 0)) over (order by day_on rows between 14 preceding and 1 preceding) as usual_count
    from heard
)
select
    day_on, feed_count, usual_count,
    coalesce(abs(feed_count - usual_count) <= greatest(0.2 * usual_count, 1), true) as is_steady,
    coalesce(sum(case when feed_count < 0.8 * usual_count then 1 - feed_count / usual_count else 0 end) over (
        order by day_on rows between 3 preceding and 1 preceding
    ), 0) as missed_share
from usual
qualify day_on >= since_on;

-- Stories and publishers by subject and day of a time zone, for the days from `since_on` on: subject ('topic', or
-- entity_id), stance (that the subject took as a speaker; empty where its name is counted), day_on, story_count,
-- outlet_count; every day counted. About 'topic', an entity (id, name or any spelling), or where that is null all of them.
create or replace macro core.stories_told_in(zone, since_on, about) as table
with news as materialized (
    select id, core.day_in(first_seen_at, zone) as day_on, story_id, outlet_id
    from core.news_between(since_on::timestamp at time zone zone, 'infinity'::timestamptz)
),
said as materialized (
    select article_id, speaker_id, stance
    from statements
    where speaker_id is not null and stance <> 'neutral' and confidence >= 0.6  -- as where a voice turns
    and first_seen_at >= since_on::timestamp at time zone zone
    and (about is null or speaker_id in (select entity_id from core.entity_ids(about)))  -- not listed: told above
),
counted as materialized (
    select
        'topic' as subject, '' as stance, day_on,
        count(distinct story_id) as story_count, count(distinct outlet_id) as outlet_count
    from news
    where coalesce(about, 'topic') = 'topic'
    group by day_on
    union all
    select entity_id, '', day_on, count(distinct story_id), count(distinct outlet_id)
    from core.named_between(since_on::timestamp at time zone zone, 'infinity'::timestamptz, nullif(about, 'topic')) as named
    join news on news.id = named.article_id
    where about is distinct from 'topic'
    group by entity_id, day_on
    union all
    select speaker_id, stance, day_on, count(distinct story_id), count(distinct outlet_id)
    from said
    join news on news.id = said.article_id
    group by speaker_id, stance, day_on
)
select
    spine.subject, spine.stance, spine.day_on,
    coalesce(story_count, 0) as story_count, coalesce(outlet_count, 0) as outlet_count
from (
    select day_on, subject, stance
    from core.calendar_in(zone)
    cross join (select distinct subject, stance from counted)
    where day_on >= since_on
) as spine
left join counted
on counted.subject = spine.subject and counted.stance = spine.stance and counted.day_on = spine.day_on;

-- Days of a time zone that stand out, of the last `days` days; columns and rules as in the view spikes. About 'topic' or
-- an entity (id, name or any spelling; else an error that tells the nearest) this alone is asked, so that nothing is
-- adjusted for other names.
create or replace macro spikes_in(zone, days := 90, about := null) as table
with first as (
    select newest_on - core.asked_days(days) as shown_after, newest_on - core.asked_days(days) - 57 as counted_from
    from (select max(day_on) as newest_on from core.calendar_in(zone))
),
series as materialized (
    select told.*, feeds.feed_count, feeds.usual_count, feeds.is_steady, feeds.missed_share
    from core.stories_told_in(zone, (select counted_from from first), about) as told
    join core.feeds_heard_in(zone, (select counted_from from first)) as feeds on feeds.day_on = told.day_on
),
asked as materialized (
    select *, row_number() over () as ask
    from (
        select
            *,
            case when subject = 'topic' then 'topic' when stance = '' then 'name' else 'voice' end as family,
            count(*) over (partition by day_on, subject = 'topic', stance = '') as family_count,
            count(*) over (
                partition by subject, stance
                order by day_on range between interval 58 days preceding and interval 3 days preceding
            ) as day_count
        from series
    )
    where story_count >= 5 and outlet_count >= 3 and day_count > 0 and day_on > (select shown_after from first)
),
seen as materialized (
    select
        ask, dayofweek(past.day_on) as weekday, 0.5 ** ((asked.day_on - past.day_on) / 28.0) as weight,
        -- As many as it would have been with the feeds of the day judged.
        past.story_count / coalesce(nullif(past.feed_count, 0) / asked.usual_count, 1) as past_count
    from asked
    join series as past
    on past.subject = asked.subject and past.stance = asked.stance
    and past.day_on between asked.day_on - 58 and asked.day_on - 3
    where coalesce(past.feed_count >= 0.5 * past.usual_count, true) and past.missed_share < 0.5
),
whole as materialized (
    select ask, max(past_count) as highest_count, avg(past_count) as mean_count
    from seen
    group by ask
),
weekdays as materialized (
    select ask, weekday, (sum(past_count) + 4 * mean_count) / nullif((count(*) + 4) * mean_count, 0) as factor
    from seen
    join whole using (ask)
    group by ask, weekday, mean_count
),
levelled as materialized (
    select ask, weight, past_count / coalesce(factor, 1) as height
    from seen
    join weekdays using (ask, weekday)
),
level as (
    select
        ask, seen_count, avg_height, square_height - avg_height ** 2 as variance, weight_sum
    from (
        select
            ask, count(*) as seen_count, sum(weight) as weight_sum, sum(weight * clipped) / sum(weight) as avg_height,
            sum(weight * clipped * clipped) / sum(weight) as square_height
        from (
            -- Two and a half deviations above the middle, as Poisson or the days themselves have it: earlier spikes count for
            -- little, in the mean and, more so, in the variance.
            select
                ask, weight, least(height, middle + 2.5 * greatest(1, sqrt(middle), 1.4826 * deviation)) as clipped
            from levelled
            join (select ask, median(height) as middle, mad(height) as deviation from levelled group by ask) using (ask)
        )
        group by ask
    )
),
fitted as (
    select
        asked.subject, asked.stance, asked.day_on, asked.story_count, asked.outlet_count,
        asked.family, asked.family_count, asked.day_count,
        whole.highest_count, level.variance, level.seen_count, asked.feed_count / asked.usual_count as feed_share,
        asked.is_steady and asked.missed_share < 0.2 as is_fed,
        -- A day with stories on which no feed was heard was read by other ways: as a usual day.
        (coalesce(nullif(asked.feed_count, 0) / asked.usual_count, 1) + asked.missed_share) * coalesce(weekdays.factor, 1)
            * greatest(0.3, (avg_height * weight_sum + 0.5) / (weight_sum + 1)) as expected
    from asked
    join whole using (ask)
    join level using (ask)
    left join weekdays on weekdays.ask = asked.ask and weekdays.weekday = dayofweek(asked.day_on)
),
judged as (
    -- Few stories say little about their spread: it is drawn to 2.5, as by 40 stories' worth of days.
    select *, expected / (spread - 1) as size
    from (
        select
            *,
            greatest(1.15, least(8, (variance * seen_count + 40 * 2.5) / (expected * seen_count + 40))) as spread
        from fitted
    )
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
),
adjusted as (
    -- Benjamini-Hochberg over all names of the day, and over all voices; the topic as a whole is one question of its own.
    select
        *,
        min(probability * family_count / nth) over (partition by day_on, family order by nth desc)
            as adjusted_probability
    from (
        select *, row_number() over (partition by day_on, family order by probability, subject, stance) as nth
        from tailed
    )
)
select
    subject, nullif(stance, '') as stance, day_on, story_count, outlet_count, expected, probability,
    least(1, adjusted_probability) as adjusted_probability, feed_share,
    case
        when is_fed and story_count >= 1.5 * expected + 2
            and (day_count < 14 or (probability < 0.002 and adjusted_probability < 0.05)) then 'alert'
        else 'watch'
    end as level
from adjusted
where case
    when day_count >= 14 then probability < 0.01
    else story_count >= 10 and story_count >= 3 * highest_count
end
order by day_on, subject, stance;

-- Days above what the 56 days before them let expect, for the topic as a whole, each listed entity, and each stance that a
-- listed speaker took, of the last 90 days (more: spikes_in). Stories a day against a negative binomial with weekday factor, two guard days between window
-- and day; a day needs 5 stories and 3 outlets; with less than 14 days of history 10 stories and three times the
-- highest day. Counts are weighed by the feeds heard; a day on which feeds failed, came back or were added is at most
-- "watch". Repeated seed texts are not counted.
create or replace view spikes as
select
    subject,                -- 'topic', or entity_id of a listed name
    stance,                 -- supportive or opposed: stories in which the subject took it; null where its name is counted
    day_on,                 -- UTC day, by our first reading
    story_count,            -- stories that day
    outlet_count,           -- publishers that day
    expected,               -- stories expected from the days before, with the feeds of that day
    probability,            -- of as many or more by chance
    adjusted_probability,   -- for all names, or voices, asked about that day (Benjamini-Hochberg)
    feed_share,             -- feeds that brought something / median of the 14 days before; null where none ever did
    level                   -- alert below 0.002 (0.05 adjusted), clearly higher and feeds steady; else watch
from spikes_in('UTC');
