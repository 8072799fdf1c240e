# shellcheck shell=bash
# Sourced by every script: where things are, how progress is shown, how a failure is told.
set -euo pipefail
export LC_ALL=C.UTF-8

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$root/build
dist=$root/dist

# Progress goes to stderr, so that stdout stays the tool's own.
say() { printf '%s\n' "$*" >&2; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

# step TEXT: one line per long step, numbered when the caller announced how many there are (steps=N).
step_number=0
step() {
  step_number=$((step_number + 1))
  if [[ -n ${steps:-} ]]; then say "[$step_number/$steps] $*"; else say "$*"; fi
}

# logged NAME WAY-OUT COMMAND...: keeps the output in build/logs/NAME.log; shows it when the command fails.
logged() {
  local log=$build/logs/$1.log way_out=$2
  shift 2
  mkdir -p "$build/logs"
  if ! "$@" >"$log" 2>&1; then
    cat "$log" >&2
    say "error: failed: $*"
    die "$way_out"
  fi
}

# hash_of PATH...: one hash over the names and contents of all files below the paths, which are relative to the
# checkout; missing ones count as empty.
hash_of() {
  (
    cd "$root"
    for path in "$@"; do [[ ! -e $path ]] || find "$path" -type f -not -path '*/__pycache__/*'; done |
      sort | xargs -r -d '\n' sha256sum | sha256sum | cut -c1-16
  )
}

# stamped NAME KEY: whether the step NAME was last completed with this key. stamp NAME KEY: note that it was.
stamped() { [[ -f $build/stamps/$1 && $(<"$build/stamps/$1") == "$2" ]]; }
stamp() { mkdir -p "$build/stamps" && printf '%s\n' "$2" >"$build/stamps/$1"; }
