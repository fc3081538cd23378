"""Trials of a sweep by PyTorch: torch_sweep.py WAY FOLDER TRIALS loads MNIST, prints "ready", waits for a line on
standard input, runs the trials on one thread and prints the accuracy of each.

TRIALS is JSON: a list of [rule, learning rate, seed, validation images]. WAY is "autograd", as PyTorch's users write
such rules (a layer with a backward function of its own), or "by-hand": the same equations without autograd, which is
faster. Both keep all images in memory as normalized floats and gather each batch by one index_select.
"""

import gzip
import json
import math
import sys

import numpy as np

try:
    import torch
except ImportError:
    sys.exit("torch_sweep.py: PyTorch is not installed for this Python")

HIDDEN = 100
BATCH = 64
SIGN_PERIOD = 6400  # examples


def images(folder, name):
    with gzip.open(f"{folder}/{name}-images-idx3-ubyte.gz") as file:
        pixels = np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 784)
    with gzip.open(f"{folder}/{name}-labels-idx1-ubyte.gz") as file:
        labels = np.frombuffer(file.read(), np.uint8, offset=8)
    return (torch.from_numpy(pixels.astype(np.float32)) / 255 - 0.1307) / 0.3081, torch.from_numpy(labels.astype(np.int64))


def xavier(outputs, inputs, generator):
    return torch.randn(outputs, inputs, generator=generator) * math.sqrt(2 / (inputs + outputs))


class Feedback:
    """The matrix that the top layer's error goes down through."""

    def __init__(self, rule, weights, generator):
        self.rule = rule
        self.matrix = xavier(*weights.shape, generator)
        self.scale = math.sqrt(2 / sum(weights.shape))
        self.examples = 0

    def now(self, weights):
        if self.rule == "bp":
            return weights
        if self.rule == "usf":
            return self.scale * weights.sign()
        return self.matrix

    def seen(self, weights, examples):
        before = self.examples // SIGN_PERIOD
        self.examples += examples
        if self.rule == "sign" and self.examples // SIGN_PERIOD > before:
            self.matrix = weights.sign()


class FeedbackLinear(torch.autograd.Function):
    @staticmethod
    def forward(context, inputs, weights, bias, matrix):
        context.save_for_backward(inputs, matrix)
        return torch.addmm(bias, inputs, weights.t())

    @staticmethod
    def backward(context, error):
        inputs, matrix = context.saved_tensors
        return error @ matrix, error.t() @ inputs, error.sum(0), None


def train_autograd(layers, feedback, rate, inputs, labels, order):
    parameters = [tensor.requires_grad_() for tensor in layers]
    bottom, bottom_bias, top, top_bias = parameters
    optimizer = torch.optim.SGD(parameters, lr=rate)
    total = torch.zeros(())
    for start in range(0, len(order), BATCH):
        batch = order[start : start + BATCH]
        hidden = torch.tanh(torch.nn.functional.linear(inputs[batch], bottom, bottom_bias))
        if feedback.rule == "bp":
            outputs = torch.nn.functional.linear(hidden, top, top_bias)
        else:
            outputs = FeedbackLinear.apply(hidden, top, top_bias, feedback.now(top.detach()))
        loss = torch.nn.functional.cross_entropy(outputs, labels[batch])
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        feedback.seen(top.detach(), len(batch))
        total += loss.detach()
    return total


@torch.no_grad()
def train_by_hand(layers, feedback, rate, inputs, labels, order):
    bottom, bottom_bias, top, top_bias = layers
    total = torch.zeros(())
    for start in range(0, len(order), BATCH):
        batch = order[start : start + BATCH]
        below = inputs[batch]
        targets = labels[batch].unsqueeze(1)
        hidden = torch.addmm(bottom_bias, below, bottom.t()).tanh_()
        log_shares = torch.log_softmax(torch.addmm(top_bias, hidden, top.t()), 1)
        total -= log_shares.gather(1, targets).mean()
        error = log_shares.exp_()
        error.scatter_add_(1, targets, torch.full_like(targets, -1, dtype=error.dtype))
        error /= len(batch)
        lower = (error @ feedback.now(top)).mul_(1 - hidden * hidden)
        top.addmm_(error.t(), hidden, alpha=-rate)
        top_bias.sub_(error.sum(0), alpha=rate)
        bottom.addmm_(lower.t(), below, alpha=-rate)
        bottom_bias.sub_(lower.sum(0), alpha=rate)
        feedback.seen(top, len(batch))
    return total


@torch.no_grad()
def accuracy(layers, inputs, labels):
    bottom, bottom_bias, top, top_bias = layers
    right = 0
    for start in range(0, len(labels), 1000):
        hidden = torch.addmm(bottom_bias, inputs[start : start + 1000], bottom.t()).tanh_()
        guesses = torch.addmm(top_bias, hidden, top.t()).argmax(1)
        right += int((guesses == labels[start : start + 1000]).sum())
    return right / len(labels)


def run(way, train, test, rule, rate, seed, validation):
    generator = torch.Generator().manual_seed(seed)
    layers = [xavier(HIDDEN, 784, generator), torch.zeros(HIDDEN), xavier(10, HIDDEN, generator), torch.zeros(10)]
    feedback = Feedback(rule, layers[2], generator)
    count = len(train[1]) - validation
    order = torch.randperm(count, generator=generator)
    {"autograd": train_autograd, "by-hand": train_by_hand}[way](layers, feedback, rate, *train, order)
    judge = (train[0][count:], train[1][count:]) if validation else test
    return accuracy(layers, *judge)


def main():
    if sys.argv[1:] == ["--version"]:
        print(torch.__version__)
        return
    if len(sys.argv) != 4 or sys.argv[1] not in ("autograd", "by-hand"):
        sys.exit("torch_sweep.py: expected the arguments WAY FOLDER TRIALS")
    torch.set_num_threads(1)
    train, test = images(sys.argv[2], "train"), images(sys.argv[2], "t10k")
    print("ready", flush=True)
    sys.stdin.readline()
    for trial in json.loads(sys.argv[3]):
        print(f"{trial[0]} {trial[1]} {run(sys.argv[1], train, test, *trial):.4f}", flush=True)


if __name__ == "__main__":
    main()
