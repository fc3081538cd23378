#!/usr/bin/env bash
# One name, one type: two types (struct, class or enum) of one name in namespace soap, defined in different files, break
# the one-definition rule without a word from compiler or linker. Types in anonymous namespaces and within other types
# are their files' own. Relies on clang-format: what stands at the first column is in no function and no type.
# Usage: one_name.sh [FOLDER-THAT-HOLDS-SOAP]
set -euo pipefail

cd "${1:-$(dirname "$0")/..}"
# One line for each type: its name with the namespaces around it, and where it is defined.
definitions() {
  # shellcheck disable=SC2016 # the dollar signs are awk's
  find soap -name '*.hpp' -o -name '*.cpp' | sort | xargs awk '
    FNR == 1 { depth = 0 }
    /^(inline )?namespace.*\{ *(\/\/.*)?$/ { spaces[++depth] = $0; next }
    /^} *\/\/ *namespace/ { if (depth > 0) --depth; next }
    /^(enum class|enum struct|enum|struct|class) / {
      if ($0 ~ /;/ && $0 !~ /\{/) next          # declared only
      if ($0 ~ /^[^{:]*[<>]/) next              # a specialization
      line = $0
      sub(/^(enum class|enum struct|enum|struct|class) +/, "", line)
      gsub(/alignas\([^)]*\) */, "", line)
      gsub(/\[\[[^]]*\]\] */, "", line)
      if (!match(line, /^[A-Za-z_][A-Za-z0-9_:]*/)) next
      name = substr(line, 1, RLENGTH)
      scope = ""
      for (i = 1; i <= depth; ++i) {
        if (spaces[i] ~ /^namespace *\{/) next  # anonymous
        space = spaces[i]
        sub(/^(inline )?namespace */, "", space)
        sub(/ *\{.*$/, "", space)
        if (space == "SOAP_ABI") continue       # the inline one
        scope = scope space "::"
      }
      print scope name, FILENAME ":" FNR
    }'
}

bad=0
before_name='' before_place=''
while read -r name place; do
  if [[ $name == "$before_name" ]]; then
    printf '%s: %s is also defined at %s\n' "$place" "$name" "$before_place" >&2
    bad=1
  fi
  before_name=$name before_place=$place
done < <(definitions | sort)
exit "$bad"
