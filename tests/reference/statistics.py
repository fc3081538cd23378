#!/usr/bin/env python3
"""Writes statistics.json beside this file: what the tests of soap/statistics expect.

Worked out apart from the library: everything that can be counted is counted in whole numbers over all cases, and
distributions are scipy's. Needs python3-numpy and python3-scipy (written with 1.24 and 1.10); takes a few seconds.
"""
import itertools
import json
import math
import pathlib
import random
from fractions import Fraction

import numpy as np
import scipy.optimize
import scipy.stats as st


def signed_sums(values):
    return [sum(s * v for s, v in zip(signs, values)) for signs in itertools.product((1, -1), repeat=len(values))]


def p_values(values):
    """Two-sided, greater and less, by counting; values are whole numbers or fractions."""
    sums = signed_sums(values)
    total = sum(values)
    share = lambda count: count / len(sums)
    return (share(sum(abs(s) >= abs(total) for s in sums)), share(sum(s >= total for s in sums)),
            share(sum(s <= total for s in sums)))


def interval(values, level):
    """Hartigan's typical values: the means of all subsets but the empty one, of which so many are left out at each
    end that the two-sided p beyond is below 1 - level."""
    means = sorted(Fraction(sum(subset), len(subset)) for size in range(1, len(values) + 1)
                   for subset in itertools.combinations(values, size))
    left_out = -1
    while Fraction(2 * (left_out + 2), 2**len(values)) < 1 - level:
        left_out += 1
    return None if left_out < 0 else [float(means[left_out]), float(means[-1 - left_out])]


def sign_flips():
    draw = random.Random(1)
    samples = [[1, 2, 3, 4, 5], [3, 1, 4, 1, 5, 9], [0, 0, 0, 0, 0, 0, 0], [0, 0, 5, 3, 8, 2, 7, 1],
               [-3, 0, 0, 0, 4, -4, 3, 1, 2], [7, 7, 7, 7, 7, 7], [-1, -1, -1, -1, -1, -1, -1, 20]]
    samples += [[draw.randint(-40, 120) for _ in range(n)] for n in (6, 7, 8, 9, 10, 11, 12)]
    samples += [[draw.randint(-2, 4) for _ in range(n)] for n in (6, 8, 10, 12)]
    cases = []
    for values in samples:
        two_sided, greater, less = p_values(values)
        smallest, smallest_greater, _ = p_values([abs(v) for v in values])
        margin = 10
        above = p_values([v + margin for v in values])[1]
        below = p_values([v - margin for v in values])[2]
        cases.append({
            "values": values, "two_sided": two_sided, "greater": greater, "less": less, "smallest": smallest,
            "smallest_greater": smallest_greater, "interval_95": interval(values, Fraction(95, 100)),
            "interval_80": interval(values, Fraction(80, 100)), "margin": margin, "noninferiority": above,
            "equivalence": max(above, below)
        })
    return cases


def holm(p):
    order = sorted(range(len(p)), key=lambda i: p[i])
    corrected = [0.0] * len(p)
    for place, i in enumerate(order):
        corrected[i] = min(1.0, max((len(p) - j) * p[order[j]] for j in range(place + 1)))
    return corrected


def tarone(p, smallest, level):
    k = next(k for k in itertools.count(1) if sum(s < level / k for s in smallest) <= k)
    family = [i for i in range(len(p)) if smallest[i] < level / k]
    corrected = dict(zip(family, holm([p[i] for i in family])))
    return [corrected.get(i) for i in range(len(p))]


def families():
    draw = random.Random(2)
    cases = []
    for count, level in ((1, 0.05), (2, 0.05), (4, 0.05), (6, 0.035), (13, 0.05), (13, 0.0172)):
        smallest = [2.0**-draw.randint(1, 10) for _ in range(count)]
        p = [min(1.0, s * draw.choice((1, 1, 2, 3, 20))) for s in smallest]
        cases.append({"p": p, "smallest": smallest, "level": level, "holm": holm(p),
                      "tarone_holm": tarone(p, smallest, level)})
    return cases


def look_levels(looks, alpha):
    """The recursion of Armitage, McPherson and Rowe on 400 Gauss-Legendre places of each look."""
    places, weights = np.polynomial.legendre.leggauss(400)
    levels, left = [], alpha
    x, mass, before = np.array([0.0]), np.array([1.0]), 0
    for k, seeds in enumerate(looks):
        spent = 0.7 * left if k == 0 else left / 2
        left -= spent
        step, scale = math.sqrt(seeds - before), math.sqrt(seeds)
        beyond = lambda b: float(np.sum(mass * (st.norm.sf((b - x) / step) + st.norm.cdf((-b - x) / step)))) - spent
        bound = scipy.optimize.brentq(beyond, 0, 12 * scale, xtol=1e-13)
        levels.append(2 * st.norm.sf(bound / scale))
        fresh = places * bound
        density = np.array([np.sum(mass * st.norm.pdf((y - x) / step)) / step for y in fresh])
        x, mass, before = fresh, density * weights * bound, seeds
    return levels


def check_looks():
    """That the walk leaves its bounds as often as it may, by Genz's integral of a normal distribution."""
    looks, alpha = [10, 15, 20], 0.05
    bounds = [st.norm.isf(level / 2) for level in look_levels(looks, alpha)]
    covariance = [[math.sqrt(min(a, b) / max(a, b)) for a in looks] for b in looks]
    stays = 0
    for corner in itertools.product((1, -1), repeat=3):  # inclusion and exclusion over the box's corners
        stays += np.prod(corner) * st.multivariate_normal.cdf([c * b for c, b in zip(corner, bounds)],
                                                                     cov=covariance, maxpts=2_000_000, abseps=1e-7)
    spent = 0.035 + 0.0075 + 0.00375
    assert abs(1 - stays - spent) < 1e-5, (1 - stays, spent)


def looks():
    check_looks()
    cases = ([10], [10, 15], [10, 15, 20], list(range(10, 60, 5)), [6, 7, 8, 9, 10], [5, 50, 100], [100, 101, 103])
    return [{"looks": seeds, "alpha": alpha, "levels": look_levels(seeds, alpha)}
            for seeds in cases for alpha in (0.05, 0.01)]


def rates():
    cases = []
    for hits, runs in ((0, 10), (1, 10), (5, 10), (10, 10), (0, 1), (3, 200), (7, 30)):
        interval_of = [0.0 if hits == 0 else st.beta.ppf(0.025, hits, runs - hits + 1),
                       1.0 if hits == runs else st.beta.ppf(0.975, hits + 1, runs - hits)]
        bound = 1.0 if hits == runs else st.beta.ppf(0.95, hits + 1, runs - hits)
        cases.append({"hits": hits, "runs": runs, "bound": bound, "interval": interval_of})
    return cases


def distributions():
    return {
        "beta": [[x, a, b, float(st.beta.cdf(x, a, b))] for x in (0.01, 0.3, 0.5, 0.9)
                 for a, b in ((0.5, 0.5), (1, 1), (2, 5), (30, 0.5), (200, 300), (5000, 0.5))],
        "t": [[t, df, float(st.t.cdf(t, df))] for t in (-40, -2.5, -0.1, 0, 1, 3) for df in (1, 2, 3, 4, 9, 30, 9999)],
        "t_above": [[share, df, float(st.t.isf(share, df))] for share in (0.4, 0.025, 0.0005) for df in (1, 4, 9, 100)],
        "f": [[x, a, b, float(st.f.sf(x, a, b))] for x in (0.1, 1, 4.5, 30) for a, b in ((1, 1), (3, 9), (4, 39), (12, 120))],
        "chi_square": [[x, df, float(st.chi2.sf(x, df))] for x in (0.1, 2, 9.28, 60) for df in (1, 2, 3, 4, 5, 12, 13)],
        "studentized_range": [[q, k, float(st.studentized_range.sf(q, k, np.inf))] for q in (0.5, 2.77, 3.63, 5)
                              for k in (2, 3, 5, 14, 50)],
        "noncentral_t": [[c, df, nc, float(st.nct.sf(c, df, nc) + st.nct.cdf(-c, df, nc))]
                         for c, df in ((2.776, 4), (2.262, 9), (4.0, 5), (2.0, 60)) for nc in (0, 0.5, 2, 4)]
    }


def attained(pairs, level):
    counts = [k for k in range(1, 2**(pairs - 1) + 1) if 2 * k < level * 2**pairs]
    return 2 * counts[-1] / 2**pairs if counts else 0.0


def power_of(pairs, effect, level):
    found = attained(pairs, level) if pairs <= 20 else level
    if found == 0:
        return 0.0
    if found == 2 / 2**pairs:
        return float(st.norm.cdf(effect)**pairs + st.norm.cdf(-effect)**pairs)
    noncentrality = effect * math.sqrt(pairs)
    critical = st.t.isf(found / 2, pairs - 1)
    return float(st.nct.sf(critical, pairs - 1, noncentrality) + st.nct.cdf(-critical, pairs - 1, noncentrality))


def powers():
    table = [[n, effect, level, power_of(n, effect, level)] for n in (5, 6, 7, 10, 15, 20, 21, 30)
             for effect in (0.3, 1, 2) for level in (0.05, 0.0172)]
    seeds = [[effect, level, power, next(n for n in itertools.count(2) if power_of(n, effect, level) >= power)]
             for effect in (0.5, 1, 2, 5) for level in (0.05, 0.01) for power in (0.8, 0.9)]
    detectable = [[n, power, float(scipy.optimize.brentq(lambda e: power_of(n, e, 0.05) - power, 1e-6, 20))]
                  for n in (6, 10, 20, 40) for power in (0.8, 0.95)]
    return {"power": table, "seeds": seeds, "detectable": detectable}


def means():
    draw = random.Random(3)
    samples = [[draw.randint(9000, 9900) / 10000 for _ in range(n)] for n in (1, 2, 3, 4, 5, 7, 8, 10, 13)]
    middle = [{"values": values, "interquartile": float(st.trim_mean(values, 0.25))} for values in samples]
    pairs = []
    for n, m in ((4, 4), (5, 7), (10, 10)):
        a, b = ([draw.randint(0, 9) for _ in range(size)] for size in (n, m))
        better = st.mannwhitneyu(a, b).statistic / (n * m)
        differences = [x - y for x, y in zip(a, b)]
        share = sum(1.0 if d > 0 else 0.5 if d == 0 else 0.0 for d in differences) / len(differences)
        pairs.append({"a": a, "b": b, "improvement": float(better), "differences": differences, "share": share})
    return {"interquartile": middle, "improvement": pairs}


def best_of():
    values = [0.91, 0.95, 0.1, 0.95, 0.88, 0.93]
    without, with_replacement = [], []
    for trials in range(1, 7):
        without.append(float(np.mean([max(c) for c in itertools.combinations(values, trials)])))
        with_replacement.append(float(np.mean([max(c) for c in itertools.product(values, repeat=trials)])))
    rates, accuracies = [0.001, 0.01, 0.0316, 0.1, 1], [0.8, 0.9, 0.95, 0.93, 0.1]
    area = float(np.trapz(accuracies, np.log10(rates)) / (np.log10(rates[-1]) - np.log10(rates[0])))
    return {"values": values, "without": without, "with": with_replacement, "rates": rates, "accuracies": accuracies,
            "area": area}


def choices():
    accuracies = [[90, 93, 95, 91, 90], [92, 92, 92, 92, 92], [92, 92, 92, 92, 92], [97, 80, 94, 97, 91]]
    counts = [0] * len(accuracies)
    for seeds in itertools.product(range(5), repeat=5):
        sums = [sum(row[s] for s in seeds) for row in accuracies]
        counts[sums.index(max(sums))] += 1
    return {"accuracies": accuracies, "shares": [c / sum(counts) for c in counts]}


def ranks():
    # Demsar (2006), table 6: four versions of C4.5 on 14 data sets. Its ranks of "voting" tell two figures
    # apart that are printed alike.
    demsar = [[.763, .768, .771, .798], [.599, .591, .590, .569], [.954, .971, .968, .967], [.628, .661, .654, .657],
              [.882, .888, .886, .898], [.936, .931, .916, .931], [.661, .668, .609, .685], [.583, .583, .563, .625],
              [.775, .838, .866, .875], [1.000, 1.000, 1.000, 1.000], [.940, .962, .965, .962], [.619, .666, .614, .669],
              [.972, .981, .975, .9749], [.957, .978, .946, .970]]
    draw = random.Random(4)
    problems = [demsar, [[draw.randint(0, 30) for _ in range(5)] for _ in range(7)],
                [[3, 2, 1], [6, 5, 4], [9, 8, 7]]]
    cases = []
    for figures in problems:
        n, k = len(figures), len(figures[0])
        means_of = np.mean([st.rankdata([-x for x in row]) for row in figures], axis=0)
        chi_square, p = st.friedmanchisquare(*np.array(figures).T)
        rest = n * (k - 1) - chi_square
        f = (n - 1) * chi_square / rest if rest > 1e-9 else None
        cases.append({"figures": figures, "mean_ranks": means_of.tolist(), "chi_square": float(chi_square),
                      "chi_square_p": float(p), "f": f, "f_p": 0.0 if f is None else float(st.f.sf(f, k - 1, (k - 1) * (n - 1)))})
    differences = [[k, n, level, float(st.studentized_range.isf(level, k, np.inf) / math.sqrt(2)
                                       * math.sqrt(k * (k + 1) / (6 * n)))]
                   for k, n in ((2, 10), (4, 14), (5, 30), (14, 6), (40, 3)) for level in (0.05, 0.1)]
    return {"friedman": cases, "critical_difference": differences}


def stratified():
    """All resamples of each of two problems, made wider by sqrt(n/(n - 1)), and the percentiles of their mean."""
    problems = [[0.95, 0.96, 0.93, 0.97, 0.94, 0.952], [0.80, 0.85, 0.82, 0.79, 0.86]]
    sums = []
    for values in problems:
        n, mean = len(values), np.mean(values)
        resampled = np.array([np.mean(c) for c in itertools.product(values, repeat=n)])
        sums.append(mean + math.sqrt(n / (n - 1)) * (resampled - mean))
    draw = np.random.default_rng(5)
    both = (draw.choice(sums[0], 2_000_000) + draw.choice(sums[1], 2_000_000)) / 2
    return {"values": problems, "interval": np.quantile(both, [0.025, 0.975]).tolist()}


def censored_medians():
    """Places, counted from 1, of the two runs whose times bound the median."""
    places = []
    for n in range(1, 41):
        fits = [r for r in range(1, n // 2 + 1) if st.binom.cdf(r - 1, n, 0.5) <= 0.025]
        places.append(None if not fits else [fits[-1], n + 1 - fits[-1]])
    return places


figures = {"sign_flips": sign_flips(), "families": families(), "looks": looks(), "rates": rates(),
           "distributions": distributions(), "power": powers(), "means": means(), "best_of": best_of(),
           "choices": choices(), "ranks": ranks(), "stratified": stratified(), "censored_median": censored_medians()}
path = pathlib.Path(__file__).with_name("statistics.json")
path.write_text("{\n" + ",\n".join(f'"{name}": {json.dumps(value)}' for name, value in figures.items()) + "\n}\n")
