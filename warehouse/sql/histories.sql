-- name: begin
-- The instant is that of the batch before: days are counted up to the newest one.
insert into core.ledger
select
    coalesce(max(batch), 0) + 1, $kind || uuid(), '', coalesce(arg_max(written_at, batch), get_current_timestamp()), 0
from core.ledger

-- name: published
select batch from core.publication

-- name: history
select batch, batch_id, written_at
from {schema}.ledger
where batch = $batch or starts_with(batch_id, $kind)
