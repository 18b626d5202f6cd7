-- name: relations
with described as (
    select schema_name, table_name as name, comment, 1 as rank from duckdb_tables() where schema_name = 'core'
    union all
    select schema_name, view_name, comment, if(schema_name = 'main', 0, 2)
    from duckdb_views()
    where not internal and schema_name in ('main', 'core')
)
select
    described.schema_name, described.name, described.comment, columns.column_name, columns.data_type, columns.comment
from described
join duckdb_columns() as columns
on columns.schema_name = described.schema_name and columns.table_name = described.name
order by described.rank, described.name, columns.column_index

-- name: macros
select function_name, parameters, comment
from duckdb_functions()
where database_name = current_database() and schema_name = 'main' and not internal
order by function_name
