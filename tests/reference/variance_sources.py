#!/usr/bin/env python3
"""Right values for chi_square_test.cpp and variance_sources_test.cpp, worked out without the library's formulas:
the chi-square distribution by integrating its density, and what the shares come to by simulating a model whose
sources are known. Needs nothing but Python. Prints what the tests hold."""
import math
import random
import statistics


def chi_square_above(x, degrees):
    """Simpson's rule over y with x = y², where the density has no pole."""
    scale = 2 / (2 ** (degrees / 2) * math.gamma(degrees / 2))
    steps = 20_000
    width = math.sqrt(x) / steps
    density = [scale * (i * width) ** (degrees - 1) * math.exp(-((i * width) ** 2) / 2) for i in range(steps + 1)]
    inner = 4 * sum(density[1:-1:2]) + 2 * sum(density[2:-1:2])
    return 1 - width / 3 * (density[0] + inner + density[-1])


def quantile_above(share, degrees):
    low, high = 0.0, 1000.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if chi_square_above(middle, degrees) > share else (low, middle)
    return high


def interval(deviation, degrees):
    return tuple(deviation * math.sqrt(degrees / quantile_above(share, degrees)) for share in (0.025, 0.975))


print("shares above:")
for x, degrees in ((3.2, 1), (0.5, 2), (7.5, 5), (18.3, 10), (60.0, 49)):
    print(f"  {x} with {degrees}: {chi_square_above(x, degrees):.9f}")
print("intervals of a deviation of 1:")
for degrees in (1, 9, 10, 30):
    print("  {}: {:.6f} to {:.6f}".format(degrees, *interval(1, degrees)))

# The accuracies of the test's trials, by seed 1 to 5.
judged = [0.90, 0.92, 0.91, 0.94, 0.88]
changed = {"init": [0.91, 0.90, 0.91, 0.93, 0.90], "order": [0.93, 0.92, 0.88, 0.94, 0.89],
           "feedback": [0.90, 0.93, 0.92]}
total = statistics.stdev(judged)
print("the test's method:")
print("  all: {:.9f}, {:.7f} to {:.7f}".format(total, *interval(total, len(judged) - 1)))
shares = []
for name, accuracies in changed.items():
    squares = [(a - b) ** 2 for a, b in zip(accuracies, judged)]
    deviation = math.sqrt(sum(squares) / (2 * len(squares)))
    shares.append(deviation**2 / total**2)
    print("  {}: {:.9f}, {:.7f} to {:.7f}, share {:.9f}".format(name, deviation, *interval(deviation, len(squares)),
                                                                shares[-1]))
print(f"  remainder: {1 - sum(shares):.9f}")

# accuracy = 2·a + 1·b + 2·a·c with standard normal a, b, c: Var = 4 + 1 + 4 = 9. Var(accuracy | all but a), on
# average over these: (2 + 2c)², mean 8; of b: 1; of c: (2a)², mean 4. So the shares are 8/9, 1/9 and 4/9, and the
# remainder -4/9: the interaction's 4/9 of the variance, which counts with a and with c.
rng = random.Random(1)
pairs = 400_000
sums = [0.0, 0.0, 0.0]
values = []
for _ in range(pairs):
    first = [rng.gauss(0, 1) for _ in range(3)]
    accuracy = lambda v: 2 * v[0] + v[1] + 2 * v[0] * v[2]
    values.append(accuracy(first))
    for source in range(3):
        second = list(first)
        second[source] = rng.gauss(0, 1)
        sums[source] += (accuracy(first) - accuracy(second)) ** 2
variance = statistics.variance(values)
print("shares of the model with an interaction, expected 0.889, 0.111, 0.444:",
      *("{:.3f}".format(s / (2 * pairs) / variance) for s in sums))
