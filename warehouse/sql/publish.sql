-- name: lacks_nothing
select batch = (select coalesce(max(batch), 0) from source.core.ledger) from target.core.publication

-- name: turn
select turn from core.publication

-- name: publication
select face, batch from target.core.publication

-- name: create_publication
-- The last batch this file holds; one row.
create table core.publication (
    face varchar,       -- checksum of the shape of tables, views and macros
    batch bigint,       -- newest ledger.batch in this file
    turn bigint         -- times that this file was brought up to date: which part of it is looked at next
);
insert into core.publication values ('', 0, 0);

-- name: note_publication
update core.publication
set
    face = ?,
    batch = (select coalesce(max(batch), 0) from source.core.ledger),
    turn = turn + 1

-- name: comments
select 'table' as kind, 'core.' || table_name as name, comment
from duckdb_tables()
where database_name = 'source' and schema_name = 'core' and table_name = $table and comment is not null
union all
select 'column', 'core.' || table_name || '.' || column_name, comment
from duckdb_columns()
where database_name = 'source' and schema_name = 'core' and table_name = $table and comment is not null

-- name: inherited_comments
select 'core.' || shown.table_name || '.' || shown.column_name, kept.comment
from duckdb_columns() as shown
join duckdb_columns() as kept
on  kept.database_name = shown.database_name and kept.schema_name = 'core'
and shown.table_name in ('current_' || kept.table_name, 'news_' || kept.table_name) and kept.column_name = shown.column_name
where shown.database_name = current_database() and shown.schema_name = 'core' and shown.comment is null

-- name: append_newer
insert into core.{table}
from source.core.{table}
where batch > (select batch from core.publication)

-- name: remove_replaced
delete from core.{table}
where {key} in (select {key} from source.core.{table} where batch > (select batch from core.publication))

-- name: copy_table
create table core.{table} as from source.core.{table}
