#!/usr/bin/env bash
# A sweep under a Slurm of its own on this machine, by the scripts of docs/cluster.md: a job array, and several tasks
# of one job, and an array that is stopped and submitted again. The same results as of one process.
# Usage: slurm.sh SWEEP CLUSTER_MD WORK_DIR
set -euo pipefail
sweep=$1 document=$2 work=$3
# shellcheck source=tests/cluster/common.sh
source "$(dirname "$0")/common.sh"
for program in munged slurmctld slurmd srun sbatch squeue; do
  command -v "$program" >/dev/null || skip "there is no $program"
done
rm -rf "$work"
mkdir -p "$work/state" "$work/spool" "$work/log"

# Sockets have short names.
run=$(mktemp -d)
# Daemons die with this script, even where it is killed.
with_script() {
  if setpriv --pdeathsig KILL true 2>/dev/null; then exec setpriv --pdeathsig KILL "$@"; fi
  exec "$@"
}
# The last first: a step cannot report its end, and its daemon waits for it, once munged is gone.
started=()
stop_all() {
  local i try pid
  for ((i = ${#started[@]} - 1; i >= 0; --i)); do
    kill "${started[i]}" 2>/dev/null || continue
    for ((try = 0; try < 50; ++try)); do
      kill -0 "${started[i]}" 2>/dev/null || break
      sleep 0.1
    done
    kill -KILL "${started[i]}" 2>/dev/null || true
    wait "${started[i]}" 2>/dev/null || true
  done
  # What jobs may have left, by the name of this Slurm's file in their environment.
  while read -r pid; do kill -KILL "$pid" 2>/dev/null || true; done < <(
    grep -lzsxF "SLURM_CONF=$run/slurm.conf" /proc/[0-9]*/environ | cut -d/ -f3
  )
  rm -rf "$run"
}
trap stop_all EXIT

free_port() {
  local port
  for ((port = 20000 + RANDOM % 20000; ; ++port)); do
    (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
  done
  echo "$port"
}

chmod 755 "$run"
(umask 077 && head -c 1024 /dev/urandom >"$run/key")
(with_script munged --foreground --force --key-file "$run/key" --socket "$run/munge" --pid-file "$run/munged.pid" \
  --log-file "$work/log/munged" --seed-file "$run/seed" &>"$work/log/munged.out") &
started+=($!)
host=$(hostname -s 2>/dev/null || hostname)
user=$(id -un)
cpus=$(nproc)
control_port=$(free_port)
node_port=$(free_port)
cat >"$run/slurm.conf" <<CONF
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
AuthInfo=socket=$run/munge
CryptoType=crypto/munge
SlurmctldPort=$control_port
SlurmdPort=$node_port
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$run/slurmctld.pid
SlurmdPidFile=$run/slurmd.pid
SlurmctldLogFile=$work/log/slurmctld
SlurmdLogFile=$work/log/slurmd
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
ReturnToService=2
SlurmdParameters=config_overrides
SchedulerParameters=sched_interval=1
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
NodeName=$host NodeAddr=127.0.0.1 CPUs=$((cpus > 3 ? cpus : 3)) State=UNKNOWN
PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
# Version 21.08 and later look for it, and may not find the machine's cgroups.
echo "CgroupAutomount=no" >"$run/cgroup.conf"
export SLURM_CONF=$run/slurm.conf

for ((i = 0; i < 50; ++i)); do
  [[ -S $run/munge ]] && break
  sleep 0.1
done
[[ -S $run/munge ]] || skip "munged does not start here: $(tail -n 1 "$work/log/munged.out")"
(with_script slurmctld -D -f "$SLURM_CONF" &>"$work/log/slurmctld.out") &
started+=($!)
(with_script slurmd -D -f "$SLURM_CONF" -N "$host" &>"$work/log/slurmd.out") &
started+=($!)
# That they cannot run here is no fault of the sweep's.
for ((i = 0; i < 200; ++i)); do
  if sinfo --noheader --format=%T 2>/dev/null | grep -q idle; then break; fi
  sleep 0.1
done
if ! timeout 60 srun --ntasks=1 true 2>"$work/log/srun"; then
  skip "Slurm does not run a program here: $(tail -qn 1 "$work"/log/srun "$work"/log/slurmd "$work"/log/slurmctld | tr '\n' ' ')"
fi

PATH=$(dirname "$sweep"):$PATH
"$sweep" "${small[@]}" --rules bp,fa,dfa --out "$work/expected" --threads 1

script "$document" sweep.srun >"$work/sweep.srun"
TASKS=2 CPUS=1 OUT=$work/tasks timeout 120 bash "$work/sweep.srun" "${small[@]}" 2>"$work/tasks.log" ||
  fail "srun failed: $(cat "$work/tasks.log")"
have_ranks 2 "$work/tasks.log"
same_results "$work/expected" "$work/tasks"

# Three jobs whose numbers have gaps; they write their logs where they are submitted.
cd "$work"
script "$document" sweep.sbatch >"$work/sweep.sbatch"
array=(--array=3-7:2 --cpus-per-task=1 --time=5 sweep.sbatch "${small[@]}")
OUT=$work/array timeout 120 sbatch --wait "${array[@]}" || fail "the job array failed: $(cat sweep-*.log)"
[[ $(find . -maxdepth 1 -name 'sweep-*_[357].log' | wc -l) -eq 3 ]] || fail "not all three jobs ran"
have_ranks 3 sweep-*_[357].log
same_results "$work/expected" "$work/array"

# An array that is told to end, as at its time limit, and submitted again.
rm -f sweep-*.log
long=(--epochs 20)
"$sweep" "${small[@]}" --rules bp,fa,dfa "${long[@]}" --out "$work/expected_long" --threads 2 2>"$work/long.log"
job=$(OUT=$work/again sbatch --parsable "${array[@]}" "${long[@]}")
for ((i = 0; i < 300; ++i)); do
  if compgen -G "$work/again/trials/*.json" >/dev/null; then break; fi
  sleep 0.05
done
scancel --signal=TERM "$job"
for ((i = 0; i < 300; ++i)); do
  if [[ -z $(squeue --noheader --jobs="$job" 2>/dev/null) ]]; then break; fi
  sleep 0.1
done
grep -q "stopped by a signal" sweep-*.log || fail "no job was stopped on its way: $(cat sweep-*.log)"
OUT=$work/again timeout 120 sbatch --wait "${array[@]}" "${long[@]}" ||
  fail "the second job array failed: $(cat sweep-*.log)"
same_results "$work/expected_long" "$work/again"
