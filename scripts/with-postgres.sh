#!/usr/bin/env bash
# Runs a command beside a private PostgreSQL cluster that lives exactly as long:
#
#   scripts/with-postgres.sh go test ./models/...
#
# The command finds a superuser's connection to the database "postgres" in
# DIACHISO_TEST_POSTGRES_URL and makes its own databases there, quickly, with
# CREATE DATABASE name TEMPLATE diachiso_template (PostGIS is in the template).
# The exit code is the command's. The system's PostgreSQL is never touched, and
# any number of these may run side by side.
set -euo pipefail

if (($# == 0)); then
  echo "usage: scripts/with-postgres.sh COMMAND [ARGUMENT…]" >&2
  exit 2
fi

# The cluster is in a session of its own, so that Ctrl-C or a kill of the whole
# process group can't take it away before it has cleaned up after itself. It
# lives until its input closes, which happens at the latest when this process
# is gone. The command doesn't inherit these two file descriptors.
coproc CLUSTER { exec setsid "$BASH" "$(dirname "$0")/postgres-cluster.sh"; }
cluster=$CLUSTER_PID from_cluster=${CLUSTER[0]} hold=${CLUSTER[1]}
command=

# stop_command ends what is left of the command and its children: asks, waits
# five seconds, insists.
stop_command() {
  local tenths
  for ((tenths = 0; tenths < 50; tenths++)); do
    kill -TERM -- "-$command" 2>/dev/null || return 0
    sleep 0.1
  done
  kill -KILL -- "-$command" 2>/dev/null || true
}

finish() {
  trap '' INT TERM HUP
  if [[ -n $command ]]; then
    stop_command
  fi
  exec {hold}>&-
  wait "$cluster" || true
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

if ! read -r -u "$from_cluster" DIACHISO_TEST_POSTGRES_URL; then
  echo "with-postgres: the private PostgreSQL cluster did not start" >&2
  exit 1
fi
export DIACHISO_TEST_POSTGRES_URL

# The command runs in the background, because a trap would wait for a command in
# the foreground, and in a process group of its own (set -m), so that finish
# reaches its children. Such a group may not read from a terminal.
if [[ -t 0 ]]; then
  exec </dev/null
fi
set -m
"$@" <&0 &
command=$!
set +m
wait "$command"
