-- name: forget_posting
delete from core.posting

-- name: forget_term
delete from core.term

-- name: forget_sketch
delete from core.sketch

-- name: order_articles
-- As published where the page gives an instant that can be, else as first read: the same whenever it came in.
create or replace temp table ordered as
select
    id as article_id,
    case
        when published_precision = 'instant' and not coalesce(is_implausible, false) and published_at is not null
        then published_at
        else first_seen_at
    end as told_at
from core.article

-- name: days
select distinct (told_at at time zone 'UTC')::date as day_on from ordered order by day_on

-- name: texts_of_day
select article.id, coalesce(newest.title, article.title), coalesce(newest.body, article.body)
from ordered
join core.article as article on article.id = ordered.article_id
left join (
    select article_id, title, body
    from core.revision
    qualify row_number() over (partition by article_id order by number desc) = 1
) as newest on newest.article_id = article.id
where (ordered.told_at at time zone 'UTC')::date = $day
order by ordered.told_at, article.id

-- name: apart
select article_id, subject::bigint
from core.correction
where kind = 'grouping'
group by all
having max_by(says, batch) = 'apart'
