#!/usr/bin/env bash
# soak MINUTES [--preset NAME] [ARGS...]: steps at random on threads, then tight timeouts, then processes that start and exit;
# see Tests/soak.
source "$(dirname "$0")/common.sh"
for part in debian v8 tools native; do source "$root/scripts/$part.sh"; done

minutes=${1:-} preset=release
[[ $minutes =~ ^[0-9]+([.][0-9]+)?$ ]] || { say "usage: ./build.sh soak MINUTES [--preset NAME] [--deaths] [--seed N]" && exit 64; }
shift
if [[ ${1:-} == --preset ]]; then
  preset=${2:?a preset of native/CMakePresets.json}
  shift 2
fi

tools_compilers
v8_find
tools_find
native_build "$preset" soak

seconds=$(awk -v minutes="$minutes" 'BEGIN { printf "%.0f", minutes * 60 }')
# The long run is for finding what is rare.
timeouts=1000 races=50
((seconds < 600)) || timeouts=100000 races=1000
supp=$root/Tests/native
export LSAN_OPTIONS=suppressions=$supp/lsan.supp:print_suppressions=0 UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
# As in native/tests.cmake, with the reasons.
export TSAN_OPTIONS=suppressions=$supp/tsan.supp:print_suppressions=0:die_after_fork=0:history_size=4
export TSAN_OPTIONS=$TSAN_OPTIONS:ignore_noninstrumented_modules=1:detect_deadlocks=0
step "soak for $seconds s, then $timeouts tight timeouts, then $races processes"
"$build/native/$preset/soak" --seconds "$seconds" --timeouts "$timeouts" --races "$races" "$@"
