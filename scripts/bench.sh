#!/usr/bin/env bash
# Builds what Benchmarks/ needs and runs it with the arguments (--help lists them).
source "$(dirname "$0")/common.sh"
for part in debian v8 tools native swift; do source "$root/scripts/$part.sh"; done

# The peers that --peers asks for: PyMiniRacer in build/venv-bench, JavaScriptCore in build/javascriptcore.
peers_find() {
  local wanted=mini-racer==0.14.1 venv=$build/venv-bench host
  step "find the peers"
  if [[ ! -x $venv/bin/python ]] || ! stamped venv-bench "$wanted"; then
    host=$(command -v python3) || die "python3 is needed; install it: apt-get install python3 python3-venv"
    rm -rf "$venv"
    logged venv-bench "Install venv: apt-get install python3-venv" "$host" -m venv "$venv"
    logged pip-bench "Check the network." \
      "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$wanted"
    stamp venv-bench "$wanted"
  fi
  debian_fetch javascriptcore "$build/javascriptcore" libjavascriptcoregtk-4.1-0
}

swift_check
bash "$root/scripts/build.sh"
tools_compilers
v8_find
tools_find
step "compile native/bench"
native_build release bench
for argument in "$@"; do
  if [[ $argument == --peers ]]; then peers_find; fi
done

# SwiftPM does not compile Swift again when only an imported C header changed: begin anew.
scratch=$build/swift-benchmarks
key=$(hash_of native/include Sources/CMiniRacer)
stamped swift-benchmarks "$key" || rm -rf "$scratch"
stamp swift-benchmarks "$key"
# Nor does it see that a package in another folder has new files, until it has to plan its work again.
rm -f "$scratch/release.yaml"
step "swift build (release) of Benchmarks/"
swift build -c release --package-path "$root/Benchmarks" --scratch-path "$scratch" --product miniracer-bench >&2 ||
  die "Benchmarks/ does not build (see above)"
exec "$scratch/release/miniracer-bench" "$@"
