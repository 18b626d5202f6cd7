-- Search: words in any spelling, answered from the index of folded words; texts are read for snippets only.

-- Where the words of a phrase stand side by side, the first behind any clitic; a listed name stands for all its
-- spellings: text_id, article_id, number, place, word_count (of the spelling found), is_in_title. Newest readings only.
create or replace macro core.places_of(text) as table
with spellings as (
    select ar_fold(text) as phrase
    union
    select words
    from core.spelling
    where entity_id in (select entity_id from core.entity_ids(text))
),
parts as (
    select phrase, len(string_split(phrase, ' ')) as word_count,
        unnest(string_split(phrase, ' ')) as part, generate_subscripts(string_split(phrase, ' '), 1) - 1 as nth
    from spellings
    where phrase <> ''
),
spelt as (
    select parts.phrase, parts.word_count, parts.nth, word.word_id
    from parts
    join core.word as word on word.word = parts.part
    where parts.nth > 0
    union all
    select parts.phrase, parts.word_count, parts.nth, word.word_id
    from parts
    join core.word as word
    on suffix(word.word, parts.part)
    and regexp_full_match(left(word.word, length(word.word) - length(parts.part)), '[وفبكلا]{0,4}')
    where parts.nth = 0
),
standing as (
    select spelt.phrase, spelt.word_count, unnest(list_transform(stood.places, lambda place: place - spelt.nth)) as start
    from (select * from core.word_place where word_id in (select word_id from spelt)) as stood
    join spelt on spelt.word_id = stood.word_id
),
starts as (
    select start, max(word_count) as word_count
    from (select start, word_count from standing group by phrase, start, word_count having count(*) = word_count)
    group by start
)
select
    told.text_id, told.article_id, told.number, start % 65536 as place, starts.word_count,
    start % 65536 < told.title_count as is_in_title
from starts
join core.word_text as told on told.text_id = starts.start // 65536
anti join core.revision as later on later.article_id = told.article_id and later.number > told.number;

-- The best articles that contain a phrase, in any spelling and behind any clitic; a listed name finds all its
-- spellings, many words only side by side. Found in the title first, then the most hits, then the newest: article_id,
-- title, url, outlet, first_seen_at, hit_count, snippet (words around the first hit). 100, or as many as `best` says.
create or replace macro search(text, best := 100) as table
with ranked as (
    select
        text_id, any_value(article_id) as article_id, any_value(number) as number, count(*) as hit_count,
        bool_or(is_in_title) as is_in_title,
        arg_min({'place': place, 'width': word_count}, row(is_in_title, place)) as shown
    from core.places_of(text)
    group by text_id
    order by is_in_title desc, hit_count desc, text_id desc
    limit best
),
told as (
    select
        ranked.*, article.id, article.url, article.outlet, article.first_seen_at,
        coalesce(revision.title, article.title) as title, coalesce(revision.body, article.body) as body
    from ranked
    join core.article as article on article.id = ranked.article_id
    left join core.revision as revision
    on revision.article_id = ranked.article_id and revision.number = ranked.number
)
select
    article_id, title, url, outlet, first_seen_at, hit_count,
    trim(regexp_replace(array_to_string(list_slice(
        regexp_extract_all(title, '$word_pattern') || [' '] || regexp_extract_all(body, '$word_pattern'),
        greatest(shown.place - 7, 1), shown.place + shown.width + 8
    ), ''), '\s+', ' ', 'g')) as snippet
from told
order by is_in_title desc, hit_count desc, text_id desc;
