#!/bin/sh
# Make .venv what the lock file says: `venv.sh run` for the product, `venv.sh dev` adds the tests'
# tools. Does nothing when the venv was made from the same lock file before, so a second start is
# fast; a venv made for `dev` also serves `run`.
set -eu
cd "$(dirname "$0")/../.."
kind=$1
venv=.venv
deploy=ibzplan/deploy

say() { echo "==> $*"; }
fail() { echo "error: $*" >&2; exit 1; }

find_python() {
    for candidate in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    fail "Python 3.11 or newer is needed. On Debian: apt-get install python3 python3-venv"
}

make_venv() {
    python=$(find_python)
    # Debian ships venv without ensurepip until python3-venv is there.
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        version=$("$python" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
        [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null ||
            fail "this Python makes no virtual environments." \
                "Install it once as root: apt-get install $version-venv (or python3-venv)"
        say "installing $version-venv"
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
            "$version-venv" >/dev/null || fail "apt-get could not install $version-venv"
    fi
    say "making $venv with $("$python" --version)"
    rm -rf "$venv"
    "$python" -m venv "$venv"
}

lock_files() {
    echo "$deploy/requirements.txt"
    if [ "$1" = dev ]; then echo "$deploy/requirements-dev.txt"; fi
}

state_of() {
    # shellcheck disable=SC2046 # one word a file
    echo "$1 $(cat $(lock_files "$1") | sha256sum | cut -d' ' -f1)"
}

current=$(cat "$venv/.ibzplan-state" 2>/dev/null || true)
if [ -x "$venv/bin/python" ]; then
    [ "$current" = "$(state_of "$kind")" ] && exit 0
    [ "$current" = "$(state_of dev)" ] && exit 0
    # Never take the test tools away again from someone who develops.
    case $current in dev*) kind=dev ;; esac
fi

"$venv/bin/python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || make_venv
"$venv/bin/python" -m pip --version >/dev/null 2>&1 || make_venv
rm -f "$venv/.ibzplan-state"

say "installing the packages of $(lock_files "$kind" | tr '\n' ' ')"
export PIP_DISABLE_PIP_VERSION_CHECK=1
[ -x "$venv/bin/uv" ] || "$venv/bin/python" -m pip install --quiet uv
# shellcheck disable=SC2046
if ! VIRTUAL_ENV="$PWD/$venv" "$venv/bin/uv" pip sync --quiet --require-hashes \
    $(lock_files "$kind"); then
    # uv does not read pip's own settings (a mirror, a certificate); pip does.
    say "uv could not; trying pip"
    "$venv/bin/python" -m pip install --quiet --require-hashes \
        $(lock_files "$kind" | sed 's/^/-r /') || fail "the packages could not be installed"
fi
state_of "$kind" >"$venv/.ibzplan-state"
