-- name: known_mails
select message_id
from core.outbox
where message_id in (select unnest($1::varchar[]))

-- name: newest
select *
from core.sending
qualify row_number() over (partition by message_id order by batch desc) = 1

-- name: due
-- What was tried in the future was tried by a clock that was wrong. A mail that keeps the server busy stands behind the
-- fresh ones.
with newest as ({newest})
select
    mail.message_id, mail.recipient, mail.subject, mail.payload, mail.composed_at,
    'pending', coalesce(newest.attempt_count, 0), newest.next_try_at, coalesce(newest.answer, '')
from core.outbox as mail
left join newest on newest.message_id = mail.message_id
where newest.message_id is null or (newest.state = 'pending' and (newest.next_try_at <= $1 or newest.tried_at > $1))
order by coalesce(newest.attempt_count, 0), mail.composed_at, mail.batch, mail.message_id

-- name: refused
with newest as ({newest})
select
    mail.message_id, mail.recipient, mail.subject, mail.payload, mail.composed_at,
    newest.state, newest.attempt_count, newest.next_try_at, newest.answer
from core.outbox as mail
join newest on newest.message_id = mail.message_id
where newest.state = 'dead' and newest.tried_at >= $1
order by mail.composed_at, mail.batch, mail.message_id

-- name: unsent
with newest as ({newest})
select state, answer, count(*)
from newest
where state = 'pending' or (state = 'dead' and tried_at >= $1)
group by state, answer
order by count(*) desc, state, answer

-- name: forget
update core.outbox
set payload = ''::blob
where octet_length(payload) > 0 and message_id in (
    select message_id
    from core.sending
    group by message_id
    having max_by(state, batch) <> 'pending' and max(tried_at) < $1
)

-- name: memories
-- A window that ends days from now was told by a clock that was wrong.
select
    subscription, max(until_at), min(since_at),
    coalesce(list(until_at) filter (where message_id is not null and until_at > $1), [])
from core.digest
where until_at < $2
group by subscription

-- name: told
select told.subscription, told.story_id, sum(told.own_count)::integer, list_distinct(flatten(list(told.voices)))
from core.told as told
join core.digest as digest on digest.subscription = told.subscription and digest.batch = told.batch
where digest.until_at > $1
group by told.subscription, told.story_id
