-- name: append_postings
-- 48 of the 64 bits, two bytes a posting less: of 80 million hashes in a window one in a million has a namesake.
insert into core.posting
select $batch, probe.hash >> 16, probe.article_id, $version, $day
from probe
anti join core.sketch as sketch
on  sketch.article_id = probe.article_id and sketch.text_key = probe.text_key and sketch.version = $version

-- name: append_terms
insert into core.term
select $batch, head.term, head.article_id, $day
from head
anti join core.sketch as sketch
on  sketch.article_id = head.article_id and sketch.text_key = head.text_key and sketch.version = $version

-- name: append_sketches
insert into core.sketch
select $batch, asked.article_id, asked.text_key, asked.token_count, $version, $day
from asked
anti join core.sketch as sketch
on  sketch.article_id = asked.article_id and sketch.text_key = asked.text_key and sketch.version = $version

-- name: open_window
-- The only read of the postings: those of the days asked for, which lie side by side.
create or replace temp table windowed as
select asked_for.hash, posting.article_id
from core.posting as posting
join (select distinct hash, hash >> 16 as kept from probe) as asked_for on asked_for.kept = posting.hash
where posting.day_on > $first and posting.day_on <= $last and posting.version = $version
group by asked_for.hash, posting.article_id

-- name: count_window
create or replace temp table counted as
select hash, count(*) as document_count from windowed group by hash

-- name: store_counts
select probe.article_id, list(counted.hash), list(counted.document_count)
from probe
join counted on counted.hash = probe.hash
group by probe.article_id

-- name: candidates
-- A shared hash says the more the fewer texts hold it: what forty texts repeat leads to few of them.
-- Of two texts of one batch the later is compared with the earlier, never the other way round.
-- Weights are whole numbers: a sum of fractions would hang on the order in which rows were kept, and so would its ties.
with shared as (
    select probe.article_id as asking_id, windowed.article_id as found_id, sum(1_000_000_000 // counted.document_count) as weight
    from probe
    join counted on counted.hash = probe.hash and counted.document_count <= $common_limit
    join windowed on windowed.hash = probe.hash and windowed.article_id <> probe.article_id
    left join asked as other on other.article_id = windowed.article_id
    where other.position is null or other.position < probe.position
    group by all
    having count(*) >= $shared_floor
),
best as (
    select asking_id, found_id
    from shared
    qualify row_number() over (partition by asking_id order by weight desc, found_id) <= $candidate_limit
),
equal as (
    select asked.article_id as asking_id, sketch.article_id as found_id
    from asked
    join core.sketch as sketch
    on  sketch.text_key = asked.text_key and sketch.version = $version and sketch.article_id <> asked.article_id
    left join asked as other on other.article_id = sketch.article_id
    where other.position is null or other.position < asked.position
    qualify row_number() over (partition by asked.article_id order by sketch.batch, sketch.article_id) <= $candidate_limit
),
itself as (
    select asked.article_id as asking_id, asked.article_id as found_id
    from asked
    semi join core.article as article on article.id = asked.article_id
)
select asking_id, found_id from best
union
select asking_id, found_id from equal
union
select asking_id, found_id from itself
order by all

-- name: told
-- Leads of the days before that say what few others say; a term is known by 32 bits, so two rare ones are asked.
with windowed as (
    select term.term, term.article_id, max(term.day_on) as day_on
    from core.term as term
    semi join head on head.term = term.term
    where term.day_on > $first and term.day_on <= $last
    group by term.term, term.article_id
),
counted as (
    select term, count(*) as document_count from windowed group by term having count(*) <= $common_limit
),
shared as (
    select
        head.article_id as asking_id, windowed.article_id as found_id, max(windowed.day_on) as day_on,
        sum(1_000_000_000 // counted.document_count) as weight
    from head
    join counted on counted.term = head.term
    join windowed on windowed.term = head.term and windowed.article_id <> head.article_id
    left join asked as other on other.article_id = windowed.article_id
    where other.position is null or other.position < head.position
    group by head.article_id, windowed.article_id
    having count(*) >= $shared_floor
)
select asking_id, found_id, day_on
from shared
qualify row_number() over (partition by asking_id order by weight desc, found_id) <= $candidate_limit
order by asking_id, weight desc, found_id

-- name: newest_texts
select article.id, coalesce(newest.title, article.title), coalesce(newest.body, article.body)
from core.article as article
semi join staged on staged.key = article.id
left join (
    select article_id, title, body
    from core.revision
    qualify row_number() over (partition by article_id order by number desc) = 1
) as newest on newest.article_id = article.id
