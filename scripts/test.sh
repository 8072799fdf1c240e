#!/usr/bin/env bash
# Runs every test, or one group: native, dist, swift, python, format. All steps run, whatever fails; a summary follows.
# The native group takes the name of a preset too: test native asan. The group hostile, the whole hostile suite, is not among
# those that run without being named; it takes a preset as well.
source "$(dirname "$0")/common.sh"
for part in debian v8 tools native swift python javascript; do source "$root/scripts/$part.sh"; done

group=${1:-all} preset=${2:-release}
case $group in
  all | native | dist | swift | python | format | hostile) ;;
  *) say "unknown group: $group (native dist swift python format hostile)" && exit 64 ;;
esac
cd "$root"

summary=() failed=0
# check GROUP NAME COMMAND...
check() {
  local of=$1 name=$2 start=$SECONDS result=ok code
  shift 2
  [[ $group == all || $group == "$of" ]] || return 0
  say "== $name"
  # Not in a condition, into which set -e does not reach; nor in the background, where SIGINT is ignored.
  set +e
  (set -e; "$@") >&2
  code=$?
  set -e
  ((code == 0)) || { result=FAILED failed=1; }
  summary+=("$(printf '%-6s %5d s  %s' "$result" $((SECONDS - start)) "$name")")
}
have() { compgen -G "$1" >/dev/null; }

native_tests() {
  native_build "$preset"
  "$ctest" --test-dir "$build/native/$preset" --output-on-failure --label-exclude long
}

hostile_tests() {
  native_build "$preset"
  "$ctest" --test-dir "$build/native/$preset" --output-on-failure --tests-regex '^hostile_'
}

swift_tests() {
  swift_check
  swift_forget_old_headers debug
  swift build --build-tests
  swift test --skip-build
}

format_native() {
  find native Tests \( -name '*.h' -o -name '*.cc' -o -name '*.c' \) -exec "$build/venv/bin/clang-format" --dry-run -Werror {} +
}
format_swift() {
  local folders=() folder
  for folder in Package.swift Sources Tests/MiniRacerTests Tests/MiniRacerCLITests Tests/LoaderProbe Benchmarks Examples; do
    [[ ! -e $folder ]] || folders+=("$folder")
  done
  swift format lint --strict -r "${folders[@]}"
}
format_python() {
  "$build/venv/bin/ruff" check --config python/pyproject.toml python Tests Examples Benchmarks
  "$build/venv/bin/ruff" format --config python/pyproject.toml --check python Tests Examples Benchmarks
}

bash scripts/build.sh
tools_compilers
v8_find
tools_find
javascript_find
case $group in native | swift | hostile) ;; *) python_find ;; esac
export MINIRACER_TEST_JS=$build/js MINIRACER_TEST_NATIVE=$build/native MINIRACER_TEST_PATCHELF=$patchelf
export MINIRACER_TEST_V8_INCLUDE=$v8_include MINIRACER_TEST_V8_LIB=$v8_lib

check native "native: C and C++ tests ($preset)" native_tests
[[ $group != hostile ]] || check hostile "the hostile suite ($preset)" hostile_tests
check dist "dist: exports, names, relocation" "$python" -m pytest -q Tests/dist
if have Package.swift; then check swift "swift: build and test" swift_tests; fi
if have 'Tests/python/*.py'; then check python "python: pytest" "$python" -m pytest -q Tests/python; fi
if have 'python/miniracer/*.py'; then check python "python: mypy --strict" "$python" -m mypy --strict python/miniracer; fi
if have 'Tests/hosts/*'; then check python "hosts: pytest" "$python" -m pytest -q Tests/hosts; fi
check format "format: clang-format" format_native
check format "format: shellcheck" "$build/venv/bin/shellcheck" -x build.sh scripts/*.sh .ci/run
if have Package.swift; then check format "format: swift format" format_swift; fi
if have 'python/miniracer/*.py'; then check format "format: ruff" format_python; fi

printf '%s\n' "" "${summary[@]}" >&2
exit "$failed"
