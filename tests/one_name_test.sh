#!/usr/bin/env bash
# Whether one_name.sh finds pairs of types, and nothing else.
# Usage: one_name_test.sh WORK_DIR
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
work=$1
fail() {
  printf 'FAILED: %s\n' "$*" >&2
  exit 1
}

write() { # FILE, and its text on standard input
  mkdir -p "$(dirname "$work/$1")"
  cat >"$work/$1"
}

finds() { # TEXT
  if "$here/one_name.sh" "$work" 2>"$work/found"; then fail "nothing was found, expected '$1'"; fi
  [[ $(<"$work/found") == "$1" ]] || fail "found '$(<"$work/found")', expected '$1'"
}

rm -rf "$work"
write soap/data/a.hpp <<'END_OF_FILE'
namespace soap {
inline namespace SOAP_ABI {
struct Spot {
  struct Inner {};
};
class Elsewhere;
}  // namespace SOAP_ABI
}  // namespace soap
END_OF_FILE
write soap/plot/b.cpp <<'END_OF_FILE'
namespace soap {
inline namespace SOAP_ABI {
namespace {
struct Spot {
  int x;
};
}  // namespace
namespace detail {
struct Spot {};
}  // namespace detail
class Elsewhere final {
  struct Inner {};
};
}  // namespace SOAP_ABI
}  // namespace soap
END_OF_FILE
"$here/one_name.sh" "$work" || fail "a pair was found where there is none"

for kind in struct class "enum class"; do
  write soap/plot/c.hpp <<END_OF_FILE
namespace soap {
$kind Spot {
};
}  // namespace soap
END_OF_FILE
  finds "soap/plot/c.hpp:2: soap::Spot is also defined at soap/data/a.hpp:3"
done

rm "$work/soap/plot/c.hpp"
"$here/one_name.sh" "$here/.." || fail "the library has such a pair"
