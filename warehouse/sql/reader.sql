-- name: coverage
-- As daily_coverage has it, from the articles of these days alone: it is asked after every cycle.
select strftime(days.day_on, '%Y-%m-%d'), count(article.id), count(distinct article.story_id)
from core.calendar_in('UTC') as days
left join core.news_between(
    date_trunc('day', $since at time zone 'UTC') at time zone 'UTC', 'infinity'::timestamptz
) as article on (article.first_seen_at at time zone 'UTC')::date = days.day_on
where days.day_on >= ($since at time zone 'UTC')::date and days.day_on <= ($until at time zone 'UTC')::date
group by days.day_on
order by days.day_on

-- name: calendar_end
select core.today(), (arg_max(written_at, batch) at time zone 'UTC')::date
from core.ledger
having count(*) > 0

-- name: speaker_stances
select
    said.speaker,
    coalesce(any_value(entities.name_ar), said.speaker),
    count(*) filter (where said.stance = 'supportive'),
    count(*) filter (where said.stance = 'opposed'),
    count(*) filter (where said.stance = 'neutral')
from core.news_statement as said
left join entities on entities.entity_id = said.speaker_id
where said.first_seen_at >= $since and said.first_seen_at < $until
group by said.speaker
order by count(*) desc, said.speaker

-- name: entity_counts
select named.entity_id, entities.name, entities.name_ar, count(distinct named.article_id) as article_count
from core.news_mention as named
join entities on entities.entity_id = named.entity_id
where named.first_seen_at >= $since and named.first_seen_at < $until
group by all
order by article_count desc, named.entity_id

-- name: outlet_counts
-- Of the articles that tell the country of their outlet the newest is believed.
select
    article.outlet, count(*) as article_count, count(*) filter (where article.is_copy),
    coalesce(arg_max(article.country, row(article.first_seen_at, article.id)) filter (where article.country <> ''), ''),
    coalesce(published.line, ''), article.outlet_id, coalesce(published.outlet_ar, '')
from core.news_between($since, $until) as article
left join core.current_outlet as published on published.outlet_id = article.outlet_id
group by article.outlet_id, article.outlet, published.line, published.outlet_ar
order by article_count desc, article.outlet, article.outlet_id

-- name: pieces
-- Of one cycle the first article of a story leads, then outlets and addresses go by the alphabet: keys change with the
-- port of a site. The tallies stand in the same order, turned round: the report takes its newest rows from both.
with named as (
    select article_id, list(distinct entity_id order by entity_id) as entity_ids
    from core.news_mention
    where entity_id is not null and first_seen_at >= $since and first_seen_at < $until
    group by article_id
)
select
    article.id, coalesce(article.story_id, article.id), coalesce(revision.title, kept.title), kept.url, article.outlet,
    article.first_seen_at, article.is_copy, article.outlet_id, coalesce(article.country, ''),
    coalesce(named.entity_ids, []), coalesce(published.outlet_ar, ''), tagging.relevance
from core.news_between($since, $until) as article
join core.article as kept on kept.id = article.id and kept.first_seen_at >= $since  -- so that no row of another day is read
left join (
    select article_id, arg_max(title, number) as title from core.revision group by article_id
) as revision on revision.article_id = article.id
left join core.current_tagging as tagging on tagging.article_id = article.id
left join named on named.article_id = article.id
left join core.current_outlet as published on published.outlet_id = article.outlet_id
order by
    article.first_seen_at, article.id <> coalesce(article.story_id, article.id), article.is_copy, article.outlet_id,
    kept.url, article.id

-- name: tallies
with named as (
    select article_id, list(distinct entity_id order by entity_id) as entity_ids
    from core.news_mention
    where entity_id is not null and first_seen_at >= $since and first_seen_at < $until
    group by article_id
),
said as (
    select
        article_id, list(speaker order by start_char, speaker, stance) as speakers,
        list(stance order by start_char, speaker, stance) as stances
    from (
        select article_id, speaker, stance, min(start_char) as start_char
        from core.news_statement
        where first_seen_at >= $since and first_seen_at < $until
        group by article_id, speaker, stance
    )
    group by article_id
)
select
    article.id, coalesce(article.story_id, article.id), article.first_seen_at, coalesce(article.outlet_id, ''),
    article.is_copy, coalesce(named.entity_ids, []), coalesce(said.speakers, []), coalesce(said.stances, [])
from core.news_between($since, $until) as article
join core.article as kept on kept.id = article.id and kept.first_seen_at >= $since  -- so that no row of another day is read
left join named on named.article_id = article.id
left join said on said.article_id = article.id
order by
    article.first_seen_at desc, article.id <> coalesce(article.story_id, article.id) desc, article.is_copy desc,
    article.outlet_id desc, kept.url desc, article.id desc

-- name: spikes
-- As the view has them, judged for these days alone: it is asked twice after every cycle.
select
    spike.subject, strftime(spike.day_on, '%Y-%m-%d'), spike.level, spike.story_count, spike.outlet_count,
    spike.expected, spike.probability, coalesce(entities.name, ''), coalesce(entities.name_ar, ''), spike.stance
from spikes_in('UTC', greatest(core.today() - ($since at time zone 'UTC')::date + 1, 1)) as spike
left join entities on entities.entity_id = spike.subject
where spike.day_on >= ($since at time zone 'UTC')::date and spike.day_on <= ($until at time zone 'UTC')::date
order by spike.day_on, spike.probability, spike.subject, spike.stance

-- name: quotes
select
    said.article_id, said.speaker, coalesce(entities.name_ar, said.speaker), said.stance, said.evidence,
    article.url, article.outlet, coalesce(said.speaker_id, '')
from core.news_statement as said
join core.article as article on article.id = said.article_id
left join entities on entities.entity_id = said.speaker_id
where said.first_seen_at >= $since and said.first_seen_at < $until
order by said.article_id, said.start_char, said.end_char, said.speaker, said.stance, said.speaker_id

-- name: feed_health
select feed_url, outlet, state, reason, newest_at, coalesce(outlet_ar, ''), moved_to, failing_since
from feeds_at($now::timestamptz)
order by feed_url

-- name: audit
-- Off-topic entries drawn at random whose page was fetched, and how many of those pages turned out to hold an article on
-- or near the topic: nothing was dropped when they were taken apart and judged. A url counts once.
with audited as (
    select entry.url_id
    from core.entry as entry
    semi join core.page as page on page.url_id = entry.url_id
    where entry.verdict = 'audit' and entry.seen_at >= $since and entry.seen_at < $until
    group by entry.url_id
)
select count(*), count(*) filter (where off_topic.url_id is null)
from audited
left join (
    select distinct url_id from core.drop where stage in ('extract', 'topic')
) as off_topic on off_topic.url_id = audited.url_id

-- name: filter_counts
-- Pages the filter found and that hold an article on or near the topic; entries it left out. A url counts once.
with found as (
    select url_id, bool_or(label <> 'off') as is_wanted, bool_or(verdict = 'fetch') as is_fetched
    from core.entry
    group by url_id
)
select
    count(*) filter (where found.is_wanted and found.is_fetched and article.id is not null),
    count(*) filter (where not found.is_wanted and not found.is_fetched)
from found
left join core.article as article on article.id = found.url_id

-- name: told_until
-- Start of the cycle that finished last: what a later one finds bears an instant after it.
select started.noted_at
from core.run as started
join core.run as finished on finished.run_id = started.run_id
where started.state = 'started' and finished.state = 'finished'
order by finished.batch desc
limit 1

-- name: unlisted_names
select surface, count(distinct article_id) as article_count
from mentions
where kind = 'unlinked'
group by surface
order by article_count desc, surface
limit $count

-- name: unsure_statements
select speaker, confidence, stance, evidence, article_id, start_char
from statements
where method <> 'correction'
order by confidence, first_seen_at desc, article_id, start_char, speaker
limit $count

-- name: corrected_statement
select count(*)
from statements
where article_id = $article_id and start_char = $start_char and speaker = $speaker

-- name: face
-- Views, then macros, then the columns of the views.
with named as (
    select 'view' as kind, view_name as name, '' as of, view_name as signature, comment, 0 as position
    from duckdb_views()
    where database_name = current_database() and schema_name = 'main' and not internal
    union all
    select 'macro', function_name, '', function_name || '(' || array_to_string(parameters, ', ') || ')', comment, 1
    from duckdb_functions()
    where database_name = current_database() and schema_name = 'main' and not internal
    union all
    select 'column', column_name, table_name, column_name, comment, 2 + column_index
    from duckdb_columns()
    where database_name = current_database() and schema_name = 'main' and not internal
)
select kind, name, of, signature, coalesce(comment, '')
from named
order by least(position, 2), of, position, name

-- name: topic_days
select
    strftime(days.day_on, '%Y-%m-%d'), days.article_count, days.story_count, days.mean_count, days.week_change,
    coalesce(spike.level, '')
from daily_coverage_in($zone) as days
left join spikes_in($zone, days := $days, about := 'topic') as spike on spike.day_on = days.day_on
order by days.day_on desc
limit $days

-- name: name_days
with stood_out as (
    select day_on, min(level) as level
    from spikes_in($zone, days := $days, about := $told)
    where stance is null
    group by day_on
)
select
    strftime(told.day_on, '%Y-%m-%d'), told.article_count, null, told.mean_count, told.week_change,
    coalesce(stood_out.level, '')
from trend($told, $days, zone := $zone) as told
left join stood_out on stood_out.day_on = told.day_on
order by told.day_on desc
limit $days

-- name: rises
select entity_id, name, name_ar, article_count, before_count, share, share_low, share_high, is_clear
from rising(7)
where name is not null and share > coalesce(before_share, 0)
