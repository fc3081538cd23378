#!/usr/bin/env bash
# A sweep under Open MPI's mpirun, by the line of docs/cluster.md: the same results as of one process, and a core for
# each process.
# Usage: mpirun.sh SWEEP CLUSTER_MD WORK_DIR
set -euo pipefail
sweep=$1 document=$2 work=$3
# shellcheck source=tests/cluster/common.sh
source "$(dirname "$0")/common.sh"
command -v mpirun >/dev/null || skip "there is no mpirun"
mpirun --version 2>/dev/null | grep -q "Open MPI" || skip "mpirun is not Open MPI's"
[[ $(nproc) -ge 2 ]] || skip "there is one core, which two processes cannot have one each of"
rm -rf "$work"
mkdir -p "$work"
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
PATH=$(dirname "$sweep"):$PATH
script "$document" sweep.mpirun >"$work/sweep.mpirun"
# Another test may have set OpenMP's number; bindings are what is looked at.
mpirun -n 1 true 2>"$work/start.log" || skip "mpirun cannot start a program here: $(tail -n 1 "$work/start.log")"

"$sweep" "${small[@]}" --rules bp,fa,dfa --out "$work/expected" --threads 1
TASKS=2 CPUS=1 OUT=$work/found timeout 120 bash "$work/sweep.mpirun" "${small[@]}" 2>"$work/log" ||
  fail "mpirun failed: $(cat "$work/log")"
have_ranks 2 "$work/log"
same_results "$work/expected" "$work/found"

# The flags of the document's line, with another program: each process has a core of its own.
sed 's/ sweep --threads.*//; s/\\$//' "$work/sweep.mpirun" | grep -v '^ ' >"$work/bindings"
sed -i '$s|$| grep Cpus_allowed_list /proc/self/status|' "$work/bindings"
TASKS=2 CPUS=1 bash "$work/bindings" >"$work/cores"
[[ $(sort -u "$work/cores" | wc -l) -eq 2 ]] || fail "the two processes share cores: $(cat "$work/cores")"
! grep -q '[,-]' <(sed 's/.*://' "$work/cores") || fail "a process has several cores: $(cat "$work/cores")"
