# shellcheck shell=bash
# The tools a build needs: the compilers are checked and named when missing; cmake, ninja and patchelf are unpacked
# privately when the machine has none.

# compiles LANGUAGE STANDARD COMPILER: whether it makes a program of a small source.
compiles() {
  local source='int main(void) { return 0; }'
  [[ $1 == c ]] || source='#include <concepts>
    template <std::integral T> T f(T x) { return x; } int main() { return f(0); }'
  printf '%s\n' "$source" | "$3" -x "$1" "-std=$2" - -o /dev/null 2>/dev/null
}

# Sets CC and CXX (exported) and swift_bin: what the caller named, else gcc, else clang, else the Swift toolchain's clang.
tools_compilers() {
  swift_bin=
  ! command -v swift >/dev/null || swift_bin=$(dirname "$(readlink -f "$(command -v swift)")")
  CXX=$(tools_first c++ c++20 "${CXX:-}" g++ clang++ ${swift_bin:+"$swift_bin/clang++"}) ||
    die "no C++20 compiler works; install one: apt-get install g++"
  CC=$(tools_first c c99 "${CC:-}" gcc clang ${swift_bin:+"$swift_bin/clang"}) ||
    die "no C compiler works; install one: apt-get install gcc"
  export CC CXX
}

tools_first() {
  local language=$1 standard=$2 asked=$3 candidate
  shift 3
  if [[ -n $asked ]]; then
    compiles "$language" "$standard" "$asked" || die "$asked cannot compile a small $standard program"
    printf '%s\n' "$asked" && return
  fi
  for candidate in "$@"; do
    if command -v "$candidate" >/dev/null && compiles "$language" "$standard" "$candidate"; then
      command -v "$candidate" && return
    fi
  done
  return 1
}

# Sets cmake, ctest, ninja and patchelf.
tools_find() {
  local bin=$debian/tools/usr/bin packages=(patchelf)
  if ! cmake=$(command -v cmake) || ! ctest=$(command -v ctest); then
    cmake=$bin/cmake ctest=$bin/ctest
    packages+=(cmake cmake-data)
  fi
  ninja=$(command -v ninja) || { ninja=$bin/ninja && packages+=(ninja-build); }
  patchelf=$bin/patchelf
  local key=${packages[*]}
  if stamped tools "$key" && [[ -x $patchelf ]]; then return 0; fi
  debian_fetch tools "$debian/tools" "${packages[@]}"
  # The private cmake finds its private libraries by its own rpath, so that nothing leaks into what it runs.
  local tool lib
  # shellcheck disable=SC2016 # $ORIGIN is for the loader; relative, because checkouts may share the folder
  lib=$(cd "$debian/tools/usr/lib" && find . -name '*.so.*' -printf '$ORIGIN/../lib/%h\n' | sort -u | paste -sd :)
  for tool in "$bin"/{cmake,ctest}; do
    [[ ! -x $tool ]] || "$patchelf" --force-rpath --set-rpath "$lib" "$tool"
  done
  stamp tools "$key"
}
