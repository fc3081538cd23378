"""Training steps by PyTorch: torch_steps.py WORKLOAD THREADS SECONDS prints the seconds that one step takes.

Tensors stay in memory, there is no DataLoader. Of the ways to run the step that PyTorch offers, each is tried
and the fastest one measured; it is named after the seconds.
"""

import re
import statistics
import sys
import time

try:
    import torch
except ImportError:
    sys.exit("torch_steps.py: PyTorch is not installed for this Python")

# As in workload.hpp.
LEARNING_RATE = 1e-6


def layers(sizes, activation):
    stack = []
    for below, above in zip(sizes, sizes[1:]):
        stack += [torch.nn.Linear(below, above), {"tanh": torch.nn.Tanh, "relu": torch.nn.ReLU}[activation]()]
    return torch.nn.Sequential(*stack[:-1])


def make_optimizer(name, parameters, foreach):
    options = {"lr": LEARNING_RATE}
    if foreach is not None:
        options["foreach"] = foreach
    if name == "adam":
        return torch.optim.Adam(parameters, **options)
    return torch.optim.SGD(parameters, momentum=0.9 if name == "momentum" else 0, **options)


def make_step(workload, foreach):
    sizes, activation, loss, optimizer, batch = workload.split(":")
    sizes = [int(size) for size in sizes.split("-")]
    batch = int(batch)
    torch.manual_seed(1)
    model = layers(sizes, activation)
    inputs = torch.randn(batch, sizes[0])
    labels = torch.randint(sizes[-1], (batch,))
    if loss == "mse":
        criterion, targets = torch.nn.MSELoss(), torch.nn.functional.one_hot(labels, sizes[-1]).float()
    else:
        criterion, targets = torch.nn.CrossEntropyLoss(), labels
    stepper = make_optimizer(optimizer, model.parameters(), foreach)

    def step():
        output = criterion(model(inputs), targets)
        stepper.zero_grad(set_to_none=True)
        output.backward()
        stepper.step()

    return step


def timed(step, steps):
    start = time.perf_counter()
    for _ in range(steps):
        step()
    return time.perf_counter() - start


def seconds_per_step(step, seconds, stretches):
    """The median of some stretches, after a warm-up half as long as all of them."""
    step()
    steps, taken, some = 0, 0.0, 1
    while taken < seconds / 2:
        taken += timed(step, some)
        steps += some
        some *= 2
    stretch = max(1, int(seconds / stretches / (taken / steps)))
    return statistics.median(timed(step, stretch) / stretch for _ in range(stretches))


def foreach_choices():
    """Whether the optimizers of this PyTorch can take all parameters in one call."""
    try:
        torch.optim.SGD([torch.zeros(1)], lr=1, foreach=True)
    except TypeError:
        return [None]
    return [False, True]


def run(workload, threads, seconds):
    # PyTorch's own threads; those of an OpenBLAS beneath it are set by OPENBLAS_NUM_THREADS. With several the
    # pools can get in each other's way: then PyTorch's own may better be one.
    ways = [(foreach, own) for foreach in foreach_choices() for own in sorted({1, threads})]
    best = None
    for foreach, own in ways:
        torch.set_num_threads(own)
        step = make_step(workload, foreach)
        tried = seconds_per_step(step, seconds / 4, 3)
        if best is None or tried < best[0]:
            best = (tried, step, foreach, own)
    _, step, foreach, own = best
    torch.set_num_threads(own)
    print(f"{seconds_per_step(step, seconds, 10):.9g} foreach={foreach}, {own} of its own threads")


def blas_library():
    """The library that does PyTorch's matrix products, as far as this process shows it."""
    with open("/proc/self/maps", encoding="utf-8") as maps:
        files = {line.split("/")[-1].strip() for line in maps if "/" in line}
    for name in ("mkl_rt", "libmkl", "openblas", "blis", "libblas"):
        found = sorted(file for file in files if name in file)
        if found:
            return found[0]
    return "built in"


def main():
    if sys.argv[1:] == ["--version"]:
        print(f"{torch.__version__} (BLAS: {blas_library()})")
        return
    if len(sys.argv) != 4 or not re.fullmatch(
        r"\d+(-\d+)+:(tanh|relu):(cross_entropy|mse):(sgd|momentum|adam):\d+", sys.argv[1]
    ):
        sys.exit("torch_steps.py: expected the arguments WORKLOAD THREADS SECONDS")
    run(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))


if __name__ == "__main__":
    main()
