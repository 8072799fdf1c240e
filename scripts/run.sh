#!/usr/bin/env bash
# Runs the command line tool, after building what is missing.
source "$(dirname "$0")/common.sh"
source "$root/scripts/swift.sh"
bash "$root/scripts/build.sh"
swift_build release --product miniracer
exec "$root/.build/release/miniracer" "$@"
