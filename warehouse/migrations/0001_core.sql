-- Schema core: what is kept. A comment above a table and behind a column becomes its COMMENT.
-- Identity is kept by anti-joins under one writer lock, not by keys or indexes, so that the same
-- statements run on DuckDB files and on DuckLake. All rows carry the batch that wrote them.

create schema if not exists core;

-- Migrations applied to this file.
create table core.schema_version (
    version integer,            -- number of the migration
    name varchar,               -- its file name
    checksum varchar,           -- blake2b of its text
    applied_at timestamptz      -- UTC
);

-- Ingest ledger: one row a batch; of batches written in one transaction all are kept or none. A batch id found here is
-- never applied again.
create table core.ledger (
    batch bigint,               -- sequence, 1 is the first batch
    batch_id varchar,           -- given by the run, unique; restore/... where the tables were brought back from a backup
    run_id varchar,             -- cycle it belongs to
    written_at timestamptz,     -- instant the run gave it, UTC
    row_count bigint            -- rows appended with it
);

-- Cycles: a row when one starts and one when it ends.
create table core.run (
    batch bigint,               -- ledger sequence
    run_id varchar,             -- cycle
    noted_at timestamptz,       -- start or end, UTC
    state varchar,              -- started or finished
    summary json                -- counts, failed feeds, drops by reason, seconds by stage; null at the start
);

-- Feeds with their outlets; a changed outlet is a further row, the newest counts.
create table core.feed (
    batch bigint,               -- ledger sequence
    feed_url varchar,           -- as polled
    outlet_id varchar,          -- stable slug, from feeds.toml or the host
    outlet varchar,             -- name of the publisher
    outlet_ar varchar,          -- its Arabic name, empty where unknown
    country varchar,            -- ISO 3166-1 alpha-2, empty where unknown
    line varchar,               -- editorial line in our own coarse words
    family varchar              -- publisher family; copies inside one are one voice
);

-- Health of each feed between polls; one row a feed, replaced at each poll.
create table core.feed_state (
    batch bigint,               -- ledger sequence of the last poll
    feed_url varchar,           -- as polled
    polled_at timestamptz,      -- last try, UTC
    succeeded_at timestamptz,   -- last success, UTC
    next_poll_at timestamptz,   -- not before, UTC
    failure_count integer,      -- in a row
    reason varchar,             -- why the last poll failed, empty after a success
    outcome varchar,            -- of the last poll: new, not_modified, empty, blocked, gone, lost, parked, waiting, broken
    failing_since timestamptz,  -- first of the failures in a row, UTC; null after a success
    moved_to varchar,           -- where permanent redirects lead, empty where there are none
    new_count double,           -- entries not seen before, older ones weighing less (a third after a week)
    watched_seconds double,     -- time they came in, weighted alike
    usual_seconds double        -- between two entries, when it last brought any; null before
);

-- Hosts that asked for patience; one row a host. Never published.
create table core.host_pause (
    batch bigint,               -- ledger sequence
    host varchar,               -- ASCII, without port
    retry_at timestamptz        -- nothing is asked of it before, UTC
);

-- Pages that could not be had yet; one row a page, replaced at each try. Never published.
create table core.attempt (
    batch bigint,               -- ledger sequence of the last try
    url_id bigint,              -- 63-bit key of the canonical url, as in core.entry
    tried_at timestamptz,       -- last try, UTC
    try_count integer,          -- so far
    next_try_at timestamptz,    -- not before, UTC
    reason varchar              -- why there is no page
);

-- What a feed's server wants to be told at the next poll; never published.
create table core.validator (
    batch bigint,               -- ledger sequence of the last poll
    feed_url varchar,           -- as polled
    etag varchar,               -- byte-identical
    last_modified varchar,      -- byte-identical
    body_hash ubigint,          -- of the entry list last stored
    whole_at timestamptz,       -- last answer that was no 304, UTC
    not_modified_count integer, -- of 304s in a row
    is_misled boolean,          -- its validators stayed the same while its entries changed: none are sent
    gap_seconds double,         -- between two polls, as its document asks (ttl, sy:updatePeriod)
    closed_hours integer[],     -- skipHours, 0 to 23, UTC
    closed_days integer[]       -- skipDays, Monday is 0, UTC
);

-- Sightings: every entry of every feed, once.
create table core.entry (
    batch bigint,               -- ledger sequence
    entry_id bigint,            -- 63-bit key of feed url, guid and url_id
    url_id bigint,              -- 63-bit key of the canonical url, equals article.id where no redirect changes it
    feed_url varchar,           -- as polled
    guid varchar,               -- the feed's own id, or the url
    url varchar,                -- as the feed gives it
    title varchar,              -- as the feed claims; the words of the url where a sitemap names no title
    summary varchar,            -- as the feed claims
    headline_key bigint,        -- 63-bit key of the folded title without its publisher, null where it has fewer than three words
    published_at timestamptz,   -- as the feed claims, UTC, null where unreadable
    published_precision varchar,-- instant, day, month, year
    published_source varchar,   -- where the date came from
    published_raw varchar,      -- the words as written
    is_implausible boolean,     -- date readable, but outside what the fetch time allows
    updated_raw varchar,        -- when the feed says it was changed, as written; empty where it does not
    label varchar,              -- on, near, off: the filter on title and summary
    verdict varchar,            -- fetch, audit, skip
    seen_at timestamptz,        -- first sighting, UTC
    counted_at timestamptz      -- what it counts by, UTC: first sighting; of what a backfill found, its publication or null
);

-- What feeds came to say of entries that they had shown before, for which their pages are read again; the newest row of
-- an entry counts. Never published.
create table core.claim (
    batch bigint,               -- ledger sequence
    entry_id bigint,            -- as in core.entry
    url_id bigint,              -- 63-bit key of the canonical url, as in core.entry
    title varchar,              -- as the feed claims
    dated_raw varchar,          -- when it was changed, or else published, as written
    verdict varchar,            -- fetch, audit, skip: of the filter on title and summary
    noted_at timestamptz        -- UTC
);

-- What searches found. Their links lead to wrappers, so the headline is looked for in the publisher's own feeds; a further
-- row of an entry replaces the earlier one.
create table core.discovery (
    batch bigint,               -- ledger sequence
    entry_id bigint,            -- entry of the search
    headline varchar,           -- its title without the publisher
    headline_key bigint,        -- 63-bit key of the folded headline
    publisher varchar,          -- as the search names it
    publisher_url varchar,      -- as the search names it, empty where it does not
    outcome varchar,            -- matched, not_in_own_feeds, unknown_publisher
    own_entry_id bigint,        -- the publisher's own entry, null where none is known
    noted_at timestamptz        -- UTC
);

-- Documents that a backfill has read whole, so that one that was stopped goes on where it was. Never published.
create table core.backfill (
    batch bigint,               -- ledger sequence
    document_url varchar,       -- sitemap, or page of a feed
    since_on date,              -- first day asked for
    read_at timestamptz         -- UTC
);

-- Where each fetched page stands in the archive.
create table core.page (
    batch bigint,               -- ledger sequence
    url_id bigint,              -- 63-bit key of the canonical url, as in core.entry
    url varchar,                -- as asked for
    file varchar,               -- WARC file, relative to the archive folder
    start_bytes bigint,         -- offset of the record in the file
    fetched_at timestamptz      -- UTC
);

-- Articles: the text as first read. Rows are never changed.
create table core.article (
    batch bigint,               -- ledger sequence
    id bigint,                  -- 63-bit key of the canonical url
    url varchar,                -- canonical
    title varchar,              -- as first read
    body varchar,               -- as first read, a paragraph a line
    kind varchar,               -- full, summary, blocked, live, gallery, none
    published_at timestamptz,   -- as claimed, UTC, start of the period where coarser; null where unreadable
    published_precision varchar,-- instant, day, month, year
    published_source varchar,   -- json-ld, meta, time, feed, text, url
    published_raw varchar,      -- the words as written
    is_implausible boolean,     -- date readable, but outside what the fetch time allows
    modified_at timestamptz,    -- as claimed, UTC
    authors varchar[],          -- as the page names them
    outlet_id varchar,          -- stable slug
    outlet varchar,             -- name of the publisher
    country varchar,            -- of the outlet, ISO 3166-1 alpha-2
    family varchar,             -- publisher family of the outlet
    lang varchar,               -- ISO 639-1, by text
    tags varchar[],             -- as the page gives them
    feed_url varchar,           -- feed that led here
    first_seen_at timestamptz,  -- our first reading, UTC; of what a backfill found, its publication; days, spikes and alerts count by it
    method varchar              -- name and version of the extraction
);

-- On which articles of a host a line stands, until it is enough to call it furniture. Never published.
create table core.host_line (
    batch bigint,               -- ledger sequence
    host varchar,               -- of the canonical url
    line_key bigint,            -- 63-bit key of the line without digits and marks, or of a whole text
    article_id bigint           -- 63-bit key of the canonical url, also of a page that became no article
);

-- Later texts of the same url: changed by the outlet, or read otherwise from the same page by a replay.
create table core.revision (
    batch bigint,               -- ledger sequence
    article_id bigint,          -- article.id
    number integer,             -- 1 is the first change
    title varchar,              -- as read then
    body varchar,               -- as read then
    kind varchar,               -- full, summary, blocked, live, gallery, none
    modified_at timestamptz,    -- as claimed, UTC
    seen_at timestamptz,        -- our reading, UTC
    cause varchar,              -- outlet: the page changed; replay: the page was read again by other rules
    method varchar,             -- name and version of the extraction
    changes json                -- against the text before: title, numbers, names, speakers' stances; null where not known
);

-- One row a text compared: exact key over the whole history. Never published.
create table core.sketch (
    batch bigint,               -- ledger sequence
    article_id bigint,          -- article.id
    text_key bigint,            -- 63-bit key of the folded text
    token_count integer,        -- folded words
    version integer,            -- of fold, shingle and sample together
    day_on date                 -- of storing
);

-- Sampled shingle hashes, appended in the order of days so that a window of days is a run of rows. Never published.
create table core.posting (
    batch bigint,               -- ledger sequence
    hash ubigint,               -- upper 48 bits of that of a folded three-word shingle
    article_id bigint,          -- article.id
    version integer,            -- of fold, shingle and sample together
    day_on date                 -- of storing
);

-- What the head of a text says (names, deeds, rare words), by which articles on one event are found; appended in the
-- order of days. Never published.
create table core.term (
    batch bigint,               -- ledger sequence
    term uinteger,              -- 32-bit key of what is said
    article_id bigint,          -- article.id
    day_on date                 -- of storing
);

-- How one text stands to another; rows are never changed.
create table core.relation (
    batch bigint,               -- ledger sequence
    article_id bigint,          -- the later one
    other_id bigint,            -- article.id, or key of a seed text
    origin varchar,             -- of the other: article or seed
    kind varchar,               -- exact, near_dup, excerpt_of, contains, same_story
    score double,               -- 0..1
    method varchar              -- name and version of the decision
);

-- An article's place among the others. A further row replaces the earlier ones only together with a row of
-- core.superseded (part story) in its own batch; without that, all rows of an article count.
create table core.story (
    batch bigint,               -- ledger sequence
    article_id bigint,          -- article.id
    story_id bigint,            -- article.id of the story's first article
    novelty varchar,            -- new, excerpt, duplicate: as judged when the row was written
    repeats_seed boolean        -- repeats a text of the seed corpus, is no news
);

-- What the reading of one text found as a whole. A further row replaces the earlier ones only together with a row of
-- core.superseded (part reading) in its own batch; without that, all rows of an article count.
create table core.tagging (
    batch bigint,               -- ledger sequence
    article_id bigint,          -- article.id
    revision integer,           -- revision.number the offsets point into, 0 for the text as first read
    relevance varchar,          -- on, near; off where a later reading found so
    relevance_score double,     -- 0..1
    reasons varchar[],          -- why, in words
    voice varchar,              -- the outlet's own voice: supportive, opposed, neutral
    voice_start_char integer,   -- evidence, character offset into title, empty line, body; null where neutral
    voice_end_char integer,     -- its end
    balance double,             -- (supportive - opposed speakers) / speakers; null without speakers
    method varchar,             -- name and version of the rules
    agency varchar              -- news agency that the text credits; null where it credits none
);

-- Spans that name something; which count is said by core.superseded (part reading), as for core.tagging.
create table core.mention (
    batch bigint,               -- ledger sequence, equals that of its tagging
    article_id bigint,          -- article.id
    first_seen_at timestamptz,  -- of the article, UTC
    start_char integer,         -- character offset into title, empty line, body
    end_char integer,           -- its end
    surface varchar,            -- the words of the text
    type varchar,               -- PER, GPE, LOC, ORG, WEAPON, LAW
    kind varchar,               -- name, nisba, unlinked
    entity_id varchar,          -- entity.id, null where unlinked
    method varchar              -- name and version of the rules
);

-- Somebody's words, act or judgement about a target, with the evidence; which count is said by core.superseded (part
-- reading), as for core.tagging.
create table core.statement (
    batch bigint,               -- ledger sequence, equals that of its tagging
    article_id bigint,          -- article.id
    first_seen_at timestamptz,  -- of the article, UTC
    speaker varchar,            -- canonical name, or the words of the text
    speaker_id varchar,         -- entity.id, null where unlinked
    speaker_start_char integer, -- character offset into title, empty line, body
    speaker_end_char integer,   -- its end
    target varchar,             -- target of the topic
    stance varchar,             -- supportive, opposed, neutral
    start_char integer,         -- evidence, character offset
    end_char integer,           -- its end
    evidence varchar,           -- the words between the offsets
    cue varchar,                -- the words that decided
    attribution varchar,        -- direct, indirect, act, ascribed
    confidence double,          -- 0..1
    method varchar              -- name and version of the rules
);

-- What makes judgements history: rows of an article that are older than its newest row here are no longer shown. Whoever
-- writes a judgement anew writes a row here in the same batch; few rows, so that views stay quick.
create table core.superseded (
    batch bigint,               -- ledger sequence
    article_id bigint,          -- article.id
    part varchar                -- reading (tagging, mention, statement), story (story, relation): their rows of earlier batches are history
);

-- Listed names; a changed entity is a further row, the newest counts.
create table core.entity (
    batch bigint,               -- ledger sequence
    id varchar,                 -- stable slug
    name varchar,               -- English canonical name
    name_ar varchar,            -- Arabic name
    type varchar,               -- PER, GPE, LOC, ORG, WEAPON, LAW
    qid varchar,                -- Wikidata, empty where uncertain
    aliases varchar[]           -- further spellings
);

-- What did not become an article, and why.
create table core.drop (
    batch bigint,               -- ledger sequence
    url_id bigint,              -- 63-bit key of the canonical url, as in core.entry
    url varchar,                -- of what was dropped
    stage varchar,              -- poll, fetch, extract, topic, store
    reason varchar,             -- a short stable word
    detail varchar,             -- what exactly
    feed_url varchar,           -- feed it came from, empty where none
    dropped_at timestamptz      -- UTC
);

-- An analyst's corrections; they win over every later method version, the newest of each subject over the older.
create table core.correction (
    batch bigint,               -- ledger sequence
    corrected_at timestamptz,   -- UTC
    kind varchar,               -- alias, entity, speaker, stance, grouping
    article_id bigint,          -- of the statement or grouping corrected, null for names
    start_char integer,         -- of the evidence of a statement, null for all else
    subject varchar,            -- spelling, Arabic name, the speaker as found, or the id of the other article
    says varchar                -- canonical name, stance, or apart: what holds instead
);

-- Spikes and other alarms, as rows before they are mails.
create table core.alert (
    batch bigint,               -- ledger sequence
    alert_id bigint,            -- key of kind, subject, day
    kind varchar,               -- spike, silent_feed, ...
    subject varchar,            -- topic, entity or feed
    day_on date,                -- UTC day it is about
    level varchar,              -- watch or alert
    detail json,                -- figures that led to it
    raised_at timestamptz       -- UTC
);

-- Mails, frozen; never published.
create table core.outbox (
    batch bigint,               -- ledger sequence of composing
    message_id varchar,         -- deterministic: of subscriber and window
    recipient varchar,          -- mail address
    subject varchar,            -- of the mail
    payload blob,               -- the whole message, RFC 5322; empty once it is long since sent or dead
    composed_at timestamptz     -- UTC
);

-- Windows of time that subscriptions were told or that held nothing for them; they follow each other without a gap.
-- Never published.
create table core.digest (
    batch bigint,               -- ledger sequence of composing, that of its mail in core.outbox
    subscription varchar,       -- mail address, and the name of the subscription where it has one
    since_at timestamptz,       -- start of the window, UTC
    until_at timestamptz,       -- its end, not part of it, UTC
    message_id varchar          -- outbox.message_id, null where nothing was to be told
);

-- What each subscription was told of a story; its rows add up. Never published.
create table core.told (
    batch bigint,               -- ledger sequence, that of the digest
    subscription varchar,       -- as in core.digest
    story_id bigint,            -- story.story_id
    own_count integer,          -- articles in own words
    voices varchar[]            -- stance and speaker of each quote told
);

-- What became of each mail; the newest row counts. Never published.
create table core.sending (
    batch bigint,               -- ledger sequence
    message_id varchar,         -- outbox.message_id
    tried_at timestamptz,       -- UTC
    state varchar,              -- pending (delayed), sent, dead
    attempt_count integer,      -- so far
    next_try_at timestamptz,    -- not before, UTC; null when nothing is left to do
    answer varchar              -- of the mail server
);
