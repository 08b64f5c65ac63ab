# What bin/demo and bin/test need on this machine, installed where a package manager is known. Sourced, not run.

fail() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        fail "this needs to run as root, and there is no sudo: $*"
    fi
}

apt_install() {
    if [ -z "${apt_is_fresh:-}" ]; then
        as_root apt-get update
        apt_is_fresh=1
    fi
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
}

need_rust() {
    if ! command -v cargo >/dev/null; then
        [ -x "$HOME/.cargo/bin/cargo" ] || fail "Rust is missing: install it from https://rustup.rs"
        PATH="$HOME/.cargo/bin:$PATH"
    fi
    if ! command -v cc >/dev/null; then
        command -v apt-get >/dev/null || fail "a C compiler is missing: install gcc or clang (macOS: xcode-select --install)"
        apt_install build-essential
    fi
}

# Looks where the binary looks; 15 is the oldest server that it takes.
has_postgres() {
    local server folder version
    for server in "$(command -v postgres || true)" /usr/lib/postgresql/*/bin/postgres /usr/pgsql-*/bin/postgres \
        /opt/homebrew/opt/postgresql*/bin/postgres /usr/local/opt/postgresql*/bin/postgres \
        /Applications/Postgres.app/Contents/Versions/*/bin/postgres; do
        [ -x "$server" ] || continue
        while [ -L "$server" ]; do
            folder=$(cd "$(dirname "$server")" && pwd -P)
            server=$(readlink "$server")
            case $server in /*) ;; *) server=$folder/$server ;; esac
        done
        [ -x "$(dirname "$server")/initdb" ] || continue
        version=$("$server" --version | sed -E 's/^.*\(PostgreSQL\) ([0-9]+).*$/\1/')
        case $version in '' | *[!0-9]*) continue ;; esac
        [ "$version" -lt 15 ] || return 0
    done
    return 1
}

need_postgres() {
    has_postgres && return 0
    if command -v apt-get >/dev/null; then
        install_postgres_by_apt
    elif command -v brew >/dev/null; then
        brew install postgresql@17
    else
        fail "Postgres 15 or newer is missing: install its server (Fedora: dnf install postgresql-server postgresql-contrib; Arch: pacman -S postgresql; Alpine: apk add postgresql17 postgresql17-contrib; macOS: Homebrew, then brew install postgresql@17), or set DATABASE_URL"
    fi
    has_postgres || fail "Postgres was installed, but no server of version 15 or newer is to be found"
}

# The package makes and starts a cluster for the whole machine, which nobody asked for; so it is told not to, just this once.
install_postgres_by_apt() {
    local conf=/etc/postgresql-common/createcluster.conf kept package=postgresql outcome=0
    apt_install postgresql-common ca-certificates
    if [ "$(apt-cache policy postgresql | sed -nE 's/^ *Candidate: ([0-9]+).*$/\1/p')" -lt 15 ]; then
        as_root /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y
        package=postgresql-17
    fi
    kept=$(mktemp)
    cat "$conf" >"$kept"
    echo 'create_main_cluster = false' | as_root tee -a "$conf" >/dev/null
    apt_install "$package" postgresql-contrib || outcome=$?
    as_root tee "$conf" <"$kept" >/dev/null
    rm -f "$kept"
    return "$outcome"
}

need_node() {
    command -v node >/dev/null && command -v npm >/dev/null && return 0
    command -v apt-get >/dev/null || fail "Node.js 20 or newer with npm is missing: the browser tests need it (https://nodejs.org)"
    apt_install nodejs npm
}

# Sets WHARF_CHROMIUM to the browser for the browser tests.
need_chromium() {
    find_chromium && return 0
    command -v apt-get >/dev/null || fail "Chromium or Chrome is missing: the browser tests need it; install it or set WHARF_CHROMIUM to its program"
    apt_install chromium
    find_chromium || fail "Chromium was installed, but its program is not to be found: set WHARF_CHROMIUM to it"
}

find_chromium() {
    local program
    for program in "${WHARF_CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable \
        '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome' /Applications/Chromium.app/Contents/MacOS/Chromium; do
        if [ -n "$program" ] && WHARF_CHROMIUM=$(command -v "$program"); then
            export WHARF_CHROMIUM
            return 0
        fi
    done
    return 1
}

need_wrk() {
    command -v wrk >/dev/null && return 0
    command -v apt-get >/dev/null || fail "wrk is missing: the measurements ask with it (https://github.com/wg/wrk)"
    apt_install wrk
}
