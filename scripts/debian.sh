# shellcheck shell=bash
# Debian packages without installing them. Reads the system's package sources; keeps its own state; needs no root and
# changes nothing outside build/debian.
#
#   debian_fetch SET FOLDER PACKAGE...
#
# downloads the packages and the libraries they depend on, unpacks them into FOLDER, and lists them in
# build/debian/SET.packages as "name version sha256".

debian=$build/debian

# The C and C++ runtimes must be the system's own: the loader and the host already use them.
debian_not_followed='^(libc6|libgcc-s1|libstdc\+\+6|.*-dev|.*-data)$'

debian_apt() {
  local tool=$1
  shift
  "$tool" -c "$debian/apt.conf" "$@"
}

# The package lists, downloaded once into the private state.
debian_update() {
  [[ ! -f $debian/updated ]] || return 0
  command -v apt-get >/dev/null || die "apt-get is needed to fetch Debian packages (or install libnode-dev yourself)"
  command -v dpkg-deb >/dev/null || die "dpkg-deb is needed to unpack Debian packages (apt-get install dpkg)"
  mkdir -p "$debian"/{state/lists/partial,cache/archives/partial,debs}
  : >"$debian/status"
  # An own file rather than -o: only a file can clear the hooks that a system runs after an update.
  cat >"$debian/apt.conf" <<CONF
Dir::State "$debian/state";
Dir::State::status "$debian/status";
Dir::Cache "$debian/cache";
Dir::Cache::pkgcache "pkgcache.bin";
Dir::Cache::srcpkgcache "srcpkgcache.bin";
APT::Sandbox::User "$(id -un)";
Acquire::Languages "none";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
Acquire::Retries "3";
#clear APT::Update;
#clear DPkg;
CONF
  say "      update the private package lists"
  # A source that is down does no harm, so long as some are up.
  logged apt-update "Check the sources in /etc/apt." debian_apt apt-get -q update
  if ! compgen -G "$debian/state/lists/*Packages*" >/dev/null; then
    cat "$build/logs/apt-update.log" >&2
    die "no package list could be downloaded; check the network and the sources in /etc/apt"
  fi
  touch "$debian/updated"
}

# One line per package: name, version, size, sha256, dependencies (first alternatives, without versions).
debian_show() {
  debian_apt apt-cache show --no-all-versions "$@" 2>/dev/null | awk -v RS= -F'\n' '
    { name = version = size = sha = deps = ""
      for (i = 1; i <= NF; i++) {
        key = $i; sub(/:.*/, "", key); value = $i; sub(/^[^:]*: */, "", value)
        if (key == "Package") name = value
        if (key == "Version") version = value
        if (key == "Size") size = value
        if (key == "SHA256") sha = value
        if (key == "Depends" || key == "Pre-Depends") deps = deps (deps == "" ? "" : ", ") value }
      gsub(/ *\|[^,]*/, "", deps); gsub(/ *\([^)]*\)/, "", deps); gsub(/:any/, "", deps); gsub(/, */, ",", deps)
      print name, version, size, sha, deps }'
}

# The packages asked for and, level by level, the lib* packages they depend on.
debian_closure() {
  local -A seen=()
  local wanted=("$@") found name version size sha deps dep
  while ((${#wanted[@]})); do
    for name in "${wanted[@]}"; do seen[$name]=1; done
    found=$(debian_show "${wanted[@]}")
    wanted=()
    while read -r name version size sha deps; do
      [[ -n $name ]] || continue
      printf '%s %s %s %s\n' "$name" "$version" "$size" "$sha"
      for dep in ${deps//,/ }; do
        [[ $dep =~ ^(lib|zlib) && ! $dep =~ $debian_not_followed && -z ${seen[$dep]:-} ]] || continue
        wanted+=("$dep")
        seen[$dep]=1
      done
    done <<<"$found"
  done
}

# A file with this checksum among those already downloaded.
debian_have() {
  local file
  for file in "$debian/debs/$1"_*.deb; do
    [[ -f $file ]] && sha256sum --status -c <<<"$2  $file" && printf '%s\n' "$file" && return 0
  done
  return 1
}

debian_fetch() {
  local set=$1 folder=$2
  shift 2
  [[ ! -f $debian/$set.packages || $* != "$(<"$debian/$set.asked")" ]] || return 0
  debian_update
  local list name version size sha count=0 total file
  list=$(debian_closure "$@")
  for name in "$@"; do
    grep -q "^$name " <<<"$list" || die "no package $name in the sources of /etc/apt (stale lists: ./build.sh clean)"
  done
  total=$(wc -l <<<"$list")
  say "      $* with what they need: $total packages, $(awk '{ n += $3 } END { printf "%.0f", n / 1e6 }' <<<"$list") MB"
  rm -rf "$folder" "$debian/$set.packages" && mkdir -p "$folder"
  printf '%s\n' "$*" >"$debian/$set.asked"
  while read -r name version size sha; do
    count=$((count + 1))
    if ! file=$(debian_have "$name" "$sha"); then
      # A line for each that takes a while; a build tool has dozens of small ones.
      ((size < 1000000)) || say "      download $name $version ($(((size + 500000) / 1000000)) MB), $count of $total"
      # Stale lists name versions that are gone: the way out is a fresh private update.
      (cd "$debian/debs" && logged "download-$name" "Check the network; if the version is gone: rm $debian/updated" \
        debian_apt apt-get -q download "$name=$version")
      file=$(debian_have "$name" "$sha") || die "$name: the downloaded file does not have the checksum $sha"
    fi
    dpkg-deb -x "$file" "$folder"
  done <<<"$list"
  # One lib folder, as on a system with merged /usr.
  if [[ -d $folder/lib ]]; then
    mkdir -p "$folder/usr"
    cp -a "$folder/lib" "$folder/usr/" && rm -r "${folder:?}/lib" && ln -s usr/lib "$folder/lib"
  fi
  awk '{ print $1, $2, $4 }' <<<"$list" | sort >"$debian/$set.packages"
}
