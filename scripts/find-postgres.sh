#!/usr/bin/env bash
# Prints the folder of the newest PostgreSQL server programs (14 or newer) on
# this machine that has the PostGIS extension. Prints nothing and exits 1 when
# there is none. Debian keeps them off the PATH, one folder a version.
set -euo pipefail

oldest=14

# has_postgis BIN: whether the server of this folder can be used.
has_postgis() {
  local bin=$1 program version
  for program in initdb pg_ctl postgres psql pg_config; do
    [[ -x $bin/$program ]] || return 1
  done
  version=$("$bin/pg_config" --version) # "PostgreSQL 15.18 (Debian …)"
  version=${version#PostgreSQL }
  ((${version%%[!0-9]*} >= oldest)) || return 1
  [[ -e $("$bin/pg_config" --sharedir)/extension/postgis.control ]]
}

candidates() {
  printf '%s\n' /usr/lib/postgresql/*/bin | sort --version-sort --reverse
  if command -v initdb >/dev/null; then
    dirname "$(readlink -f "$(command -v initdb)")"
  fi
}

while read -r bin; do
  if has_postgis "$bin"; then
    echo "$bin"
    exit 0
  fi
done < <(candidates)
exit 1
