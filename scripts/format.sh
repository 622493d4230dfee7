#!/usr/bin/env bash
# Checks or sets the format of the Go files.
#
#   scripts/format.sh check   fails and names the files that gofmt would change
#   scripts/format.sh write   changes them
set -euo pipefail
cd "$(dirname "$0")/.."

# npm packages are left out: some carry Go files of their own.
mapfile -d '' -t files < <(find . \( -name node_modules -o -name '.?*' -o -path ./data \) -prune -o -name '*.go' -type f -print0)

case ${1-} in
check)
  unformatted=$(gofmt -l "${files[@]}")
  if [[ -n $unformatted ]]; then
    printf 'gofmt would change these files; "make fmt" does it:\n%s\n' "$unformatted" >&2
    exit 1
  fi
  ;;
write)
  gofmt -w "${files[@]}"
  ;;
*)
  echo "usage: scripts/format.sh check|write" >&2
  exit 2
  ;;
esac
