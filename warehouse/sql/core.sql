-- name: next_batch
select coalesce(max(batch), 0) + 1 from core.ledger

-- name: knows_batch
select count(*) from core.ledger where batch_id = ?

-- name: feed_states
select
    state.feed_url, validator.etag, validator.last_modified, validator.body_hash,
    state.polled_at, state.succeeded_at, state.next_poll_at, state.failure_count, state.reason,
    state.failing_since, state.moved_to, validator.whole_at, validator.not_modified_count, validator.is_misled,
    state.outcome, state.new_count, state.watched_seconds, state.usual_seconds,
    validator.gap_seconds, validator.closed_hours, validator.closed_days
from core.feed_state as state
left join core.validator as validator on validator.feed_url = state.feed_url
order by state.feed_url

-- name: host_pauses
-- Nobody may ask for more than a day (marsad/polling.py, HOST_PATIENCE); what is further off was noted by a wrong clock.
select host, retry_at from core.host_pause where retry_at > $1 and retry_at < $1 + interval 2 days order by host

-- name: new_poll_drops
insert into core.drop
select staged.*
from staged
anti join core.drop as known
on  known.url_id = staged.url_id and known.feed_url = staged.feed_url and known.reason = staged.reason
and known.detail = staged.detail and known.reason in ('no_url', 'over_limit')

-- name: known_entry_ids
select staged.key from staged semi join core.entry as entry on entry.entry_id = staged.key

-- name: known_claims
with newest as (
    select claim.*
    from core.claim as claim
    semi join staged on staged.key = claim.entry_id
    qualify row_number() over (partition by claim.entry_id order by claim.batch desc) = 1
)
select
    entry.entry_id,
    coalesce(newest.title, entry.title),
    coalesce(newest.dated_raw, nullif(entry.updated_raw, ''), entry.published_raw, '')
from core.entry as entry
semi join staged on staged.key = entry.entry_id
left join newest on newest.entry_id = entry.entry_id

-- name: pending_entries
-- An entry is settled by an article, a page or a drop for its url, unless its feed has said something else of it since,
-- and put off by an attempt. The newest come first, behind them what was left over, in another order in each cycle: a
-- host that always fails at one address would otherwise keep the addresses behind it waiting for ever. What a search led
-- to is fetched whatever its title says.
with claim as (
    select url_id, max(batch) as batch, max(noted_at) as noted_at, bool_or(verdict in ('fetch', 'audit')) as is_wanted
    from core.claim
    group by url_id
),
wanted as (
    select entry.url_id, entry.entry_id, entry.batch, coalesce(claim.batch, 0) as told_batch, claim.noted_at
    from core.entry as entry
    left join claim on claim.url_id = entry.url_id
    where entry.verdict in ('fetch', 'audit')
    or claim.is_wanted
    or entry.entry_id in (select own_entry_id from core.discovery where own_entry_id is not null)
),
unsettled as (
    select wanted.*
    from wanted
    anti join core.article as article on article.id = wanted.url_id and article.batch >= wanted.told_batch
    anti join core.page as page on page.url_id = wanted.url_id and page.batch >= wanted.told_batch
    anti join core.drop as dropped on dropped.url_id = wanted.url_id and dropped.batch >= wanted.told_batch
    qualify row_number() over (partition by wanted.url_id order by wanted.batch, wanted.entry_id) = 1
),
open as (
    select
        entry.* replace (greatest(entry.seen_at, unsettled.noted_at) as seen_at), entry.seen_at as first_at,
        unsettled.told_batch
    from unsettled
    join core.entry as entry on entry.entry_id = unsettled.entry_id and entry.batch = unsettled.batch
),
newest_feed as (
    select *
    from core.feed
    qualify row_number() over (partition by feed_url order by batch desc) = 1
)
select
    open.feed_url, open.guid, open.url, open.title, open.summary,
    open.published_at, open.published_precision, open.published_source, open.published_raw, open.is_implausible,
    open.seen_at, coalesce(attempt.try_count, 0), 
    case when open.counted_at is distinct from open.first_at then coalesce(open.counted_at, open.first_at) end,
    feed.outlet_id, feed.outlet, feed.outlet_ar, feed.country, feed.line, feed.family
from open
left join newest_feed as feed on feed.feed_url = open.feed_url
left join core.attempt as attempt on attempt.url_id = open.url_id and attempt.batch > open.told_batch
where attempt.next_try_at is null
or attempt.next_try_at <= $now
or attempt.tried_at > $now + interval 1 hour -- under a wrong clock
order by
    open.seen_at < $now - interval 1 hour, if(open.seen_at < $now - interval 1 hour, hash(open.url_id, $now), 0),
    open.seen_at desc, open.batch desc, open.entry_id
limit $limit

-- name: known_url_ids
select staged.key from staged semi join core.entry as entry on entry.url_id = staged.key

-- name: read_documents
-- What was read long ago may have grown since then.
select distinct document_url
from core.backfill
where since_on <= $since_on and read_at >= $now - interval 7 days

-- name: open_discoveries
-- What searches found since then and no publisher's entry is known for, with every entry of the same headline that comes
-- from no search, the earliest first.
with newest as (
    select * from core.discovery qualify row_number() over (partition by entry_id order by batch desc) = 1
),
newest_feed as (
    select *
    from core.feed
    qualify row_number() over (partition by feed_url order by batch desc) = 1
)
select
    open.entry_id, open.headline, open.headline_key, open.publisher, open.publisher_url, open.outcome,
    own.entry_id, own.url, feed.outlet_id, feed.outlet, feed.outlet_ar, feed.country, feed.line, feed.family
from newest as open
join core.entry as search on search.entry_id = open.entry_id
join core.entry as own on own.headline_key = open.headline_key
anti join core.discovery as found on found.entry_id = own.entry_id
left join newest_feed as feed on feed.feed_url = own.feed_url
where open.own_entry_id is null
and search.seen_at >= $since
and own.seen_at >= $since - interval 7 days
order by open.entry_id, own.seen_at, own.entry_id

-- name: story_ids
select story.article_id, story.story_id
from core.story as story
semi join staged on staged.key = story.article_id
order by story.batch

-- name: new_feeds
insert into core.feed
select staged.*
from staged
anti join (
    select * from core.feed qualify row_number() over (partition by feed_url order by batch desc) = 1
) as known
on  known.feed_url = staged.feed_url and known.outlet_id = staged.outlet_id and known.outlet = staged.outlet
and known.outlet_ar = staged.outlet_ar and known.country = staged.country and known.line = staged.line
and known.family = staged.family

-- name: new_entities
insert into core.entity
select staged.*
from staged
anti join (
    select * from core.entity qualify row_number() over (partition by id order by batch desc) = 1
) as known
on  known.id = staged.id and known.name = staged.name and known.name_ar = staged.name_ar
and known.type = staged.type and known.qid = staged.qid and known.aliases = staged.aliases

-- name: texts_at
-- An address that was used anew has several articles: all are looked for only where the one of its own id is kept.
with addressed as (
    select article.url from core.article as article semi join staged on staged.key = article.id
)
select article.url, article.id, coalesce(newest.title, article.title), coalesce(newest.body, article.body)
from core.article as article
semi join addressed on addressed.url = article.url
left join (
    select article_id, title, body
    from core.revision
    qualify row_number() over (partition by article_id order by number desc) = 1
) as newest on newest.article_id = article.id

-- name: first_seen
select article.id, article.first_seen_at, coalesce(max(revision.number), 0)
from core.article as article
semi join staged on staged.key = article.id
left join core.revision as revision on revision.article_id = article.id
group by article.id, article.first_seen_at

-- name: last_run
select run_id, noted_at, state = 'finished' from core.run order by batch desc limit 1

-- name: learn_lines
-- A line of which enough is known is told no more: the table grows with what is said once.
insert into core.host_line
select staged.*
from staged
anti join core.host_line as same
on  same.host = staged.host and same.line_key = staged.line_key and same.article_id = staged.article_id
left join (
    select host, line_key, count(*) as article_count
    from core.host_line
    where host in (select host from staged)
    group by all
) as known
on  known.host = staged.host and known.line_key = staged.line_key
where coalesce(known.article_count, 0) < $enough

-- name: line_counts
select line.host, line.line_key, count(distinct line.article_id)
from core.host_line as line
semi join staged on staged.host = line.host and staged.line_key = line.line_key
group by all
having count(distinct line.article_id) > 1
