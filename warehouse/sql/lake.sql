-- name: take_turn
from postgres_query('turns', 'select pg_try_advisory_xact_lock({key})')

-- name: is_quiet
-- Whether no writer's session is left: one that was killed may still be committing what it had sent.
select is_quiet
from postgres_query('turns', '
    select pg_stat_clear_snapshot()::text as cleared, not exists (
        select 1 from pg_stat_activity where datname = current_database() and application_name = ''marsad-writer''
    ) as is_quiet
')

-- name: needs_no_quiet
select true

-- name: merge_files
call ducklake_merge_adjacent_files('warehouse')

-- name: forget_snapshots
call ducklake_expire_snapshots('warehouse', older_than => now() - interval 7 days)

-- name: delete_merged
call ducklake_cleanup_old_files('warehouse', older_than => now() - interval 7 days)

-- name: delete_torn
-- Files that a killed writer left, of which the catalog knows nothing.
call ducklake_delete_orphaned_files('warehouse', older_than => now() - interval 7 days)

-- name: has_own_endpoint
select current_setting('s3_endpoint') <> '' and not suffix(current_setting('s3_endpoint'), 'amazonaws.com')
