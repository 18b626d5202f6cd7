"""The statements of the warehouse, each under a line `-- name: ...`."""
