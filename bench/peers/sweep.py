"""Measures a sweep beside the same trials by PyTorch, in turns.

    bench/peers/sweep.py [--rounds N]      with SOAP_DATA_DIR, after ./dev build

Five rules, three learning rates, four seeds, 784-100-10, one epoch of MNIST, batches of 64, plain SGD: 60 tuning trials
on 50,000 images, judged by 10,000, and 20 on all 60,000, judged by the test set. Ours is the whole program, from its
start to its report, with one validation an epoch. PyTorch's is one process with one thread for each core, from the
moment when all of them have loaded their images; every second trial goes to each.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SWEEP = ROOT / "build/release/apps/sweep"
RULES = ("bp", "fa", "sign:period=6400", "usf", "dfa")
RATES = (0.03, 0.1, 0.3)
SEEDS = (1, 2, 3, 4)
VALIDATION = 10_000
SECONDS_AN_HOUR = 3600


def our_seconds(data, cores):
    with tempfile.TemporaryDirectory() as out:
        call = [SWEEP, "--data", data, "--rules", ",".join(RULES), "--lr", ",".join(map(str, RATES))]
        call += ["--seeds", str(len(SEEDS)), "--hidden", "100", "--evaluations", "1", "--out", f"{out}/o"]
        call += ["--validation", str(VALIDATION), "--threads", str(cores)]
        start = time.perf_counter()
        subprocess.run(call, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return time.perf_counter() - start


def trials():
    # Named as the rules of torch_sweep.py; with one hidden layer direct feedback is feedback alignment.
    names = {"sign:period=6400": "sign", "dfa": "fa"}
    rules = [names.get(rule, rule) for rule in RULES]
    tuning = [[rule, rate, seed, VALIDATION] for rule in rules for rate in RATES for seed in SEEDS]
    return tuning + [[rule, RATES[-1], seed, 0] for rule in rules for seed in SEEDS]


def torch_seconds(way, data, cores):
    everything = trials()
    environment = dict(os.environ, OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    workers = [
        subprocess.Popen(
            [sys.executable, Path(__file__).with_name("torch_sweep.py"), way, data, json.dumps(everything[i::cores])],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment,
        )
        for i in range(cores)
    ]  # fmt: skip
    for worker in workers:
        if worker.stdout.readline() != "ready\n":
            sys.exit("sweep.py: PyTorch's process did not start")
    start = time.perf_counter()
    for worker in workers:
        worker.stdin.write("\n")
        worker.stdin.flush()
    for worker in workers:
        worker.stdout.read()
        if worker.wait() != 0:
            sys.exit("sweep.py: PyTorch's process failed")
    return time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    data = os.environ.get("SOAP_DATA_DIR")
    if not data:
        sys.exit("sweep.py: SOAP_DATA_DIR: found nothing, expected the folder with MNIST's files")
    if not SWEEP.exists():
        sys.exit(f"sweep.py: {SWEEP}: found nothing, expected the program; run ./dev build")
    cores = len(os.sched_getaffinity(0))
    count = len(trials())
    ways = ("autograd", "by-hand")
    ratios = {way: [] for way in ways}
    print(f"{count} trials on {cores} cores, trials an hour; PyTorch by autograd and by hand")
    for i in range(rounds):
        ours = our_seconds(data, cores)
        line = f"round {i + 1}: libsoap {count / ours * SECONDS_AN_HOUR:,.0f}"
        for way in ways:
            theirs = torch_seconds(way, data, cores)
            ratios[way].append(theirs / ours)
            line += f"; {way} {count / theirs * SECONDS_AN_HOUR:,.0f}"
        print(line, flush=True)
    for way, found in ratios.items():
        print(f"libsoap / {way}: median {statistics.median(found):.2f}, {min(found):.2f} to {max(found):.2f}")


if __name__ == "__main__":
    main()
