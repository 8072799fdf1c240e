#!/usr/bin/env bash
# Runs the command line tool, after building what is missing.
source "$(dirname "$0")/common.sh"
source "$root/scripts/swift.sh"
bash "$root/scripts/build.sh"
swift_build release --product miniracer
# The examples run real libraries.
if [[ " $*" == *" Examples/"* ]]; then
  for part in debian javascript; do source "$root/scripts/$part.sh"; done
  javascript_find
fi
exec "$root/.build/release/miniracer" "$@"
