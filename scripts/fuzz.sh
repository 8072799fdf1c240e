#!/usr/bin/env bash
# fuzz SECONDS [TARGET]: builds the preset `fuzz` and has libFuzzer run each target for its share of the time.
source "$(dirname "$0")/common.sh"
for part in debian v8 tools native; do source "$root/scripts/$part.sh"; done

seconds=${1:-} only=${2:-}
targets=(abi formats graph script)
usage="usage: ./build.sh fuzz SECONDS [${targets[*]}]"
[[ $seconds =~ ^[0-9]+$ ]] || { say "$usage" && exit 64; }
if [[ -n $only ]]; then
  [[ " ${targets[*]} " == *" $only "* ]] || { say "$usage" && exit 64; }
  targets=("$only")
fi

tools_compilers
v8_find
tools_find
# Debian's clang, where it has its run-time beside it, or the Swift toolchain's, which always does.
clang=$(tools_first c++ c++20 "" ${swift_bin:+"$swift_bin/clang++"} clang++) || die "libFuzzer needs clang"
swift_bin=$(dirname "$clang")
printf 'extern "C" int LLVMFuzzerTestOneInput(const char*, unsigned long) { return 0; }\n' |
  "$clang" -x c++ -fsanitize=fuzzer,address - -o /dev/null 2>/dev/null ||
  die "$clang has no libFuzzer; install its run-time: apt-get install clang libclang-rt-dev"
native_build fuzz fuzz

findings=$build/fuzz/findings
mkdir -p "$findings"
# V8 keeps what it makes once; leaks of ours are looked for by the suite, with the preset asan. What describes memory that V8 had
# and gave back is to go back as well.
export ASAN_OPTIONS=detect_leaks=0:clear_shadow_mmap_threshold=4096 UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
share=$((seconds / ${#targets[@]})) failed=0
((share > 0)) || share=1
for target in "${targets[@]}"; do
  corpus=$build/fuzz/corpus/$target log=$build/logs/fuzz-$target.log options=()
  mkdir -p "$corpus" "$build/logs"
  [[ ! -f $root/Tests/fuzz/$target.dict ]] || options+=("-dict=$root/Tests/fuzz/$target.dict")
  step "fuzz $target for $share s"
  if "$build/native/fuzz/fuzz_$target" "${options[@]}" -max_total_time="$share" -timeout=20 -rss_limit_mb=4096 \
    -max_len=4096 -detect_leaks=0 -print_final_stats=1 -artifact_prefix="$findings/$target-" \
    "$corpus" "$root/Tests/fuzz/corpus/$target" >"$log" 2>&1; then result=ok; else result=FOUND failed=1; fi
  # cov: edges of native/src that ran; ft: their counts and pairs.
  say "$(printf '%-6s %-8s %s executions, %s a second, %s' "$result" "$target" \
    "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")" \
    "$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log")" "$(grep -o 'cov: [0-9]* ft: [0-9]*' "$log" | tail -n 1)")"
  [[ $result == ok ]] || { grep -E '\.(cc|h):[0-9]+: |ERROR: |runtime error|Test unit written' "$log" | head -n 8 >&2 || true; }
done
((failed == 0)) || say "findings are in $findings; to see one again: build/native/fuzz/fuzz_TARGET FILE"
exit "$failed"
