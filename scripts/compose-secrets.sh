#!/usr/bin/env bash
# Makes the secrets of compose.yaml, once: a random database password and the
# URL with it. Run again it changes nothing, for the database keeps the password
# it was made with.
#
# Compose mounts the files as they are, and the users inside the containers must
# read them: so the files are open, in a folder that is closed to all others.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=data/secrets
if [[ -s $folder/database_url ]]; then
  echo "$folder is there already"
  exit 0
fi

mkdir -p "$folder"
chmod 700 "$folder"
umask 022
password=$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')
printf '%s' "$password" >"$folder/database_password"
printf 'postgres://diachiso:%s@database:5432/diachiso?sslmode=disable' "$password" >"$folder/database_url.tmp"
mv "$folder/database_url.tmp" "$folder/database_url"
echo "made the secrets of compose.yaml in $folder"
