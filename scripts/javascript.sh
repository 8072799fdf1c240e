# shellcheck shell=bash
# The real JavaScript libraries that tests and examples run: Debian's packages, unpacked into build/js, each main file
# linked there by its plain name (build/js/marked.js).

javascript_find() {
  [[ ! -f $build/js/lodash.js ]] || return 0
  debian_fetch js "$build/js" libjs-marked libjs-handlebars libjs-katex libjs-lodash libjs-highlight.js \
    node-typescript node-babel7-standalone
  local name path
  for name in marked handlebars katex highlight typescript babel lodash; do
    path=$(cd "$build/js" && find usr/share ! -type d \( -name "$name.js" -o -name "$name.cjs" \) | sort | head -n 1)
    [[ -n $path ]] || die "Debian's package has no $name.js"
    ln -sf "$path" "$build/js/$name.js"
  done
}
