"""soap_bench's results: reads its JSON, makes tables of it and holds it against the bars."""

import json
import statistics

import figures


class Results:
    """By group ("gemm/forward/256x784x64", threads) and contender, each round's seconds of an iteration."""

    def __init__(self, text):
        parsed = json.loads(text)
        self.context = parsed["context"]
        self.groups = {}
        self._work = {}
        for run in parsed["benchmarks"]:
            if run["run_type"] != "iteration":
                continue
            name, contender = run["run_name"].split("/iterations:")[0].rsplit("/", 1)
            group, threads = name.split("/threads:")
            key = (group, int(threads))
            seconds = run["real_time"] * {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1}[run["time_unit"]]
            self.groups.setdefault(key, {}).setdefault(contender, []).append(seconds)
            for unit in ("flops", "items"):
                rate = run.get(f"{unit}_per_second", 0)
                self._work[key, contender, unit] = rate * seconds

    def median(self, key, contender):
        return statistics.median(self.groups[key][contender])

    def rate(self, key, contender, unit="flops"):
        return self._work[key, contender, unit] / self.median(key, contender)

    def share_of_peak(self, key, contender):
        return self.rate(key, contender) / self.rate(key, "peak")

    def of_kind(self, kind):
        return [key for key in self.groups if key[0].startswith(kind + "/")]

    def best_peer(self, key):
        """The fastest of the other libraries, or None without any."""
        peers = [name for name in self.groups[key] if name not in ("peak", "soap")]
        return min(peers, key=lambda name: self.median(key, name), default=None)

    def against_best_peer(self, key):
        return figures.ratio(self.groups[key][self.best_peer(key)], self.groups[key]["soap"])


def gemm_table(results):
    peers = ("Eigen", "OpenBLAS", "BLIS")
    header = ["product", "threads", "libsoap GFLOP/s", "± %", "% of peak", *peers, "libsoap/best"]
    rows = []
    for key in results.of_kind("square gemm") + results.of_kind("gemm"):
        kind, product, shape = key[0].split("/")
        group = results.groups[key]
        rows.append(
            [
                f"square {shape.split('x')[0]}" if kind == "square gemm" else f"{product} {shape}",
                str(key[1]),
                f"{results.rate(key, 'soap') / 1e9:.1f}",
                f"{100 * figures.spread(group['soap']):.1f}",
                f"{100 * results.share_of_peak(key, 'soap'):.0f}",
                *(f"{results.rate(key, peer) / 1e9:.1f}" if peer in group else "-" for peer in peers),
                f"{results.against_best_peer(key):.2f}" if results.best_peer(key) else "-",
            ]
        )
    return header, rows


def rules_table(results):
    header = ["step", "threads", "rule", "time", "± %", "GFLOP/s", "% of peak", "of bp's time"]
    rows = []
    for key in results.of_kind("step"):
        group = results.groups[key]
        for rule in group:
            if rule == "peak":
                continue
            rows.append(
                [
                    figures.title(key[0].split("/")[1]),
                    str(key[1]),
                    rule,
                    figures.duration(results.median(key, rule)),
                    f"{100 * figures.spread(group[rule]):.1f}",
                    f"{results.rate(key, rule) / 1e9:.1f}",
                    f"{100 * results.share_of_peak(key, rule):.0f}",
                    "" if rule == "bp" else f"{figures.ratio(group[rule], group['bp']):.3f}",
                ]
            )
    return header, rows


def others_table(results):
    header = ["what", "threads", "median", "± %"]
    rows = []
    for kind in ("activation", "gather", "epoch", "side by side"):
        for key in results.of_kind(kind):
            for name, seconds in results.groups[key].items():
                each = 1 / results.rate(key, name, "items")
                if kind == "activation":
                    what, figure = f"{name}, an element", figures.duration(each)
                elif kind == "gather":
                    what, figure = "gather, an image of 784 bytes", figures.duration(each)
                else:
                    workload = figures.title(key[0].split("/")[1])
                    what = f"epoch {workload}" if kind == "epoch" else f"{name} {workload}"
                    figure = f"{1 / each:,.0f} examples/s"
                threads = 2 if name == "two networks" else key[1]
                rows.append([what, str(threads), figure, f"{100 * figures.spread(seconds):.1f}"])
    return header, rows


def threads_text(threads):
    return f"{threads} thread{'s' if threads > 1 else ''}"


def gemm_bars(results):
    for key in results.of_kind("square gemm"):
        share = 100 * results.share_of_peak(key, "soap")
        yield f"gemm {key[0].split('/')[-1]}", f"{share:.0f} % of peak", "at least 80 %", share >= 80
    compared = [key for key in results.of_kind("gemm") if results.best_peer(key)]
    ratios = {key: results.against_best_peer(key) for key in compared}
    if ratios:
        mean = figures.geometric_mean(ratios.values())
        what = f"gemm, geometric mean of {len(ratios)} products of steps"
        yield what, f"{mean:.2f} x the best", "at least 1", mean >= 1
        where, least = min(ratios.items(), key=lambda item: item[1])
        name = where[0].removeprefix("gemm/").replace("/", " ")
        what = f"gemm, the least: {name}, {threads_text(where[1])}"
        yield what, f"{least:.2f} x the best", "at least 0.8", least >= 0.8


def step_bars(results):
    for key in results.of_kind("step"):
        if key[0] == "step/784-256-10:tanh:cross_entropy:sgd:64":
            share = 100 * results.share_of_peak(key, "bp")
            what = f"step {figures.title(key[0].split('/')[1])}, {threads_text(key[1])}"
            yield what, f"{share:.0f} % of peak", "at least 70 %", share >= 70
    for rule in ("fa", "sign:period=6400"):
        ratios = {
            key: figures.ratio(results.groups[key][rule], results.groups[key]["bp"])
            for key in results.of_kind("step")
            if rule in results.groups[key]
        }
        if ratios:
            (group, threads), worst = max(ratios.items(), key=lambda item: item[1])
            step = figures.title(group.split("/")[1])
            what = f"{rule} against bp, the worst: {step}, {threads_text(threads)}"
            yield what, f"{worst:.3f} x the time", "at most 1.03", worst <= 1.03
    for key in results.of_kind("side by side"):
        group = results.groups[key]
        factor = 2 * figures.ratio(group["one network"], group["two networks"])
        what = "two networks on two threads"
        yield what, f"{factor:.2f} x the throughput of one", "at least 1.9", factor >= 1.9
