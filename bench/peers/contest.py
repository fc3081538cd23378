"""The same training steps by libsoap and its rivals, in turns."""

import importlib.util
import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import figures

# Workloads, as workload.hpp reads them, and how many times as fast as PyTorch libsoap means to be.
WORKLOADS = {
    "784-256-10:tanh:cross_entropy:sgd:64": 4,
    "784-256-10:tanh:cross_entropy:sgd:8": 6,
    "784-256-10:tanh:cross_entropy:sgd:1": 15,
    "4-32-16-4:tanh:mse:sgd:1": 200,
    "4-32-16-4:tanh:mse:sgd:32": 60,
    "784-512-512-10:relu:cross_entropy:sgd:128": 1.8,
    "784-1024-1024-1024-10:relu:cross_entropy:sgd:256": 1.3,
    "784-256-10:tanh:cross_entropy:momentum:64": 3,
    "784-256-10:tanh:cross_entropy:adam:64": 3,
}
NAMES = {"soap": "libsoap", "torch": "PyTorch", "dlib": "dlib", "fann": "FANN"}
CANNOT_DO = 3  # a step program's exit status when its library lacks what the workload asks for


class Failed(Exception):
    """A program that had to run did not; its message is one for people."""


class Plan(NamedTuple):
    """How long to measure, and with what."""

    programs: Path
    all_threads: int
    rounds: int
    seconds: float


def command(name, programs):
    """How to call a contender's step program; None where it is not installed."""
    if name == "torch":
        if importlib.util.find_spec("torch") is None:
            return None
        return [sys.executable, str(Path(__file__).with_name("torch_steps.py"))]
    program = programs / f"{name}_steps"
    return [str(program)] if program.exists() else None


def step_seconds(call, workload, threads, seconds):
    """Seconds of one step, or None where the contender cannot do it."""
    # The products of PyTorch and dlib run on OpenBLAS's threads, which only this sets.
    environment = dict(os.environ, OMP_NUM_THREADS=str(threads), OPENBLAS_NUM_THREADS=str(threads))
    call = [*call, workload, str(threads), str(seconds)]
    done = subprocess.run(call, env=environment, capture_output=True, text=True, check=False)
    if done.returncode == CANNOT_DO:
        return None
    if done.returncode != 0:
        raise Failed(f"{' '.join(call)}: {done.stderr.strip() or f'status {done.returncode}'}")
    return float(done.stdout.split()[0])


def contenders(all_threads):
    counts = sorted({1, all_threads})
    return [(name, n) for name in ("soap", "torch", "dlib") for n in counts] + [("fann", 1)]


def measure(workload, plan, say):
    """By contender and number of threads, the seconds of one step in each round.

    Each round starts with the next contender, so that none always comes first.
    """
    results = {}
    calls = {name: command(name, plan.programs) for name in NAMES}
    taking_part = [(name, n) for name, n in contenders(plan.all_threads) if calls[name]]
    for number in range(plan.rounds):
        place = f"{figures.title(workload)}, round {number + 1} of {plan.rounds}"
        first = number % max(1, len(taking_part))
        for name, threads in taking_part[first:] + taking_part[:first]:  # a copy, which removing leaves alone
            say(f"{place}: {NAMES[name]}, threads: {threads}")
            taken = step_seconds(calls[name], workload, threads, plan.seconds)
            if taken is None:
                taking_part.remove((name, threads))
            else:
                results.setdefault((name, threads), []).append(taken)
    return results


def best(results, name):
    """The contender's better number of threads and its seconds, or None."""
    own = [(threads, seconds) for (who, threads), seconds in results.items() if who == name]
    return min(own, key=lambda item: statistics.median(item[1]), default=None)


def against(results, name):
    """How many times as long as libsoap's the contender's step takes, each at its best; None without it."""
    rival = best(results, name)
    return figures.ratio(rival[1], best(results, "soap")[1]) if rival else None


def cell(found):
    """A contender's time for the table, with the number of threads that it was best with."""
    if found is None:
        return "-"
    threads, seconds = found
    middle = figures.duration(statistics.median(seconds))
    return f"{middle} ± {100 * figures.spread(seconds):.1f} % ({threads})"


def table(contests):
    header = ["step", *NAMES.values(), "PyTorch/libsoap", "bar", "met", "dlib/libsoap", "FANN/libsoap"]
    rows = []
    for workload, results in contests.items():
        row = [figures.title(workload), *(cell(best(results, name)) for name in NAMES)]
        factors = {name: against(results, name) for name in NAMES}
        bar = WORKLOADS[workload]
        row += [figures.times(factors["torch"]) if factors["torch"] else "-", f"{bar} x"]
        row.append(("yes" if factors["torch"] >= bar else "no") if factors["torch"] else "-")
        row += [figures.times(factors[name]) if factors[name] else "-" for name in ("dlib", "fann")]
        rows.append(row)
    return header, rows
