#!/usr/bin/env bash
# Installs a build of libsoap and uses it the way its users do: as a CMake package, as a subproject and through
# pkg-config, with compiler flags that are and are not the library's own.
# Usage: test.sh BUILD_DIR WORK_DIR CXX
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
source_dir=$(cd "$here/../.." && pwd)
build_dir=$1
work=$2
export CXX=$3

say() { printf '== %s\n' "$*"; }
fail() {
  printf 'FAILED: %s\n' "$*" >&2
  exit 1
}

# Nothing but include paths, definitions and the language standard may come from us.
check_compile_line() { # DIR FLAGS-OF-THE-USER
  local line
  line=$(grep '"command".*consumer.dir/main.cpp.o' "$1/compile_commands.json") || fail "no compile line in $1"
  grep -q -- '-DEIGEN_MAX_ALIGN_BYTES=64' <<<"$line" || fail "no alignment on the compile line: $line"
  if [[ -n $2 ]]; then line=${line//"$2"/}; fi
  if grep -qE -- ' -(fopenmp|W|m|O|f)' <<<"$line"; then fail "a flag of ours is on the compile line: $line"; fi
}

configure() { # NAME FLAGS-OF-THE-USER CMAKE-OPTIONS...
  local name=$1 flags=$2
  shift 2
  say "$name"
  cmake -S "$here" -B "$work/$name" -DCMAKE_BUILD_TYPE=None -DCMAKE_CXX_FLAGS="$flags" \
    -DCMAKE_EXPORT_COMPILE_COMMANDS=ON -DCMAKE_PREFIX_PATH="$work/prefix" -DSOAP_SOURCE="$source_dir" "$@" \
    >"$work/$name.log" 2>&1 || { cat "$work/$name.log" && fail "$name does not configure"; }
  check_compile_line "$work/$name" "$flags"
}

build_and_run() { # NAME PROGRAM
  cmake --build "$work/$1" --target "$2" >"$work/$1.log" 2>&1 ||
    { cat "$work/$1.log" && fail "$1 does not build $2"; }
  "$work/$1/$2"
}

consume() { # NAME FLAGS-OF-THE-USER CMAKE-OPTIONS...
  configure "$@"
  build_and_run "$1" consumer | tee "$work/$1.out"
}

# pkg-config escapes the spaces of a path for the shell, hence the eval.
compile() { # MODULE FLAGS SOURCE PROGRAM
  eval "\"\$CXX\" -std=c++20 $2 \"\$here/$3\" -o \"\$work/$4\" $(pkg-config --cflags --libs "$1")"
}

rm -rf "$work"
mkdir -p "$work"
cmake --install "$build_dir" --prefix "$work/prefix" >"$work/install.log"
PKG_CONFIG_PATH=$(dirname "$(find "$work/prefix" -name soap.pc)")
export PKG_CONFIG_PATH

# -O2, because without inlining both sides would share one copy of Eigen's functions and could not disagree.
consume package "-O2"
consume package_native "-O2 -march=native"
cmp "$work/package.out" "$work/package_native.out" || fail "a program built with -march=native gets other results"
consume package_f64 "-O2" -DSOAP_TARGET=soap::soap_f64
grep -q '8 bytes' "$work/package_f64.out" || fail "soap_f64 does not compute in double"
build_and_run package lab
build_and_run package_f64 lab
# These compile the library again, which takes most of the time: one of them is enough.
consume subdirectory_shared "" -DSOAP_FROM=subdirectory -DBUILD_SHARED_LIBS=ON
if nm -D -C "$work"/subdirectory_shared/soap/libsoap.so | grep -E 'stb|font_bytes|TrialRecord|nlohmann'; then
  fail "libsoap.so has what belongs to the laboratory, or shows the JSON library that it uses"
fi
configure fetch "" -DSOAP_FROM=fetch

say "build types of a subproject"
configure_subproject() { # FLAGS...
  rm -rf "$work/build_type"
  cmake -S "$here" -B "$work/build_type" -DCMAKE_EXPORT_COMPILE_COMMANDS=ON -DSOAP_SOURCE="$source_dir" \
    -DSOAP_FROM=subdirectory "$@" >"$work/build_type.log" 2>&1 || { cat "$work/build_type.log" && fail "no configuration"; }
}
is_release() { # OBJECT
  local line
  line=$(grep "\"command\".*$1" "$work/build_type/compile_commands.json") || fail "no compile line of $1"
  [[ $line == *" -O3 -DNDEBUG "* ]]
}
configure_subproject
is_release soap.dir/soap/nn/loss.cpp.o || fail "without a build type the library is not optimized"
! is_release consumer.dir/main.cpp.o || fail "the library's build type has become the user's"
grep -q 'found no CMAKE_BUILD_TYPE' "$work/build_type.log" || fail "nothing says that there is no build type"
for chosen in -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS=-O1; do
  configure_subproject "$chosen"
  ! is_release soap.dir/soap/nn/loss.cpp.o || fail "$chosen is overridden"
done

say "pkg-config"
for flags in "-O2" "-O2 -march=native" "-O2 -fsanitize=address"; do
  compile soap "$flags" main.cpp pkg_config
  "$work/pkg_config"
done

compile soap_lab "-O2" lab.cpp pkg_config_lab
"$work/pkg_config_lab"

say "a user's warnings"
cat >"$work/warnings.cpp" <<'END'
#include <Eigen/Core>
int main() { return static_cast<int>(Eigen::MatrixXf::Zero(1, 1).sum()); }
END
eval "\"\$CXX\" -std=c++20 -fsyntax-only -Wold-style-cast -Werror \"\$work/warnings.cpp\" $(pkg-config --cflags soap)" ||
  fail "Eigen's warnings are the user's"

say "float code with the double library"
if eval "\"\$CXX\" -std=c++20 \"\$here/main.cpp\" -o \"\$work/mixed\" $(pkg-config --cflags soap) $(pkg-config --libs soap_f64)" \
  2>"$work/mixed.log"; then
  fail "a program that mixes the two builds links"
fi
grep -q 'undefined reference to .soap::f32::' "$work/mixed.log" || { cat "$work/mixed.log" && fail "another error"; }

say "Eigen included first, without our definition"
headers=$(pkg-config --cflags-only-I soap)
flag_sets=("" "-DEIGEN_MAX_ALIGN_BYTES=16" "-DEIGEN_MAX_ALIGN_BYTES=128")
if [[ $(uname -m) == x86_64 ]]; then flag_sets+=("-mavx" "-mavx -DEIGEN_MAX_ALIGN_BYTES=16"); fi
for flags in "${flag_sets[@]}"; do
  if eval "\"\$CXX\" -std=c++20 -fsyntax-only $flags \"\$here/eigen_first.cpp\" $headers" 2>"$work/first.log"; then
    fail "flags '$flags' compile"
  fi
  grep -q 'soap needs EIGEN_MAX_ALIGN_BYTES=64' "$work/first.log" || { cat "$work/first.log" && fail "another error"; }
done
eval "\"\$CXX\" -std=c++20 -fsyntax-only -DEIGEN_MAX_ALIGN_BYTES=64 \"\$here/eigen_first.cpp\" $headers"
