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

-- Where each word stands: a row a word and publishing.
create table core.word_place (
    word_id integer,        -- word.word_id
    places bigint[]         -- 65536 x text_id + place in the text: title from 0, a gap of one, body
);

-- Names and spellings of the listed entities, folded.
create table core.spelling (
    entity_id varchar,      -- entity.id
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

-- name: last_text
select coalesce(max(text_id), 0) from core.word_text

-- name: append_texts
insert into core.word_text
select text_id, article_id, number, title_count
from read

-- name: append_words
insert into core.word
select placed.word, (select coalesce(max(word_id), 0) from core.word) + row_number() over (order by placed.word)
from placed
anti join core.word as known on known.word = placed.word

-- name: append_places
insert into core.word_place
select known.word_id, placed.places
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
