-- +goose Up
ALTER TABLE api_keys ADD COLUMN revoked_at TIMESTAMP;

-- +goose Down
ALTER TABLE api_keys DROP COLUMN revoked_at;
