-- Search: words in any spelling, answered from the index of folded words; texts are read for snippets only.

-- What may stand before a word, written together with it: and, so; in, to, like; the; and their chains. Of "to the" (لل)
-- the first letter of the article is not written.
create or replace view core.front as
select
    front,                                                          -- folded
    contains(front, 'ال') or contains(front, 'لل') as is_article    -- "the" is part of it: hardly ever part of the word
from (
    select joined || preposition || article as front
    from (values (''), ('و'), ('ف')) as conjunctions(joined)
    cross join (values (''), ('ب'), ('ل'), ('ك')) as prepositions(preposition)
    cross join (values (''), ('ال')) as articles(article)
    union all
    select joined || 'لل'
    from (values (''), ('و'), ('ف')) as conjunctions(joined)
);

-- A folded phrase, and what is left when a front is taken off its first word: words, front.
create or replace macro core.bared(phrase) as table
select substring(phrase, length(front) + 1) as words, front
from core.front
where starts_with(phrase, front)
and (front = '' or length(regexp_extract(substring(phrase, 1, 40), '^[^ ]*')) between length(front) + 3 and 32);

-- A folded phrase with its numbers written otherwise, a list: thousands set apart or not (3,000 is folded to two words),
-- and a year at its end with or without the letter of its calendar (Hijri, Gregorian).
create or replace macro core.numbers_otherwise(phrase) as
[
    regexp_replace(  -- twice, as a million is set apart twice
        regexp_replace(phrase, '([0-9]) ([0-9]{3})( |$$)', '\1\2\3', 'g'), '([0-9]) ([0-9]{3})( |$$)', '\1\2\3', 'g'
    ),
    regexp_replace(
        regexp_replace(phrase, '([0-9])([0-9]{3})( |$$)', '\1 \2\3', 'g'), '([0-9])([0-9]{3})( |$$)', '\1 \2\3', 'g'
    ),
    regexp_replace(phrase, '((?:^| )[0-9]{4}) ?[هم]$$', '\1'),
    regexp_replace(phrase, '((?:^| )[0-9]{4})(?: ?ه)?$$', '\1ه'),
    regexp_replace(phrase, '((?:^| )[0-9]{4})(?: ?م)?$$', '\1م')
];

-- Words of the index that stand for the words of a phrase, behind any front, or without the one asked with; a listed
-- name stands for all its spellings: spelling, word_count, nth (of the word in the spelling), word_id, is_exact (as
-- asked, or as listed). Words behind the first may take "the" and lose it, no more. A front that is no article is taken
-- off where the word stands at least as often without it, alone or with "the": what begins like a front is no front.
create or replace macro core.words_of(text) as table
with spellings as materialized (
    select
        row_number() over () as spelling, string_split(words, ' ') as parts,
        len(string_split(words, ' ')) as word_count, is_asked
    from (
        select words, bool_or(is_asked) as is_asked
        from (
            select ar_fold(text) as words, true as is_asked
            union all
            select unnest(core.numbers_otherwise(phrase)), false
            from (select ar_fold(text) as phrase)
            where regexp_matches(phrase, '[0-9]{3}')
            union all
            select other.words, named.front = ''
            from core.spelling as other
            join (
                select spelling.entity_id, min(bared.front) as front
                from core.spelling as spelling
                join core.bared(ar_fold(text)) as bared on bared.words = spelling.words or spelling.entity_id = text
                group by spelling.entity_id
            ) as named on named.entity_id = other.entity_id
        )
        where words <> ''
        group by words
    )
),
parts as (
    select spelling, word_count, is_asked, unnest(parts) as part, generate_subscripts(parts, 1) - 1 as nth
    from spellings
),
bare as materialized (
    select parts.*, front.front as taken, front.is_article, substring(part, length(front.front) + 1) as word
    from parts
    join core.front as front on starts_with(part, front.front)
    where front.front = '' or (length(part) between length(front.front) + 3 and 32 and (nth = 0 or front.front = 'ال'))
),
known as materialized (
    select
        spelling, word_count, nth, taken, bare.is_article, word.word_id, front.front in ('', 'ال') as is_plain,
        is_asked and front.front = taken as is_exact
    from bare
    join core.front as front on nth = 0 or front.front in ('', 'ال')
    join core.word as word on word.word = front.front || bare.word
),
told as (
    select word_id, sum(place_count) as place_count
    from core.word_place
    where word_id in (select word_id from known)
    group by word_id
)
select spelling, any_value(word_count) as word_count, nth, word_id, bool_or(is_exact) as is_exact
from (
    select
        known.*,
        coalesce(sum(place_count) filter (where is_plain) over (partition by spelling, nth, taken), 0) as bare_count,
        coalesce(sum(place_count) filter (where is_plain and taken = '') over (partition by spelling, nth), 0)
            as asked_count
    from known
    join told on told.word_id = known.word_id
)
where taken = '' or is_article or bare_count >= asked_count
group by spelling, nth, word_id;

-- Where the words of a phrase stand side by side (core.words_of): text_id, article_id, number, place, word_count (of the
-- spelling found), is_exact, is_in_title. Newest readings only.
-- The rarest word of a spelling is looked up first, and of the others only what stands beside it. Where the rarest
-- stands in more than `most` places, those of the newest texts count, some `most` of them.
create or replace macro core.places_of(text, most := 200000) as table
with spelt as materialized (
    from core.words_of(text)
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
    select spelt.spelling, spelt.word_count, spelt.is_exact, unnest(placed.places) - newest.nth as start
    from core.word_place as placed
    join newest on newest.first_id = placed.first_id
    join spelt on spelt.spelling = newest.spelling and spelt.nth = newest.nth and spelt.word_id = placed.word_id
),
beside as (
    select spelt.spelling, spelt.is_exact, unnest(placed.places) - spelt.nth as start
    from core.word_place as placed
    join newest on newest.first_id = placed.first_id
    join spelt on spelt.spelling = newest.spelling and spelt.nth <> newest.nth and spelt.word_id = placed.word_id
),
starts as (
    select start, max(word_count) as word_count, bool_or(is_exact) as is_exact
    from (
        select spelling, start, any_value(word_count) as word_count, bool_and(is_exact) as is_exact
        from (
            select spelling, start, word_count, is_exact from begun
            union all
            select beside.spelling, beside.start, begun.word_count, beside.is_exact
            from beside
            join begun on begun.spelling = beside.spelling and begun.start = beside.start
        )
        group by spelling, start
        having count(*) = any_value(word_count)
    )
    group by start
)
select
    told.text_id, told.article_id, told.number, start % 65536 as place, starts.word_count, starts.is_exact,
    start % 65536 < told.title_count as is_in_title
from starts
join core.word_text as told on told.text_id = starts.start // 65536
anti join core.revision as later on later.article_id = told.article_id and later.number > told.number;

-- The best articles that contain a phrase, in any spelling, behind any clitic (and, so, in, to, like, the) and without
-- the one asked with; a listed name finds all its spellings, many words only side by side. The words as asked come
-- first, then those in the title, then the most hits, then the newest: article_id, title, url, outlet, first_seen_at,
-- hit_count, snippet (words around the first hit). 25, or as many as `best` says; of a phrase whose rarest word stands in
-- more than 200,000 places the newest texts with some 200,000 are looked at.
create or replace macro search(text, best := 25) as table
with ranked as materialized (
    select
        text_id, any_value(article_id) as article_id, any_value(number) as number, count(*) as hit_count,
        bool_or(is_exact) as is_exact, bool_or(is_in_title) as is_in_title,
        arg_min({'place': place, 'width': word_count}, row(not is_exact, is_in_title, place)) as shown
    from core.places_of(text)
    group by text_id
    order by is_exact desc, is_in_title desc, hit_count desc, text_id desc
    limit best
),
kept as materialized (
    select ranked.*, article.rowid as row_number
    from ranked
    join core.article as article on article.id = ranked.article_id
),
told as (
    -- By row number the engine reads the bodies of these alone, by key those of all.
    select
        kept.*, article.url, article.outlet, article.first_seen_at,
        coalesce(revision.title, article.title) as title, coalesce(revision.body, article.body) as body
    from kept
    join core.article as article on article.rowid = kept.row_number
    left join core.revision as revision
    on revision.article_id = kept.article_id and revision.number = kept.number
)
select
    article_id, title, url, outlet, first_seen_at, hit_count,
    trim(regexp_replace(array_to_string(list_slice(
        regexp_extract_all(title, '$word_pattern') || [' '] || regexp_extract_all(body, '$word_pattern'),
        greatest(shown.place - 7, 1), shown.place + shown.width + 8
    ), ''), '\s+', ' ', 'g')) as snippet
from told
order by is_exact desc, is_in_title desc, hit_count desc, text_id desc;
