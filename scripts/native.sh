# shellcheck shell=bash
# Compiles native/ with a preset into build/native/PRESET. Needs v8_find, tools_find and tools_compilers.

# The hash of everything that determines the binary's bytes; the binary and dist/MANIFEST carry it.
native_build_id() {
  { hash_of native/{src,include,js,tools,exports.map,CMakeLists.txt,embed.cmake} VERSION; sha256sum <"$v8_packages"; "$CXX" --version | head -n 1; } |
    sha256sum | cut -c1-16
}

# native_build PRESET [TARGET...]
native_build() {
  local preset=$1 folder=$build/native/$1 compilers=("-DCMAKE_C_COMPILER=$CC" "-DCMAKE_CXX_COMPILER=$CXX")
  shift
  [[ $preset != fuzz ]] || compilers=("-DCMAKE_C_COMPILER=$swift_bin/clang" "-DCMAKE_CXX_COMPILER=$swift_bin/clang++")
  logged "configure-$preset" "If the compiler or V8 changed: rm -r $folder" \
    "$cmake" -S "$root/native" --preset "$preset" "${compilers[@]}" "-DCMAKE_MAKE_PROGRAM=$ninja" \
    "-DV8_INCLUDE_DIR=$v8_include" "-DV8_LIBRARY=$v8_lib/libnode.so" \
    "-DMINIRACER_BUILD_ID=$(native_build_id)" "-DMINIRACER_CLANG_DIR=$swift_bin"
  # Ninja itself shows how far it is.
  "$ninja" -C "$folder" "${@:-all}" >&2 || die "native/ does not compile (see above)"
}
