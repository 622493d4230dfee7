#!/usr/bin/env bash
# Sets up what this project needs and the machine lacks.
#
#   scripts/setup.sh build   Go only
#   scripts/setup.sh test    Go, and from the Debian packages PostgreSQL with PostGIS,
#                            GDAL's programs and poppler's, which read what we write
#
# Changes nothing and uses no network when everything is there already. An
# installed PostgreSQL is neither upgraded nor started, and no system cluster
# is created.
set -euo pipefail
cd "$(dirname "$0")/.."

die() {
  echo "setup: $*" >&2
  exit 1
}

require_go() {
  command -v go >/dev/null ||
    die "Go is missing: install Go $(sed -n 's/^go //p' go.mod) or newer (https://go.dev/doc/install), put it on the PATH and run this again."
  # With an older Go this downloads the right one, or says which is needed.
  go list -m >/dev/null
}

# postgis_packages: what apt has to install. The extension must fit the
# version of the server that is here, or else of the one Debian would bring.
postgis_packages() {
  local version
  version=$(printf '%s\n' /usr/lib/postgresql/*/bin/postgres | sed -n 's|.*/\([0-9][0-9]*\)/bin/postgres$|\1|p' | sort -n | tail -n 1)
  if [[ -z $version ]]; then
    version=$(apt-cache depends postgresql | sed -n 's/.*Depends: postgresql-\([0-9][0-9]*\)$/\1/p' | head -n 1)
  fi
  [[ -n $version ]] || return 1
  echo "postgresql-$version"
  echo "postgresql-$version-postgis-3"
}

# apt_get ARGUMENT…: without questions, waiting for another apt to finish; its
# hundreds of lines are shown only when it fails.
apt_get() {
  local lines
  lines=$(DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 "$@" 2>&1 </dev/null) || {
    echo "$lines" >&2
    return 1
  }
}

# install_postgis installs the packages but keeps them from making and
# starting the system's "main" cluster, which nobody asked for.
install_postgis() {
  local packages no_cluster=/etc/postgresql-common/createcluster.d/diachiso-setup.conf
  echo "setup: PostgreSQL with PostGIS is missing, fetching the package lists"
  apt_get update || die "the package lists could not be fetched: check the network connection and run this again."
  mapfile -t packages < <(postgis_packages)
  ((${#packages[@]} > 0)) ||
    die "apt knows no package postgresql: install PostgreSQL 14 or newer with PostGIS by hand and run this again."

  echo "setup: installing ${packages[*]}, which takes a minute or two"
  mkdir -p "${no_cluster%/*}"
  # shellcheck disable=SC2064 # the name is local, so it must expand now
  trap "rm -f '$no_cluster'" EXIT
  echo "create_main_cluster = false" >"$no_cluster"
  apt_get install --yes --no-install-recommends --no-upgrade "${packages[@]}" ||
    die "installing ${packages[*]} did not work: see the lines above."
}

require_postgis() {
  scripts/find-postgres.sh >/dev/null && return
  if ((EUID != 0)) || ! command -v apt-get >/dev/null; then
    die "the tests need PostgreSQL 14 or newer with PostGIS: have an administrator install it (on Debian: apt-get install postgresql postgresql-postgis) and run this again."
  fi
  install_postgis
  scripts/find-postgres.sh >/dev/null ||
    die "the packages are installed but hold no PostgreSQL 14 or newer with PostGIS: install one by hand and run this again."
}

# require_readers: the programs by which tests read maps and papers.
require_readers() {
  local packages=()
  command -v ogr2ogr >/dev/null || packages+=(gdal-bin)
  command -v pdftoppm >/dev/null || packages+=(poppler-utils)
  ((${#packages[@]} > 0)) || return 0
  if ((EUID != 0)) || ! command -v apt-get >/dev/null; then
    echo "setup: without ${packages[*]} the tests that read maps and papers with them are skipped" >&2
    return 0
  fi
  echo "setup: installing ${packages[*]}"
  apt_get update || die "the package lists could not be fetched: check the network connection and run this again."
  apt_get install --yes --no-install-recommends --no-upgrade "${packages[@]}" ||
    die "installing ${packages[*]} did not work: see the lines above."
}

case ${1-} in
build)
  require_go
  ;;
test)
  require_go
  require_postgis
  require_readers
  ;;
*)
  die "say what to set up: scripts/setup.sh build|test"
  ;;
esac
