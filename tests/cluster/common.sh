# shellcheck shell=bash
# What the tests of sweeps on many machines share: the script of a document, a small problem, and what one process
# makes of it.

skip() {
  echo "skipped: $*"
  exit 77
}

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

# Prints the block of a Markdown file whose first lines name it.
script() { # MARKDOWN NAME
  awk -v name="# $2" '
    /^```bash$/ { block = ""; inside = 1; found = 0; next }
    /^```$/ { if (inside && found) { printf "%s", block; done = 1; exit } inside = 0 }
    inside { block = block $0 "\n"; if ($0 == name) found = 1 }
    END { exit !done }' "$1" || fail "$1 has no script $2"
}

# Small enough for seconds, and still several trials for each of several ranks. Later flags take precedence.
small=(--validation 200 --lr "0.01,0.1" --seeds 2 --hidden 16)
export SOAP_DATA_DIR="" DATA=synthetic:train=1000:test=200:seed=1
small+=(--data "$DATA")

# The same bytes, whoever made them, and nothing left over.
same_results() { # EXPECTED FOUND
  diff -r "$1/trials" "$2/trials" >&2 || fail "$2 has other results than one process makes"
  [[ -z $(ls -A "$2/claims") ]] || fail "$2 has claims left over"
  [[ -s $2/report/report.md ]] || fail "$2 has no report"
}

# Each process said its own rank, once.
have_ranks() { # COUNT LOGS...
  local count=$1 expected found
  shift
  expected=$(for ((i = 0; i < count; ++i)); do echo "sweep: rank $i of $count"; done)
  found=$(grep -hE '^sweep: rank ' "$@" | sort)
  [[ $found == "$expected" ]] || fail "found '$found', expected '$expected'"
}
