#!/usr/bin/env bash
# The floors of the library: a folder of soap/ includes only from itself and from the folders before it in this list.
# Usage: floors.sh [FOLDER-THAT-HOLDS-SOAP]
set -euo pipefail
floors=(base linalg feedback nn data learn testing diagnostics io plot statistics trial sweep report)

cd "${1:-$(dirname "$0")/..}"
bad=0
allowed=" "
for floor in "${floors[@]}"; do
  allowed+="$floor "
  [[ -d soap/$floor ]] || continue
  while IFS=: read -r file line text; do
    included=${text#*\"soap/}
    if [[ $allowed != *" ${included%%/*} "* ]]; then
      printf '%s:%s: %s: the folder %s stands below it\n' "$file" "$line" "$text" "$floor" >&2
      bad=1
    fi
  done < <(grep -rn '#include "soap/' "soap/$floor")
done
for folder in soap/*/; do
  folder=$(basename "$folder")
  if [[ $allowed != *" $folder "* ]]; then
    printf 'soap/%s: no floor of this name\n' "$folder" >&2
    bad=1
  fi
done
exit "$bad"
