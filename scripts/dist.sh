# shellcheck shell=bash
# Makes dist/: libminiracer.so and the libraries it needs, which get names of their own and are found by $ORIGIN.
# Works on a copy and puts it in place at the end. Needs v8_find, tools_find and a finished release build.

# libnode.so.108 -> libnode-1a2b3c4d.so.108: a hash of the original and of the build makes the name nobody else's. The loader
# shares libraries of equal name, but V8 starts once per copy, and which symbols a library keeps depends on the others:
# two different builds in one process must not share any.
dist_private_name() {
  local soname=$1 path=$2
  printf '%s-%s.so%s\n' "${soname%%.so*}" \
    "$({ sha256sum <"$path"; native_build_id; echo "${MINIRACER_PLAIN_LIBNODE:+plain}"; } | sha256sum | cut -c1-8)" \
    "${soname#*.so}"
}

# dist_patch FILE [SONAME]: private names in a library. One edit a call: patchelf 0.14 garbles the names otherwise.
dist_patch() {
  [[ -z ${2:-} ]] || "$patchelf" --set-soname "$2" "$1"
  local edits=() needed
  for needed in $("$patchelf" --print-needed "$1"); do
    [[ -z ${names[$needed]:-} ]] || edits+=(--replace-needed "$needed" "${names[$needed]}")
  done
  ((${#edits[@]})) || return 0
  "$patchelf" "${edits[@]}" "$1"
  # shellcheck disable=SC2016 # $ORIGIN is for the loader
  "$patchelf" --set-rpath '$ORIGIN' "$1"
}

dist_make() {
  local new=$build/dist.new libraries soname path private=()
  local -A names=()
  rm -rf "$new" && mkdir -p "$new"/{lib,include,licenses}
  libraries=$(v8_libraries)
  while read -r soname path; do names[$soname]=$(dist_private_name "$soname" "$path"); done <<<"$libraries"
  install -m 644 "$build/native/release/libminiracer.so" "$new/lib/"
  "$(dist_strip)" --strip-all "$new/lib/libminiracer.so"
  while read -r soname path; do
    install -m 644 "$path" "$new/lib/${names[$soname]}"
    private+=("$new/lib/${names[$soname]}")
  done <<<"$libraries"

  # Before patchelf, which moves string tables to the end of the files and leaves holes: they are small after this.
  local tool=$build/native/release/elf-private
  if [[ -z ${MINIRACER_PLAIN_LIBNODE:-} ]]; then
    logged elf-private "Build with MINIRACER_PLAIN_LIBNODE=1 to leave the libraries' relocations and names as they are." \
      "$tool" separate "$new/lib/libminiracer.so" "${private[@]}"
  fi
  for soname in "${!names[@]}"; do dist_patch "$new/lib/${names[$soname]}" "${names[$soname]}"; done
  dist_patch "$new/lib/libminiracer.so"
  ! "$tool" exports "$new/lib/libminiracer.so" | grep -v '^miniracer_' >&2 || die "libminiracer.so exports the above"

  install -m 644 "$root/native/include/miniracer.h" "$new/include/"
  [[ ! -f $root/LICENSE ]] || install -m 644 "$root/LICENSE" "$new/licenses/libminiracer"
  dist_licenses "$new/licenses"
  dist_manifest >"$new/MANIFEST"
  rm -rf "$dist" && mv "$new" "$dist"
}

# The one that CMake found, which may be LLVM's.
dist_strip() { sed -n 's/^CMAKE_STRIP:FILEPATH=//p' "$build/native/release/CMakeCache.txt"; }

dist_licenses() {
  local name docs=/usr/share/doc
  [[ $v8_packages != "$debian"/* ]] || docs=$debian/v8/usr/share/doc
  while read -r name _; do
    [[ $name == *-dev ]] || install -m 644 "$docs/$name/copyright" "$1/$name"
  done <"$v8_packages"
}

# What went in. Packages carry the hash of their .deb, or of the installed library where V8 was installed.
dist_manifest() {
  local v8_version
  v8_version=$(awk '$2 ~ /^V8_(MAJOR|MINOR|BUILD|PATCH)_/ { printf "%s%s", sep, $3; sep = "." }' "$v8_include/v8-version.h")
  printf '%s\n' "miniracer $(<"$root/VERSION")" "build-id $(native_build_id)" "v8 $v8_version" \
    "v8-from $([[ $v8_packages == "$debian"/* ]] && echo debian-packages || echo installed-packages)" \
    "compiler $("$CXX" --version | head -n 1)" \
    "libnode $([[ -n ${MINIRACER_PLAIN_LIBNODE:-} ]] && echo plain || echo private)"
  sed 's/^/package /' "$v8_packages"
  (cd "$build/dist.new" && find include lib -type f | sort | xargs sha256sum | awk '{ print "file", $2, $1 }')
}
