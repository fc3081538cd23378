#!/usr/bin/env bash
# The linker keeps one copy of each inline function and may take it from any object. Were it one that is compiled for
# AVX, the whole program would stop on processors without. So the files of inner loops define their tables, and
# nothing else that the linker could share.
# Usage: kernel_symbols.sh LIBRARY.a ...
set -euo pipefail
command -v nm >/dev/null || exit 77  # skipped

bad=0
for library in "$@"; do
  tables=0
  # Lines are FILE:ADDRESS TYPE NAME; a capital letter is global, of which U is a use and not a definition, and the
  # small u, v and w are shared too.
  while read -r name; do
    if [[ $name =~ ^[^:]*:(generic|avx2|avx512)\.cpp\.o:.*[[:space:]](.)[[:space:]](.*)$ ]]; then
      object=${BASH_REMATCH[1]} type=${BASH_REMATCH[2]} symbol=${BASH_REMATCH[3]}
      [[ $type == [A-TV-Zuvw] ]] || continue
      if [[ $type == [BDRG] && $symbol == *"::${object}_kernels" ]]; then
        tables=$((tables + 1))
      else
        printf '%s: %s.cpp defines %s (%s), expected nothing but its table\n' "$library" "$object" "$symbol" "$type" >&2
        bad=1
      fi
    fi
  done < <(nm -A -C "$library")
  expected=1
  if [[ $(uname -m) == x86_64 ]]; then expected=3; fi
  if [[ $tables != "$expected" ]]; then
    printf '%s: found %s tables of inner loops, expected %s\n' "$library" "$tables" "$expected" >&2
    bad=1
  fi
done
exit "$bad"
