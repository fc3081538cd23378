"""Measures libsoap beside other libraries in one run, prints the tables and writes docs/performance.md.

./dev bench --peers builds what this needs and calls it.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import contest
import document
import figures
import library
import machine
import start_up

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build/release"


class Parser(argparse.ArgumentParser):
    def error(self, message):
        self.exit(2, f"bench --peers: {message}\n")


def positive(kind):
    def parse(text):
        try:
            value = kind(text)
        except ValueError:
            value = 0
        if not 0 < value < 10_000:
            raise argparse.ArgumentTypeError(f"found '{text}', expected a number above 0 and below 10,000")
        return value

    return parse


def pattern(text):
    try:
        return re.compile(text)
    except re.error as error:
        raise argparse.ArgumentTypeError(f"found '{text}', expected a regular expression") from error


def arguments():
    parser = Parser(
        prog="./dev bench --peers",
        allow_abbrev=False,
        description="Runs soap_bench, and then the same training steps by libsoap, PyTorch, dlib and FANN in turns; "
        "with SOAP_DATA_DIR also start-up and memory with MNIST. A full run writes docs/performance.md.",
    )
    cores = len(os.sched_getaffinity(0))
    parser.add_argument("--rounds", type=positive(int), help="turns of each contender (default: 5, quick: 1)")
    parser.add_argument("--seconds", type=positive(float), help="length of a turn (default: 0.5, quick: 0.05)")
    parser.add_argument("--threads", type=positive(int), default=cores, help="most threads (default: all cores)")
    parser.add_argument("--only", type=pattern, default=pattern(""), metavar="REGEX", help="steps that match, of all")
    parser.add_argument("--quick", action="store_true", help="to see that it works; the figures mean little")
    parser.add_argument("--out", type=Path, help="document to write, with places for the tables "
                        "(default: docs/performance.md, nothing with --quick or --only)")
    given = parser.parse_args()
    given.rounds = given.rounds or (1 if given.quick else 5)
    given.seconds = given.seconds or (0.05 if given.quick else 0.5)
    if given.out is None and not given.quick and not given.only.pattern:
        given.out = ROOT / "docs/performance.md"
    given.workloads = [name for name in contest.WORKLOADS if given.only.search(name)]
    if not given.workloads:
        parser.error(f"argument --only: found '{given.only.pattern}', which matches nothing, expected a part of "
                     f"a step such as {next(iter(contest.WORKLOADS))}")
    return given


def say(text):
    """One line on standard error that says how far it has come."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text[:79]}", end="", file=sys.stderr, flush=True)
    elif text:
        print(text, file=sys.stderr, flush=True)


def run_soap_bench(given):
    """The JSON of soap_bench, whose own progress goes to our standard error."""
    with tempfile.TemporaryDirectory() as work:
        out = Path(work) / "soap_bench.json"
        call = [str(BUILD / "bench/soap_bench"), "--threads", str(given.threads), "--benchmark_out", str(out)]
        done = subprocess.run([*call, *(["--quick"] if given.quick else [])], stdout=subprocess.DEVNULL, check=False)
        if done.returncode != 0:
            raise contest.Failed("soap_bench has failed")
        return library.Results(out.read_text(encoding="utf-8"))


def contest_bars(contests):
    for workload, results in contests.items():
        factor = contest.against(results, "torch")
        if factor:
            bar = contest.WORKLOADS[workload]
            yield f"step {figures.title(workload)}", f"{figures.times(factor)} PyTorch", f"at least {bar}", factor >= bar


def start_up_bars(given):
    mnist = os.environ.get("SOAP_DATA_DIR")
    if not mnist:
        return []
    say("start-up and memory")
    return list(start_up.bars(BUILD, mnist, given.rounds))


def bars_table(results, contests, others):
    bars = [*library.gemm_bars(results), *contest_bars(contests), *library.step_bars(results), *others]
    rows = [[what, figure, bar, "yes" if met else "no"] for what, figure, bar, met in bars]
    return ["what", "measured", "bar", "met"], rows


def compare(given):
    template = document.read_template(given.out) if given.out else None
    results = run_soap_bench(given)
    contests = {
        workload: contest.measure(workload, BUILD / "bench/peers", given.threads, given.rounds, given.seconds, say)
        for workload in given.workloads
    }
    bars = bars_table(results, contests, start_up_bars(given))
    say("")
    tables = {
        "products": library.gemm_table(results),
        "steps": contest.table(contests),
        "rules": library.rules_table(results),
        "others": library.others_table(results),
        "bars": bars,
    }
    command = " ".join(["./dev bench --peers", *sys.argv[1:]])
    described = machine.description(results, BUILD, command)
    print(described)
    for header, rows in tables.values():
        print(figures.text_table(header, rows))
    if template is not None:
        parts = {"machine": described}
        parts.update((name, figures.markdown_table(*table)) for name, table in tables.items())
        document.write_whole(given.out, document.replace_parts(given.out, template, parts))
        print(f"written: {given.out}")


def main():
    given = arguments()
    try:
        compare(given)
    except contest.Failed as error:
        sys.exit(f"bench --peers: {error}")
    except KeyboardInterrupt:
        print("\nbench --peers: interrupted, nothing is written", file=sys.stderr)
        sys.exit(130)


if __name__ == "__main__":
    main()
