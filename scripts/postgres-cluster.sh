#!/usr/bin/env bash
# Makes a private PostgreSQL cluster in a temporary folder, prints its URL on
# one line once it answers, and runs it until standard input ends or a signal
# comes. Then it stops the server and removes the folder.
#
# Meant to be started by with-postgres.sh, which holds the other end of
# standard input: however that process ends, kill -9 included, the cluster
# goes with it.
#
# DIACHISO_TEST_POSTGRES_FSYNC=on   makes commits reach the disk (default off)
set -euo pipefail
unset "${!PG@}" # PGHOST, PGPORT and the like would lead psql elsewhere
export LC_ALL=C.UTF-8

die() {
  echo "postgres-cluster: $*" >&2
  exit 1
}

bin=$("$(dirname "$0")/find-postgres.sh") ||
  die "no PostgreSQL with PostGIS on this machine: run scripts/setup.sh test."

# PostgreSQL refuses to run as root: root lends the work to the user
# "postgres" of the Debian package.
as_owner=()
if ((EUID == 0)); then
  id postgres >/dev/null 2>&1 ||
    die "root needs a user \"postgres\" to run PostgreSQL as: create it, or run this as an ordinary user."
  as_owner=(runuser -u postgres --)
fi

# make_folder makes the folder the owner works in. A TMPDIR that is closed to
# the user "postgres" (libpam-tmpdir makes such) is left for /tmp.
make_folder() {
  local parent=${TMPDIR:-/tmp}
  "${as_owner[@]}" test -x "$parent" || parent=/tmp
  folder=$(mktemp -d "$parent/diachiso-postgres.XXXXXX")
  if ((EUID == 0)); then
    chown postgres: "$folder"
  fi
  cd "$folder"
}

remove_cluster() {
  trap '' INT TERM HUP PIPE
  [[ -n $folder ]] || return 0
  if [[ -e $folder/data/postmaster.pid ]]; then
    "${as_owner[@]}" "$bin/pg_ctl" stop --pgdata "$folder/data" --mode immediate --silent || true
  fi
  cd /
  rm -rf "$folder"
}

init_cluster() {
  "${as_owner[@]}" "$bin/initdb" --pgdata "$folder/data" --username postgres --auth trust \
    --encoding UTF8 --locale C.UTF-8 --no-sync --no-instructions >"$folder/initdb.log" 2>&1 ||
    die "initdb did not work: $(cat "$folder/initdb.log")"
  local fsync=${DIACHISO_TEST_POSTGRES_FSYNC:-off}
  cat >>"$folder/data/postgresql.conf" <<CONF
listen_addresses = '127.0.0.1'
unix_socket_directories = '' # a long temporary path does not fit into a socket's name
max_connections = 200
fsync = $fsync
synchronous_commit = $fsync
full_page_writes = $fsync
CONF
}

# start_server tries ports until the server gets one for itself. The range lies
# below the kernel's for outgoing connections and above the usual servers.
start_server() {
  local attempt log=$folder/server.log
  for attempt in {1..20}; do
    port=$((10000 + (RANDOM << 15 | RANDOM) % 22000))
    : >"$log"
    if ((EUID == 0)); then chown postgres: "$log"; fi
    if "${as_owner[@]}" "$bin/pg_ctl" start --pgdata "$folder/data" --log "$log" --silent --wait \
      --options "-p $port" >/dev/null 2>&1; then
      return
    fi
    grep -q 'Address already in use' "$log" || break
  done
  die "the server did not start (attempt $attempt): $(cat "$log")"
}

# make_template makes the database that tests copy: with PostGIS in, and closed
# to connections because one open connection makes every copy fail.
make_template() {
  "$bin/psql" --no-psqlrc --quiet --set ON_ERROR_STOP=1 "$url" <<'SQL'
CREATE DATABASE diachiso_template;
\connect diachiso_template
SET client_min_messages = warning;
CREATE EXTENSION postgis;
\connect postgres
ALTER DATABASE diachiso_template WITH is_template true allow_connections false;
SQL
}

folder=
trap remove_cluster EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP
trap 'exit 141' PIPE # the reader of the URL is gone
make_folder
init_cluster
start_server
url="postgres://postgres@127.0.0.1:$port/postgres?sslmode=disable"
make_template
echo "$url"
while read -r _; do :; done
