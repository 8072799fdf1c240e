# shellcheck shell=bash
# Finds V8: an installed libnode-dev (or libv8-dev) is used as it is, else Debian's packages are unpacked privately.
# Sets v8_include, v8_lib (the folders for the compiler and the linker) and v8_packages (what it came from).

v8_installed() {
  command -v dpkg-query >/dev/null || return 1
  local package
  for package in libnode-dev libv8-dev; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || continue
    v8_include=$(dpkg-query -L "$package" | sed -n 's|/v8\.h$||p' | head -n 1)
    v8_lib=$(dpkg-query -L "$package" | sed -n 's|/libnode\.so$||p' | head -n 1)
    [[ -n $v8_include && -n $v8_lib ]] && return 0
  done
  return 1
}

v8_find() {
  if v8_installed; then
    v8_packages=$build/v8.packages
    mkdir -p "$build"
    v8_list_installed >"$v8_packages"
  else
    v8_download
  fi
  local major
  major=$(awk '$2 == "V8_MAJOR_VERSION" { print $3 }' "$v8_include/v8-version.h")
  ((major >= 10)) || die "V8 $major in $v8_include is too old: 10.2 (Debian 12's libnode-dev) or newer is needed"
}

v8_download() {
  local runtime folder=$debian/v8
  if [[ ! -f $debian/v8.packages ]]; then
    debian_update
    # The runtime's name carries its version (libnode108, libnode115): ask the -dev package.
    runtime=$(debian_show libnode-dev | awk '{ print $5 }' | tr ',' '\n' | grep -E '^libnode[0-9]+$') ||
      die "no package libnode-dev in the sources of /etc/apt"
    debian_fetch v8 "$folder" libnode-dev "$runtime"
  fi
  v8_include=$(dirname "$(find "$folder/usr/include" -name v8.h -not -path '*/deps/*' | head -n 1)")
  v8_lib=$(dirname "$(find "$folder/usr/lib" -name libnode.so | head -n 1)")
  v8_packages=$debian/v8.packages
}

# v8_libraries: every shared library that comes with V8, as "soname path", the C and C++ runtimes excepted.
v8_libraries() {
  local libnode
  libnode=$(readlink -f "$v8_lib/libnode.so")
  printf '%s %s\n' "$(basename "$libnode")" "$libnode"
  local found
  found=$(LD_LIBRARY_PATH=$v8_lib ldd "$libnode")
  ! grep 'not found' <<<"$found" >&2 || die "libraries that V8 needs are missing (see above)"
  sed -nE 's/^\t([^ ]+) => (.+) \(0x[0-9a-f]+\)$/\1 \2/p' <<<"$found" |
    grep -vE '^lib(c|m|dl|rt|pthread|gcc_s|stdc\+\+)\.so' | sort
}

# For an installed V8: the packages its libraries belong to; the hash is that of the library itself.
v8_list_installed() {
  local path package
  v8_libraries | while read -r _ path; do
    package=$(dpkg-query -S "$(readlink -f "$path")" | head -n 1 | cut -d: -f1)
    printf '%s %s %s\n' "$package" "$(dpkg-query -W -f '${Version}' "$package")" "$(sha256sum <"$path" | cut -c1-64)"
  done | sort -u
}
