-- name: archived_pages
-- Where the pages fetched since then stand, with the entry that led to each, the newest first: of several pages of one
-- article the newest tells its text.
with first_entry as (
    select *
    from core.entry
    qualify row_number() over (partition by url_id order by batch, entry_id) = 1
),
newest_feed as (
    select *
    from core.feed
    qualify row_number() over (partition by feed_url order by batch desc) = 1
)
select
    page.url, page.file, page.start_bytes, page.fetched_at,
    coalesce(entry.feed_url, ''),
    case when entry.counted_at is distinct from entry.seen_at then coalesce(entry.counted_at, entry.seen_at) end,
    feed.outlet_id, feed.outlet, feed.outlet_ar, feed.country, feed.line, feed.family
from core.page as page
left join first_entry as entry on entry.url_id = page.url_id
left join newest_feed as feed on feed.feed_url = entry.feed_url
where page.fetched_at >= $since
order by page.fetched_at desc, page.file desc, page.start_bytes desc

-- name: kept_texts
-- Articles with their newest text, in the order in which they are judged: by first reading, and within one cycle as they
-- were published.
select
    article.id, article.url, article.feed_url, article.first_seen_at,
    coalesce(newest.title, article.title), coalesce(newest.body, article.body), coalesce(newest.kind, article.kind),
    coalesce(newest.number, 0)
from core.article as article
left join (
    select * from core.revision qualify row_number() over (partition by article_id order by number desc) = 1
) as newest on newest.article_id = article.id
semi join staged on staged.key = article.id
order by
    article.first_seen_at,
    if(article.published_precision = 'instant' and not article.is_implausible, article.published_at, null) nulls last,
    article.id

-- name: article_days
select (article.first_seen_at at time zone 'UTC')::date, list(article.id order by article.id)
from core.article as article
join core.ledger as ledger on ledger.batch = article.batch
where ledger.written_at >= $since
group by 1
order by 1

-- name: current_rows
-- Rows of a judgement that count: of each article those not older than the last core.superseded of its part, else all.
select judged.*
from core.{table} as judged
semi join staged on staged.key = judged.article_id
anti join core.superseded as superseded
on superseded.part = '{part}' and superseded.article_id = judged.article_id and superseded.batch > judged.batch

-- name: seen_people
-- Mentions that the recognizer alone saw, of the readings that count.
select mention.article_id, mention.start_char, mention.end_char, mention.surface
from core.mention as mention
semi join staged on staged.key = mention.article_id
anti join core.superseded as superseded
on superseded.part = 'reading' and superseded.article_id = mention.article_id and superseded.batch > mention.batch
where mention.method like $method
order by all
