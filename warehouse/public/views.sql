-- The public face: what an analyst asks. Days are UTC and count by our first reading.

-- Articles as last read, with their story and the outlet's own voice.
create or replace view articles as
select
    article.id,                         -- 63-bit key of the canonical url
    article.url,                        -- canonical
    coalesce(revision.title, article.title) as title,   -- as last read
    coalesce(revision.body, article.body) as body,      -- as last read, a paragraph a line
    article.kind,                       -- full, summary, live, gallery
    article.published_at,               -- as claimed, UTC; null where unreadable
    article.published_precision,        -- instant, day, month, year
    article.published_source,           -- json-ld, meta, time, feed, text, url
    article.published_raw,              -- the words as written
    article.is_implausible,             -- date readable, but not possible
    article.first_seen_at,              -- our first reading, UTC
    coalesce(revision.number, 0) as revision_count,     -- changes after publication
    article.authors,                    -- as the page names them
    article.outlet_id,                  -- stable slug
    article.outlet,                     -- name of the publisher
    article.country,                    -- of the outlet, ISO 3166-1 alpha-2
    article.lang,                       -- ISO 639-1, by text
    article.tags,                       -- as the page gives them
    article.feed_url,                   -- feed that led here
    story.story_id,                     -- story it belongs to
    story.novelty,                      -- new, excerpt, duplicate
    story.repeats_seed,                 -- repeats a text of the seed corpus, is no news
    tagging.relevance,                  -- on, near
    tagging.relevance_score,            -- 0..1
    tagging.reasons,                    -- why it is on the topic
    tagging.voice,                      -- the outlet's own voice: supportive, opposed, neutral
    tagging.balance,                    -- (supportive - opposed speakers) / speakers; null without speakers
    tagging.method                      -- name and version of the rules
from core.article as article
left join (
    select * from core.revision qualify row_number() over (partition by article_id order by number desc) = 1
) as revision on revision.article_id = article.id
left join (
    select * from core.story qualify row_number() over (partition by article_id order by batch desc) = 1
) as story on story.article_id = article.id
left join (
    select * from core.tagging qualify row_number() over (partition by article_id order by batch desc) = 1
) as tagging on tagging.article_id = article.id;
