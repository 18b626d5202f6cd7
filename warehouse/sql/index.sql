-- name: create_index
-- Folded words of the texts that search knows.
create table core.word (
    word varchar,       -- folded: all spellings that readers take for one
    word_id integer     -- counted from 1 in the order of publishing
);

-- Texts that search knows: each article as first read, and each later reading of it.
create table core.word_text (
    text_id integer,        -- counted from 1 in the order of publishing
    article_id bigint,      -- article.id
    number integer,         -- revision.number, 0 for the text as first read
    title_count integer     -- words of the title: places below it stand there
);

-- Where each word stands: a row a word and run of texts. Short runs at the end are merged as texts come, so that few
-- rows are to be looked at.
create table core.word_place (
    first_id integer,       -- text_id of the first text of the run
    word_id integer,        -- word.word_id
    place_count integer,    -- places: what looking at them costs, known without reading them
    places bigint[]         -- 65536 x text_id + place in the text: title from 0, a gap of one, body
);

-- Runs of texts in word_place.
create table core.word_run (
    first_id integer,       -- text_id of its first text
    text_count integer      -- texts
);

-- Names and spellings of the listed entities, folded.
create table core.spelling (
    entity_id varchar,      -- entity.id
    words varchar           -- folded
);

-- Speakers that are no listed names, folded.
create table core.speaker_spelling (
    surface varchar,        -- the words of the text
    words varchar           -- folded
);

-- name: unindexed
-- Texts a batch brings that the readers' file does not hold.
with texts as (
    select batch from source.core.article
    union all
    select batch from source.core.revision
)
select batch, count(*)
from texts
where batch > (select batch from core.publication)
group by batch
order by batch

-- name: texts
select id, number, title, body
from (
    select batch, first_seen_at, id, 0 as number, title, body
    from source.core.article
    where batch between $first and $last
    union all
    select batch, seen_at, article_id, number, title, body
    from source.core.revision
    where batch between $first and $last
)
order by batch, first_seen_at, id, number
limit $count offset $start

-- name: last_text
select coalesce(max(text_id), 0) from core.word_text

-- name: append_texts
insert into core.word_text
select text_id, article_id, number, title_count
from read

-- name: append_run
insert into core.word_run
select min(text_id), count(*)
from read

-- name: short_runs
select first_id, text_count
from core.word_run
where first_id > (select coalesce(max(first_id), 0) from core.word_run where text_count >= $whole)
order by first_id

-- name: merge_places
create or replace temp table merged as
select min(first_id) over () as first_id, word_id, place_count, places
from (
    select
        min(first_id) as first_id, word_id, sum(place_count) as place_count,
        flatten(list(places order by first_id)) as places
    from core.word_place
    where first_id >= $first
    group by word_id
)

-- name: remove_places
delete from core.word_place
where first_id >= $first

-- name: append_merged
insert into core.word_place
select first_id, word_id, place_count, places
from merged
order by word_id

-- name: merge_runs
create or replace temp table merged as
select min(first_id) as first_id, sum(text_count) as text_count
from core.word_run
where first_id >= $first

-- name: remove_runs
delete from core.word_run
where first_id >= $first

-- name: append_merged_run
insert into core.word_run
from merged

-- name: drop_merged
drop table merged

-- name: append_words
insert into core.word
select placed.word, (select coalesce(max(word_id), 0) from core.word) + row_number() over (order by placed.word)
from placed
anti join core.word as known on known.word = placed.word

-- name: append_places
insert into core.word_place
select (select min(text_id) from read), known.word_id, len(placed.places), placed.places
from placed
join core.word as known on known.word = placed.word
order by known.word_id

-- name: has_newer_entities
select exists (from source.core.entity where batch > (select batch from core.publication))

-- name: spellings
select id, unnest([name, name_ar] || aliases)
from source.core.entity
qualify row_number() over (partition by id order by batch desc) = 1

-- name: remove_spellings
delete from core.spelling

-- name: append_spellings
insert into core.spelling
select distinct entity_id, words
from spelt
where words <> ''

-- name: newer_speakers
select distinct said.speaker
from source.core.statement as said
anti join core.speaker_spelling as known on known.surface = said.speaker
where said.batch > (select batch from core.publication) and said.speaker_id is null

-- name: append_speakers
insert into core.speaker_spelling
select surface, words
from spelt
