#!/usr/bin/env bash
# Writes Tests/hostile into the tool's sources, so that an installed tool has the cases. A test compares the two.
source "$(dirname "$0")/common.sh"

file=$root/Sources/MiniRacerCLI/Selftest/HostileFiles.swift
{
  printf '%s\n' '// Made by scripts/hostile.sh of Tests/hostile/*.js.' '// swift-format-ignore-file' '' \
    '/// The files of the hostile suite, by their groups.' 'let hostileFiles: [(group: String, text: String)] = ['
  for group in "$root"/Tests/hostile/*.js; do
    printf '  (\n    "%s",\n###"""\n' "$(basename "$group" .js)"
    cat "$group"
    printf '\n"""###\n  ),\n'
  done
  printf ']\n'
} >"$file.new"
mv "$file.new" "$file"
