-- +goose Up
ALTER TABLE api_keys DROP CONSTRAINT api_keys_role_check;
ALTER TABLE api_keys ADD CONSTRAINT api_keys_role_check CHECK (role IN ('courier', 'officer', 'admin'));

-- The communes that an officer's key writes in.
CREATE TABLE api_key_communes (
    key_id  bigint NOT NULL REFERENCES api_keys,
    unit_id bigint NOT NULL REFERENCES admin_units,
    PRIMARY KEY (key_id, unit_id)
);

-- +goose Down
DROP TABLE api_key_communes;
DELETE FROM api_keys WHERE role <> 'admin';
ALTER TABLE api_keys DROP CONSTRAINT api_keys_role_check;
ALTER TABLE api_keys ADD CONSTRAINT api_keys_role_check CHECK (role IN ('admin'));
