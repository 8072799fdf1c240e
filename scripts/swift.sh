# shellcheck shell=bash
# Builds the Swift package. Everything it prints goes to stderr.

swift_check() {
  command -v swift >/dev/null || die "swift is needed; install a toolchain of 6.2 or newer from https://www.swift.org/install"
}

# SwiftPM does not compile Swift again when only an imported C header changed: forget our modules (not the packages').
swift_forget_old_headers() {
  local config=$1 key
  key=$(hash_of native/include Sources/CMiniRacer)
  if [[ -d $root/.build ]] && ! stamped "swift-headers-$config" "$key"; then
    find "$root/.build" -path "*/$config/*" \( -name '*MiniRacer*.build' -o -path '*/Modules/*MiniRacer*' \) \
      -prune -exec rm -rf {} +
  fi
  stamp "swift-headers-$config" "$key"
}

# swift_build CONFIG ARGS...: skipped when no source is newer than the last successful build.
swift_build() {
  local config=$1 done_mark=$build/stamps/swift-$1 inputs=(Package.swift Sources Tests/hostile native/include)
  shift
  if [[ -f $done_mark && -d $root/.build ]] &&
    [[ -z $(cd "$root" && find "${inputs[@]}" -newer "$done_mark" -print -quit) ]]; then return 0; fi
  swift_check
  swift_forget_old_headers "$config"
  mkdir -p "$build/stamps"
  touch "$done_mark.started"
  step "swift build ($config)"
  (cd "$root" && swift build -c "$config" "$@" >&2) || die "the Swift package does not build (see above)"
  mv "$done_mark.started" "$done_mark"
}
