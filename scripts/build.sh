#!/usr/bin/env bash
# Builds dist/ when something that goes into it has changed.
source "$(dirname "$0")/common.sh"
for part in debian v8 tools native dist; do source "$root/scripts/$part.sh"; done

# The cheap question first: everything that goes in, by name and content, and the two settings that matter.
key="$(hash_of native/{src,include,js,tools,exports.map,CMakeLists.txt,embed.cmake} VERSION scripts) ${CXX:-} ${MINIRACER_PLAIN_LIBNODE:-}"
if [[ -f $dist/MANIFEST ]] && stamped dist "$key"; then exit 0; fi

# One at a time: a second call waits and finds the work done.
mkdir -p "$build"
exec 9>"$build/lock"
flock -n 9 || { say "another build is running; waiting for it" && flock 9; }
if [[ -f $dist/MANIFEST ]] && stamped dist "$key"; then exit 0; fi

steps=5
step "check the compiler"
tools_compilers
step "find V8"
v8_find
step "find the build tools"
tools_find
step "compile native/ with $CXX"
native_build release miniracer elf-private
step "make dist/"
dist_make
stamp dist "$key"
say "dist/ is ready: $(grep '^build-id' "$dist/MANIFEST")"
