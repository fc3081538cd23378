"""Small arithmetic and formatting that the tables share."""

import math
import statistics


def spread(values):
    """Half the range of the middle half, as a share of the median."""
    if len(values) < 2:
        return 0.0
    lower, _, upper = statistics.quantiles(values, n=4, method="inclusive")
    return (upper - lower) / 2 / statistics.median(values)


def ratio(values, others):
    """The median over the rounds of how many times as large the one was as the other."""
    return statistics.median(value / other for value, other in zip(values, others))


def geometric_mean(values):
    return math.exp(sum(map(math.log, values)) / len(values))


def duration(seconds):
    """With three digits and the unit that suits."""
    for size, unit in ((1, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns")):
        if seconds >= size or unit == "ns":
            number = seconds / size
            return f"{number:.{2 if number < 10 else 1 if number < 100 else 0}f} {unit}"
    raise AssertionError


def times(factor):
    """A factor with three digits."""
    return f"{factor:.{2 if factor < 10 else 1 if factor < 100 else 0}f} x"


def title(workload):
    """What people call it: "784-256-10 tanh, sgd, batch 64"."""
    sizes, activation, loss, optimizer, batch = workload.split(":")
    return f"{sizes} {activation}{', squared error' if loss == 'mse' else ''}, {optimizer}, batch {batch}"


def text_table(header, rows):
    widths = [max(len(row[column]) for row in [header, *rows]) for column in range(len(header))]

    def line(cells):
        first = cells[0].ljust(widths[0])
        return "  ".join([first, *(cell.rjust(width) for cell, width in zip(cells[1:], widths[1:]))]).rstrip()

    return "\n".join(map(line, [header, ["-" * width for width in widths], *rows])) + "\n"


def markdown_table(header, rows):
    lines = [header, ["---"] * len(header), *rows]
    return "".join("| " + " | ".join(cells) + " |\n" for cells in lines)
