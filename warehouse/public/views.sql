-- The public face: what an analyst asks. Days count by our first reading, what a backfill found by its publication; in
-- UTC unless a zone is asked for.

-- What is history is left out by anti joins alone: where the rows that count are picked by a left join and "is null or not
-- older", the engine expects a fifth of them, and joins in the wrong order (decisions/0016).

-- Articles that were read anew, and the batch since which their readings count.
create or replace view core.reread as
select
    article_id,             -- key of the article
    max(batch) as since     -- ledger sequence
from core.superseded
where part = 'reading'
group by article_id;

-- Readings that count: of each article those not older than the last core.superseded of its reading, else all.
create or replace view core.current_tagging as
select tagging.*
from core.tagging as tagging
anti join core.reread as reread on reread.article_id = tagging.article_id and reread.since > tagging.batch;

-- Places in stories that count: of each article those not older than the last core.superseded of its story, else all.
create or replace view core.current_story as
select story.*
from core.story as story
anti join core.superseded as superseded
on superseded.part = 'story' and superseded.article_id = story.article_id and superseded.batch > story.batch;

-- Articles that are no news: a later reading found them off the topic, or they repeat a seed text.
create or replace view core.no_news as
select
    article_id      -- key of the article
from core.current_tagging
where relevance = 'off'
union all
select article_id
from core.current_story
where repeats_seed;

-- Articles that count as news, with their place in a story; whatever counts articles counts these.
create or replace view core.news_article as
select
    article.*,
    story.story_id,         -- story it belongs to
    coalesce(story.novelty in ('duplicate', 'excerpt'), false) as is_copy   -- repeats an article kept before
from core.article as article
left join core.current_story as story on story.article_id = article.id
anti join core.no_news as no_news on no_news.article_id = article.id;

-- The same of a span of time, by what is counted of them: id, first_seen_at, outlet_id, outlet, country, story_id,
-- is_copy. The articles of the span are looked up first, so that no place of another is.
create or replace macro core.news_between(since, until) as table
with told as materialized (
    select id, first_seen_at, outlet_id, outlet, country
    from core.article
    where first_seen_at >= since and first_seen_at < until
)
select told.*, story.story_id, coalesce(story.novelty in ('duplicate', 'excerpt'), false) as is_copy
from told
left join (
    select article_id, story_id, novelty from core.current_story where article_id in (select id from told)
) as story on story.article_id = told.id
anti join core.no_news as no_news on no_news.article_id = told.id;

-- Outlets of feeds, as last described.
create or replace view core.current_feed as
select *
from core.feed
qualify row_number() over (partition by feed_url order by batch desc) = 1;

-- Outlets, as the last described of their feeds has them.
create or replace view core.current_outlet as
select
    outlet_id,                                              -- stable slug
    arg_max(outlet_ar, row(batch, feed_url)) as outlet_ar,  -- its Arabic name, empty where unknown
    arg_max(line, row(batch, feed_url)) as line             -- editorial line in our own coarse words
from core.current_feed
group by outlet_id;

-- Listed names, as last described.
create or replace view entities as
select
    id as entity_id,    -- stable slug
    name,           -- English canonical name
    name_ar,        -- Arabic name
    type,           -- PER, GPE, LOC, ORG, WEAPON, LAW
    qid,            -- Wikidata, empty where uncertain
    aliases         -- further spellings
from core.entity
qualify row_number() over (partition by id order by batch desc) = 1;

-- A name as a line shows it that somebody told: no sign that breaks or turns the line, no quotation mark, not without end.
create or replace macro core.shown_name(told) as
trim(regexp_replace(told[:60], '[\p{C}\p{Z}"]+', ' ', 'g')) || if(length(told) > 60, '...', '');

-- An error that tells the listed names nearest to one that is not.
create or replace macro core.unlisted(entity) as
error(
    'name: nothing listed is called "' || core.shown_name(entity) || '"' || coalesce('; near it: ' || (
        select string_agg(name, ', ' order by likeness desc, name)
        from (
            select
                entities.name,
                max(greatest(
                    jaro_winkler_similarity(bare, asked),
                    list_max(list_transform(string_split(bare, ' '), lambda word: jaro_winkler_similarity(word, asked)))
                )) as likeness
            from (
                -- Without "the", by which half of the words begin.
                select
                    entity_id, regexp_replace(words, '(^| )ال', '\1', 'g') as bare,
                    regexp_replace(ar_fold(entity), '(^| )ال', '\1', 'g') as asked
                from core.spelling
            ) as spelling
            join entities on entities.entity_id = spelling.entity_id
            group by entities.name
            having likeness > 0.85
            order by likeness desc, entities.name
            limit 5
        )
    ), '') || '; the view entities holds all names'
)::varchar;

-- Ids as core.entity_ids has them; an error where there is none, but of null, of which nothing is asked.
create or replace macro core.listed_ids(entity) as table
from core.entity_ids(entity)
union all
select core.unlisted(entity)
where entity is not null and not exists (from core.entity_ids(entity));

-- Articles as last read, with their story and the outlet's own voice.
create or replace view articles as
select
    article.id as article_id,           -- 63-bit key of the canonical url
    article.url,                        -- canonical
    coalesce(revision.title, article.title) as title,   -- as last read
    coalesce(revision.body, article.body) as body,      -- as last read, a paragraph a line
    coalesce(revision.kind, article.kind) as kind,      -- full, summary, blocked, live, gallery, none
    article.published_at,               -- as claimed, UTC; start of the period where coarser; null where unreadable
    article.published_precision,        -- instant, day, month, year
    article.published_source,           -- json-ld, meta, time, feed, text, url
    article.published_raw,              -- the words as written
    article.is_implausible,             -- date readable, but not possible
    article.first_seen_at,              -- our first reading, UTC; of what a backfill found, its publication
    coalesce(revision.change_count, 0) as revision_count,   -- changes after publication
    article.authors,                    -- as the page names them
    article.outlet_id,                  -- stable slug
    article.outlet,                     -- name of the publisher
    article.country,                    -- of the outlet, ISO 3166-1 alpha-2
    article.family,                     -- publisher family; copies inside one are one voice
    tagging.agency,                     -- news agency that the text credits; null where it credits none
    article.lang,                       -- ISO 639-1, by text
    article.tags,                       -- as the page gives them
    article.feed_url,                   -- feed that led here
    story.story_id,                     -- story it belongs to
    story.novelty,                      -- new, excerpt, duplicate
    coalesce(story.novelty in ('duplicate', 'excerpt'), false) as is_copy,  -- repeats an article kept before
    coalesce(story.repeats_seed, false) as repeats_seed,                    -- repeats a seed text, is no news
    tagging.relevance,                  -- on, near
    tagging.relevance_score,            -- 0..1
    tagging.reasons,                    -- why it is on the topic
    tagging.voice,                      -- the outlet's own voice: supportive, opposed, neutral
    tagging.balance,                    -- (supportive - opposed speakers) / speakers; null without speakers
    tagging.method                      -- name and version of the rules
from core.article as article
left join (
    select
        article_id, arg_max(title, number) as title, arg_max(body, number) as body, arg_max(kind, number) as kind,
        count(*) filter (where cause = 'outlet') as change_count
    from core.revision
    group by article_id
) as revision on revision.article_id = article.id
left join core.current_story as story on story.article_id = article.id
left join core.current_tagging as tagging on tagging.article_id = article.id
where tagging.relevance is distinct from 'off';

-- Every text of every article: number 0 is the first, the highest is the one that counts.
create or replace view revisions as
select
    id as article_id,                   -- key of the article
    0 as number,                        -- 0 is the text as first read, 1 the first change
    title,                              -- as read then
    body,                               -- as read then
    kind,                               -- full, summary, blocked, live, gallery, none
    modified_at,                        -- as claimed, UTC
    first_seen_at as seen_at,           -- our reading, UTC
    'first' as cause,                   -- first; outlet: the page changed; replay: read again by other rules
    method,                             -- name and version of the extraction
    null::json as changes               -- against the text before: title, numbers, names, stances; null where not known
from core.article
union all
select article_id, number, title, body, kind, modified_at, seen_at, cause, method, changes
from core.revision;

-- Articles on one event; repeated seed texts are not counted. All that a cycle reads bears one instant, so among the
-- earliest the article that the story is named by comes first.
create or replace view stories as
select
    story_id,                                                   -- article_id of its first article
    arg_min(title, row(first_seen_at, id <> story_id, id)) as title,    -- of its earliest article, as first read
    min(first_seen_at) as started_at,                           -- our first reading, UTC
    max(first_seen_at) as newest_at,                            -- our latest first reading, UTC
    count(*) as article_count,                                  -- articles, copies included
    count(*) filter (where is_copy) as copy_count,              -- copies among them
    count(distinct outlet_id) as outlet_count,                  -- publishers
    greatest(1, count(distinct coalesce(agency, nullif(family, ''), outlet_id)) filter (where not is_copy))
        as independent_count,                                   -- who tells it in own words: an agency or family counts once
    arg_min(outlet, row(first_seen_at, id <> story_id, id)) as first_outlet     -- publisher of its earliest article
from core.news_article as article
left join core.current_tagging as tagging on tagging.article_id = article.id
where story_id is not null
group by story_id;

-- Spans that name something, from the newest reading of each article; repeated seed texts too (articles.repeats_seed).
create or replace view mentions as
select
    mention.article_id,     -- key of the article
    mention.first_seen_at,  -- of the article, UTC
    mention.start_char,     -- character offset into title, empty line, body
    mention.end_char,       -- its end
    mention.surface,        -- the words of the text
    mention.type,           -- PER, GPE, LOC, ORG, WEAPON, LAW
    mention.kind,           -- name, nisba, unlinked
    mention.entity_id,      -- listed name, null where unlinked
    mention.method          -- name and version of the rules
from core.mention as mention
anti join core.reread as reread on reread.article_id = mention.article_id and reread.since > mention.batch;

-- Who said what of the target, from the newest reading of each article; repeated seed texts too
-- (articles.repeats_seed).
create or replace view statements as
select
    statement.article_id,           -- key of the article
    statement.first_seen_at,        -- of the article, UTC
    coalesce(spoken.says, statement.speaker) as speaker, -- canonical name, or the words of the text
    case when spoken.says is null then statement.speaker_id else named.id end as speaker_id, -- listed name, null where unlinked
    statement.speaker_start_char,   -- character offset into title, empty line, body
    statement.speaker_end_char,     -- its end
    statement.target,               -- target of the topic
    coalesce(judged.says, statement.stance) as stance, -- supportive, opposed, neutral
    statement.start_char,           -- evidence, character offset
    statement.end_char,             -- its end
    statement.evidence,             -- the words between the offsets
    statement.cue,                  -- the words that decided
    statement.attribution,          -- direct, indirect, act, ascribed
    case when spoken.says is null and judged.says is null then statement.confidence else 1 end as confidence, -- 0..1; 1 where an analyst corrected it
    case when spoken.says is null and judged.says is null then statement.method else 'correction' end as method -- name and version of the rules, or correction
from core.statement as statement
anti join core.reread as reread on reread.article_id = statement.article_id and reread.since > statement.batch
left join (
    select article_id, start_char, subject, max_by(says, batch) as says
    from core.correction where kind = 'speaker' group by article_id, start_char, subject
) as spoken
on spoken.article_id = statement.article_id and spoken.start_char = statement.start_char
and spoken.subject = statement.speaker
left join (select name, max_by(id, batch) as id from core.entity group by name) as named on named.name = spoken.says
left join (
    select article_id, start_char, subject, max_by(says, batch) as says
    from core.correction where kind = 'stance' group by article_id, start_char, subject
) as judged
on judged.article_id = statement.article_id and judged.start_char = statement.start_char
and judged.subject = coalesce(spoken.says, statement.speaker);

-- Mentions in articles that count as news.
create or replace view core.news_mention as
select mentions.*
from mentions
anti join core.no_news as no_news on no_news.article_id = mentions.article_id;

-- The same of a span of time, of listed names, or of one of them (id, name or any spelling) where `about` is not null:
-- article_id, first_seen_at, entity_id. The mentions of the span and name are looked up first. A name that is not listed
-- is an error.
create or replace macro core.named_between(since, until, about) as table
select told.article_id, told.first_seen_at, told.entity_id
from (
    select article_id, batch, first_seen_at, entity_id
    from core.mention
    where first_seen_at >= since and first_seen_at < until and entity_id is not null
    and (about is null or entity_id in (select entity_id from core.listed_ids(about)))
) as told
anti join core.reread as reread on reread.article_id = told.article_id and reread.since > told.batch
anti join core.no_news as no_news on no_news.article_id = told.article_id;

-- Statements in articles that count as news.
create or replace view core.news_statement as
select statements.*
from statements
anti join core.no_news as no_news on no_news.article_id = statements.article_id;

-- Polled sources as they stand at an instant (timestamptz): the columns of the view feeds. Silent is a feed that answers
-- and has brought nothing for longer than five times what is usual for it, three days at least and four weeks at most.
create or replace macro feeds_at(instant) as table
with asked as (
    select instant::timestamptz as at  -- a day or a text that an analyst writes is one too
),
entry as (
    select
        feed_url, count(*) as entry_count, count(*) filter (where label <> 'off') as topic_count,
        max(counted_at) as newest_at
    from core.entry
    group by feed_url
),
judged as (
    select
        feed.*, state.*, coalesce(entry.entry_count, 0) as entry_count, coalesce(entry.topic_count, 0) as topic_count,
        entry.newest_at,
        case
            when state.polled_at is null then 'never'
            when state.outcome = 'gone' then 'dead'
            when state.outcome = 'lost' and state.failing_since <= asked.at - interval 7 day then 'dead'
            when state.failing_since <= asked.at - interval 30 day then 'dead'
            when state.outcome = 'blocked' then 'blocked'
            when state.outcome = 'waiting'
            and coalesce(state.failing_since, asked.at) > asked.at - interval 7 day then 'waiting'
            when state.failure_count > 0 then 'broken'
            when entry.newest_at is null then 'silent'
            when entry.newest_at < asked.at - to_seconds(
                greatest(3 * 86400.0, least(5 * coalesce(state.usual_seconds, 0.0), 28 * 86400.0))
            ) then 'silent'
            when state.outcome = 'not_modified' then 'not_modified'
            else 'ok'
        end as state
    from core.current_feed as feed
    cross join asked
    left join (select * exclude (batch) from core.feed_state) as state on state.feed_url = feed.feed_url
    left join entry on entry.feed_url = feed.feed_url
)
select
    feed_url, outlet_id, outlet, outlet_ar, country, line, family, state,
    case
        when state = 'silent' and newest_at is null then 'it answers, and has never had an entry'
        when state = 'waiting' then reason || ', until ' || strftime(next_poll_at at time zone 'UTC', '%Y-%m-%d %H:%M')
        when state = 'silent' then 'nothing since ' || strftime(newest_at at time zone 'UTC', '%Y-%m-%d')
        else coalesce(reason, '')
    end as reason,
    polled_at, succeeded_at, next_poll_at, failure_count, failing_since, coalesce(moved_to, '') as moved_to,
    usual_seconds / 3600.0 as usual_hours, entry_count, topic_count, newest_at
from judged;

-- Polled sources: outlet, health, what came of them; as of the last that was heard.
create or replace view feeds as
select
    feed_url,           -- as listed
    outlet_id,          -- stable slug
    outlet,             -- name of the publisher
    outlet_ar,          -- its Arabic name
    country,            -- ISO 3166-1 alpha-2
    line,               -- editorial line in our own coarse words
    family,             -- publisher family
    state,              -- ok, not_modified (nothing new last time), silent, waiting (its host named a time), blocked, broken, dead, never
    reason,             -- why it is silent, waiting, blocked, broken or dead, else empty
    polled_at,          -- last try, UTC
    succeeded_at,       -- last success, UTC
    next_poll_at,       -- not before, UTC
    failure_count,      -- failures in a row
    failing_since,      -- first of them, UTC
    moved_to,           -- where permanent redirects lead; another site is not taken over until it is listed
    usual_hours,        -- between two entries, when it last brought any; null in its first hours
    entry_count,        -- entries ever sighted
    topic_count,        -- of those, on or near the topic by title and summary
    newest_at           -- when it last brought an entry that was new to us, UTC
from feeds_at((select max(last_at) from core.span));

-- What searches found, and whether the publisher's own page for it is known; only that page is ever read.
create or replace view discoveries as
select
    search.feed_url,                        -- the search
    search.seen_at,                         -- first sighting, UTC
    discovery.headline,                     -- as the search gives it, without the publisher
    discovery.publisher,                    -- as the search names it
    discovery.publisher_url,                -- as the search names it
    discovery.outcome,                      -- matched, not_in_own_feeds, unknown_publisher
    own.url as own_url,                     -- the publisher's own entry, null where none is known
    own.feed_url as own_feed_url            -- the feed that has it
from core.discovery as discovery
join core.entry as search on search.entry_id = discovery.entry_id
left join core.entry as own on own.entry_id = discovery.own_entry_id
qualify row_number() over (partition by discovery.entry_id order by discovery.batch desc) = 1;

-- What did not become an article, and why.
create or replace view drops as
select
    url,            -- of what was dropped
    stage,          -- poll, fetch, extract, topic, store
    reason,         -- a short stable word
    detail,         -- what exactly
    feed_url,       -- feed it came from, empty where none
    dropped_at      -- UTC
from core.drop;

-- Spikes and other alarms that were raised.
create or replace view alerts as
select
    kind,           -- spike, silent_feed, ...
    subject,        -- topic, entity or feed
    day_on,         -- UTC day it is about
    level,          -- watch or alert
    detail,         -- figures that led to it
    raised_at       -- UTC
from core.alert;
