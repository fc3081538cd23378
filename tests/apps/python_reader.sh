#!/usr/bin/env bash
# Models and checkpoints of mnist_train, read by Python as the safetensors format is defined.
# Usage: python_reader.sh PROGRAM WORK_DIR
set -euo pipefail
python=
for candidate in python3 /usr/bin/python3; do
  if "$candidate" -c 'import numpy' 2>/dev/null; then python=$candidate && break; fi
done
if [[ -z $python ]]; then
  echo "skipped: there is no Python with numpy"
  exit 77
fi

program=$1
work=$2
rm -rf "$work"
# Without MNIST there are synthetic digits, which Python cannot make: then only the format is checked.
"$program" --threads 1 --rules fa --hidden 32 --lr 0.01 --epochs 1 --seed 1 --optimizer adam --save-model \
  --checkpoint-every 100 --out "$work/whole"
# Stopped on its way it leaves a checkpoint; several times as long as it takes to the first.
"$program" --threads 1 --rules fa --hidden 32 --lr 0.01 --epochs 1000 --seed 1 --optimizer adam \
  --checkpoint-every 100 --out "$work/stopped" & training=$!
for ((i = 0; i < 300; ++i)); do
  [[ -e $work/stopped/checkpoints/fa-seed-1.safetensors ]] && break
  sleep 0.1
done
kill -TERM "$training"
wait "$training" || true
exec "$python" "$(dirname "$0")/python_reader.py" "$work"
