#!/usr/bin/env bash
# A sweep under a Slurm of its own on this machine, by the scripts of docs/cluster.md: a job array, and several tasks
# of one job. The same results as of one process.
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
started=()
stop_all() {
  local pid
  for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${started[@]}"; do wait "$pid" 2>/dev/null || true; done
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
munged --foreground --force --key-file "$run/key" --socket "$run/munge" --pid-file "$run/munged.pid" \
  --log-file "$work/log/munged" --seed-file "$run/seed" &>"$work/log/munged.out" &
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
NodeName=$host NodeAddr=127.0.0.1 CPUs=$((cpus > 2 ? cpus : 2)) State=UNKNOWN
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
slurmctld -D -f "$SLURM_CONF" &>"$work/log/slurmctld.out" &
started+=($!)
slurmd -D -f "$SLURM_CONF" -N "$host" &>"$work/log/slurmd.out" &
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
TASKS=2 CPUS=1 OUT=$work/tasks bash "$work/sweep.srun" "${small[@]}"
same_results "$work/expected" "$work/tasks"

# Three jobs whose numbers have gaps; they write their logs where they are submitted.
cd "$work"
script "$document" sweep.sbatch >"$work/sweep.sbatch"
OUT=$work/array timeout 180 sbatch --wait --array=3-7:2 --cpus-per-task=1 --time=5 sweep.sbatch "${small[@]}" ||
  fail "the job array failed: $(cat "$work"/sweep-*.log)"
[[ $(find "$work" -maxdepth 1 -name 'sweep-*_[357].log' | wc -l) -eq 3 ]] || fail "not all three jobs ran"
same_results "$work/expected" "$work/array"
