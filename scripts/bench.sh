#!/usr/bin/env bash
# Builds the native benchmarks (native/bench) and runs those of Benchmarks/.
source "$(dirname "$0")/common.sh"
for part in debian v8 tools native swift; do source "$root/scripts/$part.sh"; done
bash "$root/scripts/build.sh"
tools_compilers
v8_find
tools_find
native_build release bench
export MINIRACER_BENCH_NATIVE=$build/native/release
# Without Benchmarks/ the native programs speak for themselves.
for program in "$MINIRACER_BENCH_NATIVE"/bench_*; do
  [[ ! -x $program || -d $program ]] || "$program"
done
if [[ -f $root/Benchmarks/Package.swift ]]; then
  swift_check
  cd "$root/Benchmarks"
  exec swift run -c release miniracer-bench "$@"
fi
