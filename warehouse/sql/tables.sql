-- name: append_staged
insert into core.{table} select * from staged

-- name: keep_staged
create or replace temp table {table} as select * from staged

-- name: remove_staged
delete from core.{table} where {key} in (select {key} from staged)

-- name: applied_migrations
select version, checksum from core.schema_version order by version

-- name: own_tables
select format('{}.{}', schema_name, table_name) from duckdb_tables() where database_name = current_database()

-- name: blocks
select total_blocks, used_blocks, block_size
from pragma_database_size()
where database_name = current_database()

-- name: metadata_blocks
select distinct block_id from pragma_metadata_info()

-- name: data_blocks
select distinct block_id
from (
    select unnest(list_prepend(block_id, coalesce(additional_block_ids, []))) as block_id
    from pragma_storage_info(?)
)
where block_id >= 0

-- name: read_whole
select bit_xor(hash(whole)) from {table} whole

-- name: has_schema
select count(*) > 0 from duckdb_tables() where schema_name = 'core' and table_name = 'schema_version'

-- name: note_migration
insert into core.schema_version values (?, ?, ?, get_current_timestamp())
