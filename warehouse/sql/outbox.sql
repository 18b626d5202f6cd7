-- name: new_mails
insert into core.outbox
select staged.*
from staged
anti join core.outbox as known on known.message_id = staged.message_id

-- name: due
with newest as (
    select *
    from core.sending
    qualify row_number() over (partition by message_id order by batch desc) = 1
)
select
    mail.message_id, mail.recipient, mail.subject, mail.payload, mail.composed_at,
    'pending', coalesce(newest.attempt_count, 0), newest.next_try_at, coalesce(newest.answer, '')
from core.outbox as mail
left join newest on newest.message_id = mail.message_id
where newest.message_id is null or (newest.state = 'pending' and newest.next_try_at <= $1)
order by mail.composed_at, mail.batch, mail.message_id
