# shellcheck shell=bash
# The real JavaScript libraries that tests and examples run: Debian's packages, unpacked into build/js, each main file
# linked there by its plain name (build/js/marked.js). Those of Node's are in build/js/usr/share/nodejs, as packages that
# import each other.

javascript_find() {
  [[ ! -f $build/js/lodash.js || ! -d $build/js/usr/share/nodejs/d3-scale || ! -d $build/js/usr/share/nodejs/uuid ]] ||
    return 0
  debian_fetch js "$build/js" libjs-marked libjs-handlebars libjs-katex libjs-lodash libjs-highlight.js \
    node-typescript node-babel7-standalone \
    libjs-d3-format node-d3-array node-d3-collection node-d3-color node-d3-format node-d3-interpolate node-d3-path \
    node-d3-scale node-d3-shape node-d3-time node-d3-time-format \
    node-semver node-lru-cache node-yallist node-js-yaml node-uuid node-mustache node-lodash
  local name path
  for name in marked handlebars katex highlight typescript babel lodash; do
    path=$(cd "$build/js" && find usr/share ! -type d \( -name "$name.js" -o -name "$name.cjs" \) | sort | head -n 1)
    [[ -n $path ]] || die "Debian's package has no $name.js"
    ln -sf "$path" "$build/js/$name.js"
  done
}
