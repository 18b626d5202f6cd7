-- name: known
select alert_id from core.alert
