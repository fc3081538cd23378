#!/usr/bin/env bash
# `./dev data`, with folders as its mirrors.
# Usage: dev_data.sh WORK_DIR
set -euo pipefail
command -v curl >/dev/null || exit 77  # skipped: wget knows no file:// addresses

root=$(cd "$(dirname "$0")/.." && pwd)
work=$1
names=(train-images-idx3-ubyte train-labels-idx1-ubyte t10k-images-idx3-ubyte t10k-labels-idx1-ubyte)

fail() {
  printf 'FAILED: %s\n' "$*" >&2
  cat "$work/log" >&2
  exit 1
}

# A project folder of its own with a copy of dev that expects the small files made here.
rm -rf "$work"
mkdir -p "$work/project" "$work/good" "$work/bad"
cp "$root/dev" "$work/project/dev"
mapfile -t real_sums < <(sed -nE 's/^  [a-z0-9-]+-ubyte\.gz ([0-9a-f]{64})$/\1/p' "$root/dev")
[[ ${#real_sums[@]} == 4 ]]
for i in 0 1 2 3; do
  echo "the contents of ${names[i]}" >"$work/contents"
  gzip -c "$work/contents" >"$work/good/${names[i]}.gz"
  sum=$(sha256sum <"$work/contents")
  sed -i "s/${real_sums[i]}/${sum%% *}/" "$work/project/dev"
  # What a captive portal sends.
  echo "<html>Please log in</html>" >"$work/bad/${names[i]}.gz"
done
target=$work/project/data/mnist
url=file://${work// /%20}
good=$url/good bad=$url/bad gone=$url/gone

data() { # MIRRORS...
  SOAP_MNIST_MIRRORS=$(printf '%s\n' "$@") "$work/project/dev" data >"$work/log" 2>&1
}
expect() { grep -qF -- "$1" "$work/log" || fail "no '$1' in the output"; }
complete() {
  for name in "${names[@]}"; do cmp -s "$work/good/$name.gz" "$target/$name.gz" || fail "$name is not in place"; done
  leftovers
}
leftovers() { [[ -z $(find "$work/project/data" -name '.download*') ]] || fail "a download was left behind"; }

# No mirror has the files: one sentence, and nothing written.
if data "$bad" "$gone"; then fail "wrong files were accepted"; fi
expect "not the right file at $bad"
expect "no answer from $gone"
expect "could not be downloaded from any mirror"
[[ ! -e $target ]] || fail "$target was made"
leftovers

# The first is wrong, the second does not answer, the third is right.
data "$bad" "$gone" "$good" || fail "the good mirror was not used"
expect "not the right file at $bad"
complete

# All there: nothing is downloaded.
data "$gone" || fail "present files were not recognized"
expect "present"
complete

# One was damaged later: it alone is replaced.
echo damaged >"$target/${names[2]}.gz"
data "$good" || fail "a damaged file was not replaced"
[[ $(grep -c present "$work/log") == 3 ]] || fail "more than the damaged file was replaced"
complete

# A damaged file that cannot be replaced stops it, and the right ones stay.
echo damaged >"$target/${names[0]}.gz"
if data "$bad"; then fail "a damaged file was accepted"; fi
cmp -s "$work/good/${names[1]}.gz" "$target/${names[1]}.gz" || fail "a right file was lost"
leftovers

# The real files, where there are some, satisfy the real checksums.
if [[ -f ${SOAP_DATA_DIR:-}/train-images-idx3-ubyte.gz ]]; then
  cp "$root/dev" "$work/project/dev"
  data "file://${SOAP_DATA_DIR// /%20}" || fail "the real files were refused"
fi
