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
# The places in the document: what was measured on, and then the tables.
PARTS = ("machine", "products", "steps", "rules", "others", "bars")


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
        description="Runs soap_bench, and then the same training steps by libsoap, PyTorch, dlib and FANN in "
        "turns; with SOAP_DATA_DIR also start-up and memory with MNIST. A full run writes "
        "docs/performance.md.",
    )
    add = parser.add_argument
    cores = len(os.sched_getaffinity(0))
    add("--rounds", type=positive(int), metavar="N", help="turns of each contender (default: 5, quick: 1)")
    add("--seconds", type=positive(float), metavar="S", help="length of a turn (default: 0.5, quick: 0.05)")
    add("--threads", type=positive(int), metavar="N", default=cores, help="most threads (default: all cores)")
    add("--only", type=pattern, metavar="REGEX", default=pattern(""), help="compare the steps that match")
    add("--quick", action="store_true", help="to see that it works; the figures mean little")
    add(
        "--out",
        type=Path,
        metavar="FILE",
        help="document whose tables to write (default: docs/performance.md, with --quick or --only none)",
    )
    given = parser.parse_args()
    given.rounds = given.rounds or (1 if given.quick else 5)
    given.seconds = given.seconds or (0.05 if given.quick else 0.5)
    if given.out is None and not given.quick and not given.only.pattern:
        given.out = ROOT / "docs/performance.md"
    if given.out is not None and not given.out.is_file():
        parser.error(
            f"argument --out: found '{given.out}', which is no file, expected a copy of docs/performance.md"
        )
    given.workloads = [name for name in contest.WORKLOADS if given.only.search(name)]
    if not given.workloads:
        parser.error(
            f"argument --only: found '{given.only.pattern}', which matches nothing, expected a part of a "
            f"step such as {next(iter(contest.WORKLOADS))}"
        )
    given.mnist = os.environ.get("SOAP_DATA_DIR")
    if given.mnist:
        try:
            start_up.check(given.mnist)
        except contest.Failed as error:
            parser.error(error)
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
        call = [BUILD / "bench/soap_bench", "--threads", str(given.threads), "--benchmark_out", out]
        if given.quick:
            call.append("--quick")
        done = subprocess.run(call, stdout=subprocess.DEVNULL, check=False)
        if done.returncode != 0:
            raise contest.Failed("soap_bench has failed")
        return library.Results(out.read_text(encoding="utf-8"))


def contest_bars(contests):
    for workload, results in contests.items():
        factor = contest.against(results, "torch")
        if factor:
            bar = contest.WORKLOADS[workload]
            step = f"step {figures.title(workload)}"
            yield step, f"{figures.times(factor)} PyTorch", f"at least {bar}", factor >= bar


def start_up_bars(given):
    if not given.mnist:
        return []
    say("start-up and memory")
    return list(start_up.bars(BUILD, given.mnist, given.rounds))


def bars_table(results, contests, others):
    bars = [*library.gemm_bars(results), *contest_bars(contests), *library.step_bars(results), *others]
    rows = [[what, figure, bar, "yes" if met else "no"] for what, figure, bar, met in bars]
    return ["what", "measured", "bar", "met"], rows


def compare(given):
    template = None
    if given.out is not None:
        template = given.out.read_text(encoding="utf-8")
        document.replace_parts(given.out, template, dict.fromkeys(PARTS, ""))  # before minutes of measuring
    results = run_soap_bench(given)
    plan = contest.Plan(BUILD / "bench/peers", given.threads, given.rounds, given.seconds)
    contests = {workload: contest.measure(workload, plan, say) for workload in given.workloads}
    bars = bars_table(results, contests, start_up_bars(given))
    say("")
    tables = [
        library.gemm_table(results),
        contest.table(contests),
        library.rules_table(results),
        library.others_table(results),
        bars,
    ]
    command = " ".join(["./dev bench --peers", *sys.argv[1:]])
    described = machine.description(results, BUILD, command)
    print(described)
    for header, rows in tables:
        print(figures.text_table(header, rows))
    if template is not None:
        parts = dict(zip(PARTS, [described, *(figures.markdown_table(*table) for table in tables)]))
        document.write_whole(given.out, document.replace_parts(given.out, template, parts))
        print(f"written: {given.out}")


def main():
    given = arguments()
    try:
        compare(given)
    except contest.Failed as error:
        sys.exit(f"bench --peers: {error}")
    except OSError as error:
        what = f"{error.filename}: {error.strerror}" if error.filename else error
        print(f"bench --peers: {what}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("\nbench --peers: interrupted, nothing is written", file=sys.stderr)
        sys.exit(130)


if __name__ == "__main__":
    main()
