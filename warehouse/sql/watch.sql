-- name: drops
select stage, reason, url, detail, feed_url, dropped_at
from drops
where dropped_at >= $since and dropped_at < $until
order by dropped_at desc, url

-- name: young_stories
-- Of each subject's stories of a day, how many only feeds brought that were first read in the 7 days before it. Nearly all
-- feeds brought something in the two months before; only of the others all that is stored is looked through.
with news as materialized (
    select news.id, (news.first_seen_at at time zone 'UTC')::date as day_on, news.story_id, article.feed_url
    from core.news_between($since::timestamptz, 'infinity'::timestamptz) as news
    -- Said again of the article, so that no row of another day is read.
    join core.article as article on article.id = news.id and article.first_seen_at >= $since
),
heard as (
    select distinct feed_url
    from core.entry
    where seen_at >= $since::timestamptz - interval 60 day
    and (seen_at at time zone 'UTC')::date <= ($since at time zone 'UTC')::date - 7
),
young as (
    select feed_url, (min(seen_at) at time zone 'UTC')::date as began_on
    from core.entry
    where feed_url in (select news.feed_url from news anti join heard on heard.feed_url = news.feed_url)
    group by feed_url
),
told as (
    select 'topic' as subject, null as stance, day_on, story_id, feed_url
    from news
    union all
    select named.entity_id, null, news.day_on, news.story_id, news.feed_url
    from core.named_between($since::timestamptz, 'infinity'::timestamptz, null) as named
    join news on news.id = named.article_id
    union all
    select said.speaker_id, said.stance, news.day_on, news.story_id, news.feed_url
    from statements as said
    join news on news.id = said.article_id
    where said.speaker_id is not null and said.first_seen_at >= $since
    and said.stance <> 'neutral' and said.confidence >= $confidence
),
judged as (
    select subject, stance, told.day_on, story_id, min(coalesce(began_on, date '1970-01-01')) as oldest_on
    from told
    left join young on young.feed_url = told.feed_url
    where story_id is not null
    group by subject, stance, told.day_on, story_id
)
select subject, stance, strftime(day_on, '%Y-%m-%d'), count(*)
from judged
where oldest_on > day_on - 7
group by subject, stance, day_on

-- name: firsts
-- Listed names and speakers whose first article came in the span, once the warehouse has lived for two weeks. Most were
-- met in the two months before it; only for the others all that is stored is looked through.
with begun as (
    select min(written_at) + interval 14 day as old_enough_at from core.ledger
),
met as (
    select 'first_named' as kind, entity_id, article_id, first_seen_at
    from core.news_mention
    where entity_id is not null and first_seen_at >= $since::timestamptz - interval 60 day and first_seen_at < $until
    union all
    select 'first_quoted', speaker_id, article_id, first_seen_at
    from core.news_statement
    where speaker_id is not null and first_seen_at >= $since::timestamptz - interval 60 day and first_seen_at < $until
),
unmet as materialized (
    select kind, entity_id, min(first_seen_at) as first_at, count(distinct article_id) as article_count
    from met
    group by kind, entity_id
    having first_at >= $since
),
told as materialized (
    select 'first_named' as kind, article_id, entity_id
    from mentions
    where entity_id in (select entity_id from unmet where kind = 'first_named') and first_seen_at < $since
    union all
    select 'first_quoted', article_id, speaker_id
    from statements
    where speaker_id in (select entity_id from unmet where kind = 'first_quoted') and first_seen_at < $since
),
earlier as (
    select distinct told.kind, told.entity_id
    from told
    anti join core.no_news as no_news on no_news.article_id = told.article_id
),
first as (
    select * from unmet anti join earlier using (kind, entity_id)
)
select first.kind, first.entity_id, (first.first_at at time zone 'UTC')::date, entities.name, entities.name_ar,
    first.article_count
from first
join entities on entities.entity_id = first.entity_id
cross join begun
where first.first_at >= begun.old_enough_at
order by first.kind, first.entity_id

-- name: speaker_voices
-- In how many stories each listed speaker took each side, in the last days and in those before.
with said as (
    select distinct
        said.speaker_id, story.story_id, said.stance, said.first_seen_at >= $recent_at as is_recent
    from core.news_statement as said
    join core.current_story as story on story.article_id = said.article_id
    where said.speaker_id is not null and said.stance <> 'neutral' and said.confidence >= $confidence
    and said.first_seen_at >= $past_at and said.first_seen_at < $until
)
select
    said.speaker_id, any_value(entities.name), any_value(entities.name_ar),
    count(*) filter (where is_recent and stance = 'supportive'),
    count(*) filter (where is_recent and stance = 'opposed'),
    count(*) filter (where not is_recent and stance = 'supportive'),
    count(*) filter (where not is_recent and stance = 'opposed')
from said
join entities on entities.entity_id = said.speaker_id
group by said.speaker_id
order by said.speaker_id

-- name: outlet_voices
-- In how many stories each outlet took each side in its own voice; copies are another's voice. It is called as in the
-- newest of these articles.
with said as (
    select
        outlet_id, outlet, country, coalesce(story_id, article_id) as story_id, voice,
        first_seen_at >= $recent_at as is_recent, row(first_seen_at, article_id) as nth
    from articles
    where voice in ('supportive', 'opposed') and not is_copy and not repeats_seed
    and first_seen_at >= $past_at and first_seen_at < $until
)
select
    said.outlet_id, arg_max(said.outlet, nth), coalesce(published.outlet_ar, ''),
    count(distinct story_id) filter (where is_recent and voice = 'supportive'),
    count(distinct story_id) filter (where is_recent and voice = 'opposed'),
    count(distinct story_id) filter (where not is_recent and voice = 'supportive'),
    count(distinct story_id) filter (where not is_recent and voice = 'opposed'),
    coalesce(arg_max(said.country, nth) filter (where said.country <> ''), '')
from said
left join core.current_outlet as published on published.outlet_id = said.outlet_id
group by said.outlet_id, published.outlet_ar
order by said.outlet_id

-- name: changes
-- Articles changed in the span: first what stood before the first of those changes, then what the last of them left. They
-- are few: texts, places and readings are looked up for them alone before anything is joined, never for all that is stored.
with changed as materialized (
    select
        article_id, min(number) as first_number, max(number) as last_number, max(seen_at) as changed_at
    from core.revision
    where seen_at >= $since and seen_at < $until
    group by article_id
),
told as materialized (
    select id, url, outlet_id, outlet, country, first_seen_at
    from core.article
    where id in (select article_id from changed)
),
place as materialized (
    select article_id, story_id, repeats_seed
    from core.current_story
    where article_id in (select article_id from changed)
),
reading as materialized (
    select article_id, relevance
    from core.current_tagging
    where article_id in (select article_id from changed)
),
copy as materialized (
    select article_id, story_id
    from core.current_story
    where story_id in (select story_id from place) and novelty in ('duplicate', 'excerpt')
),
copied as (
    select copy.story_id, count(*) as copy_count
    from copy
    anti join core.no_news as no_news on no_news.article_id = copy.article_id
    group by copy.story_id
),
text as materialized (
    select article_id, number, title, body
    from revisions
    where article_id in (select article_id from changed)
)
select
    article.id, coalesce(place.story_id, article.id), after.title, article.url, article.outlet,
    article.first_seen_at, article.outlet_id, coalesce(article.country, ''), coalesce(named.entity_ids, []),
    coalesce(published.outlet_ar, ''), reading.relevance, coalesce(said.quotes, []), changed.changed_at,
    before.title, before.body, after.body, coalesce(copied.copy_count, 0)
from changed
join told as article on article.id = changed.article_id
join text as before on before.article_id = changed.article_id and before.number = changed.first_number - 1
join text as after on after.article_id = changed.article_id and after.number = changed.last_number
left join place on place.article_id = changed.article_id
left join reading on reading.article_id = changed.article_id
left join copied on copied.story_id = place.story_id
left join core.current_outlet as published on published.outlet_id = article.outlet_id
left join (
    select article_id, list(distinct entity_id order by entity_id) as entity_ids
    from mentions
    semi join changed using (article_id)
    where entity_id is not null
    group by article_id
) as named on named.article_id = changed.article_id
left join (
    select
        article_id,
        list(
            [speaker, speaker, stance, evidence, '', '', coalesce(speaker_id, '')]
            order by start_char, end_char, speaker, stance, speaker_id
        ) as quotes
    from statements
    semi join changed using (article_id)
    group by article_id
) as said on said.article_id = changed.article_id
where reading.relevance is distinct from 'off' and not coalesce(place.repeats_seed, false)
order by changed.changed_at, article.id

-- name: alerts
select kind, level, subject, day_on, detail::varchar, raised_at
from alerts
where raised_at >= $since and raised_at < $until
order by raised_at, level, kind, subject
