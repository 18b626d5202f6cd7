-- Search: words in any spelling, answered from the index of folded words; texts are read for snippets only.

-- Where the words of a phrase stand side by side, the first behind any clitic; a listed name stands for all its
-- spellings: text_id, article_id, number, place, word_count (of the spelling found), is_in_title. Newest readings only.
-- The rarest word of a spelling is looked up first, and of the others only what stands beside it. Where the rarest
-- stands in more than `most` places, those of the newest texts count, some `most` of them.
create or replace macro core.places_of(text, most := 200000) as table
with spellings as materialized (
    select row_number() over () as spelling, string_split(words, ' ') as parts, len(string_split(words, ' ')) as word_count
    from (
        select ar_fold(text) as words
        union
        select words
        from core.spelling
        where entity_id in (select entity_id from core.entity_ids(text))
    )
    where words <> ''
),
parts as materialized (
    select spelling, word_count, unnest(parts) as part, generate_subscripts(parts, 1) - 1 as nth
    from spellings
),
spelt as materialized (
    select parts.spelling, parts.word_count, parts.nth, word.word_id
    from parts
    join core.word as word on word.word = parts.part
    where parts.nth > 0
    union all
    select parts.spelling, parts.word_count, parts.nth, word.word_id
    from parts
    join core.word as word
    on suffix(word.word, parts.part)
    and regexp_full_match(left(word.word, length(word.word) - length(parts.part)), '[وفبكلا]{0,4}')
    where parts.nth = 0
),
sized as materialized (
    select
        spelt.spelling, spelt.nth, placed.first_id, sum(placed.place_count) as place_count,
        any_value(spelt.word_count) as word_count
    from core.word_place as placed
    join spelt on spelt.word_id = placed.word_id
    group by spelt.spelling, spelt.nth, placed.first_id
),
rarest as (
    select spelling, arg_min(nth, row(place_count, nth)) as nth
    from (
        select spelling, nth, sum(place_count) as place_count, any_value(word_count) as word_count
        from sized
        group by spelling, nth
    )
    group by spelling
    having count(*) = any_value(word_count)
),
newest as materialized (
    -- Runs of texts from the newest on, until the rarest word has stood in enough places.
    select sized.spelling, sized.nth, sized.first_id
    from sized
    join rarest on rarest.spelling = sized.spelling and rarest.nth = sized.nth
    qualify coalesce(sum(sized.place_count) over (
        order by sized.first_id desc range between unbounded preceding and 1 preceding
    ), 0) < most
),
begun as materialized (
    select spelt.spelling, spelt.word_count, newest.nth, unnest(placed.places) - newest.nth as start
    from core.word_place as placed
    join newest on newest.first_id = placed.first_id
    join spelt on spelt.spelling = newest.spelling and spelt.nth = newest.nth and spelt.word_id = placed.word_id
),
beside as (
    select spelt.spelling, spelt.nth, unnest(placed.places) - spelt.nth as start
    from core.word_place as placed
    join newest on newest.first_id = placed.first_id
    join spelt on spelt.spelling = newest.spelling and spelt.nth <> newest.nth and spelt.word_id = placed.word_id
),
starts as (
    select start, max(word_count) as word_count
    from (
        select spelling, start, any_value(word_count) as word_count
        from (
            select spelling, start, word_count from begun
            union all
            select beside.spelling, beside.start, begun.word_count
            from beside
            join begun on begun.spelling = beside.spelling and begun.start = beside.start
        )
        group by spelling, start
        having count(*) = any_value(word_count)
    )
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
-- title, url, outlet, first_seen_at, hit_count, snippet (words around the first hit). 25, or as many as `best` says;
-- of a phrase whose rarest word stands in more than 200,000 places the newest texts with some 200,000 are looked at.
create or replace macro search(text, best := 25) as table
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
