#!/usr/bin/env bash
# Makes a Python wheel with the binary of dist/ inside.
source "$(dirname "$0")/common.sh"
source "$root/scripts/python.sh"
bash "$root/scripts/build.sh"
python_find
mkdir -p "$dist/wheels"
logged wheel "See the output of pip above." "$python" -m pip wheel "$root/python" -w "$dist/wheels" --no-deps
ls -l "$dist/wheels"
