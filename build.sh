#!/usr/bin/env bash
# The one door to building, running and testing. Each command is a script in scripts/.
set -euo pipefail
root=$(cd "$(dirname "$0")" && pwd)

usage() {
  cat <<'TEXT'
usage: ./build.sh [COMMAND]

  build         make dist/: libminiracer.so, the libraries it needs, its header (the default)
  run ARGS...   run the command line tool, building what is missing: ./build.sh run eval '40 + 2'
  test [GROUP]  run every test, or one group: native dist swift python format; or hostile, which is not among "every"
                (test native asan: the native tests under a preset of native/CMakePresets.json)
  wheel         make a Python wheel in dist/wheels
  bench         run the benchmarks
  fuzz SECONDS [TARGET]
                run the fuzz targets of Tests/fuzz, or one: abi formats graph script
  soak MINUTES [--preset NAME] [--deaths] [--seed N]
                threads, isolates, limits and disposals at random; tight timeouts; processes that start and exit
  clean         remove everything that was generated
  help          show this

Everything is downloaded and built below build/; nothing is installed and no root is needed.

environment:
  CC, CXX                     the compilers to use
  MINIRACER_PLAIN_LIBNODE=1   leave the bundled libraries' relocations and symbols as Debian made them
TEXT
}

command=${1:-build}
(($# == 0)) || shift
case $command in
  build | run | test | wheel | bench | fuzz | soak) exec bash "$root/scripts/$command.sh" "$@" ;;
  clean) rm -rf "$root/build" "$root/dist" "$root/.build" ;;
  help | -h | --help) usage ;;
  *)
    printf 'unknown command: %s\n\n' "$command" >&2
    usage >&2
    exit 64
    ;;
esac
