-- name: knows
select id from core.article where id = $id

-- name: places
select article_id, arg_max(story_id, batch)
from core.story
where list_contains($ids, article_id)
group by article_id

-- name: relations_but
select other_id, origin, kind, score, method
from core.relation
where article_id = $id and not (other_id = $strange and origin = 'article')
and batch >= coalesce(
    (select max(batch) from core.superseded where part = 'story' and article_id = $id), 0
)
order by all

-- name: held
select article_id, story_id, novelty, repeats_seed
from core.story
where article_id = $id
order by batch desc
limit 1

-- name: moved
-- Relations stand strongest first in the order they were appended; a story that holds the other article is closed.
with last_place as (
    select article_id, arg_max(story_id, batch) as story_id from core.story group by article_id
),
open_to as (
    select last_place.story_id
    from core.relation as relation
    join last_place on last_place.article_id = relation.other_id
    where relation.article_id = $id and relation.origin = 'article' and last_place.story_id <> $closed
    and relation.other_id not in ($id, $strange)
    order by relation.score desc, relation.other_id
    limit 1
)
select
    story.article_id, coalesce((select story_id from open_to), $id),
    story.novelty, story.repeats_seed
from core.story as story
where story.article_id = $id
order by story.batch desc
limit 1
