#!/usr/bin/env bash
# Serves the demo registry in data/, made at the first start. A database that
# the environment names is left alone: this is for trying the program out;
# bin/diachiso serve is for everything else.
set -euo pipefail
cd "$(dirname "$0")/.."
umask 077 # the keys and the registry are nobody else's business
unset DIACHISO_DATABASE_URL_FILE DIACHISO_REPLICA_URL DIACHISO_REPLICA_URL_FILE

database=data/diachiso.db
key=data/admin.key
certificate_key=data/certificate.key
unfinished=data/demo.tmp.db

# make_demo makes the registry under another name and renames it at the end,
# so that one whose making was interrupted is never taken for the whole.
make_demo() {
  echo "first start: filling $database with the demo province"
  rm -f "$unfinished"{,-wal,-shm,-journal} "$key"
  DIACHISO_DATABASE_URL=$unfinished bin/diachiso demo
  if [[ -s $unfinished-wal ]]; then
    echo "run: $unfinished was not closed cleanly, see the lines above; run this again." >&2
    return 1
  fi
  mv "$unfinished" "$database"
  rm -f "$unfinished"{-wal,-shm}
}

# make_key leaves one admin key for trying out writes.
make_key() {
  DIACHISO_DATABASE_URL=$database bin/diachiso key create --role admin --name try-out >"$key.tmp"
  mv "$key.tmp" "$key"
}

# make_certificate_key leaves a key that signs certificates of addresses.
make_certificate_key() {
  DIACHISO_DATABASE_URL=$database bin/diachiso certificate new-key >"$certificate_key.tmp" 2>/dev/null # what to do with it is done here
  mv "$certificate_key.tmp" "$certificate_key"
}

mkdir -p data
{
  flock 9 # a second start waits for the first one's demo
  if [[ ! -e $database ]]; then make_demo; fi
  if [[ ! -s $key ]]; then make_key; fi
  if [[ ! -s $certificate_key ]]; then make_certificate_key; fi
} 9>data/.first-start.lock

DIACHISO_DATABASE_URL=$database DIACHISO_CERTIFICATE_KEY_FILE=$certificate_key exec bin/diachiso serve
