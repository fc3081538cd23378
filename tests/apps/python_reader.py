"""Reads safetensors files with nothing but their definition, and judges a model by the test images.

Usage: python_reader.py WORK_DIR, which holds the runs "whole" and "stopped"; SOAP_DATA_DIR may hold MNIST.
"""

import csv
import glob
import gzip
import json
import os
import struct
import sys

import numpy

TYPES = {"F32": "<f4", "F64": "<f8", "I64": "<i8", "U8": "u1"}


def load(path):
    """The tensors and the metadata; as strict as the reference implementation."""
    with open(path, "rb") as file:
        content = file.read()
    (length,) = struct.unpack("<Q", content[:8])
    assert length <= 100_000_000 and 8 + length <= len(content), "the header does not fit"
    assert content[8:9] == b"{", "the header starts with something else"
    header = json.loads(content[8 : 8 + length].decode("utf-8"))
    metadata = header.pop("__metadata__", {})
    assert all(isinstance(text, str) for text in metadata.values()), "metadata that is not text"
    data = content[8 + length :]
    tensors = {}
    at = 0
    for name, info in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        assert set(info) == {"dtype", "shape", "data_offsets"}, name
        begin, end = info["data_offsets"]
        kind = numpy.dtype(TYPES[info["dtype"]])
        assert begin == at, f"{name}: a gap or an overlap"
        assert end - begin == kind.itemsize * int(numpy.prod(info["shape"], dtype=numpy.int64)), f"{name}: size"
        assert (8 + length + begin) % kind.itemsize == 0, f"{name}: not aligned"
        tensors[name] = numpy.frombuffer(data[begin:end], kind).reshape(info["shape"])
        at = end
    assert at == len(data), "bytes after the last tensor"
    return tensors, metadata


def read_idx(folder, stem):
    (path,) = [name for name in glob.glob(os.path.join(folder, stem + "*")) if os.path.isfile(name)][:1]
    with (gzip.open if path.endswith(".gz") else open)(path, "rb") as file:
        content = file.read()
    rank = content[3]
    shape = struct.unpack(f">{rank}I", content[4 : 4 + 4 * rank])
    return numpy.frombuffer(content, "u1", offset=4 + 4 * rank).reshape(shape)


def check_accuracy(model, notes, summary):
    folder = os.environ.get("SOAP_DATA_DIR")
    if not folder:
        print("no MNIST in SOAP_DATA_DIR: the model is not judged")
        return
    images = read_idx(folder, "t10k-images")
    labels = read_idx(folder, "t10k-labels")
    mean, deviation = float(notes["inputs.mean"]), float(notes["inputs.standard_deviation"])
    x = (images.reshape(len(images), -1) / 255.0 - mean) / deviation
    hidden = numpy.tanh(x @ model["layers.0.weight"].T + model["layers.0.bias"])
    output = hidden @ model["layers.2.weight"].T + model["layers.2.bias"]
    found = numpy.mean(output.argmax(axis=1) == labels)
    expected = float(list(csv.reader(open(summary, encoding="utf-8")))[1][8])
    # An image whose two best classes are rounding apart may fall to either side.
    assert abs(found - expected) <= 2.5 / len(labels), f"accuracy {found}, expected {expected}"
    print(f"accuracy {found}, as the program says")


def main(work):
    model, notes = load(os.path.join(work, "whole/models/fa-seed-1.safetensors"))
    assert notes["soap"] == "model 3", notes
    layers = [notes[f"layers.{n}"] for n in range(3)]
    assert layers == ["dense 784-32", "tanh", "dense 32-10"] and notes["layers.2.feedback"] == "fa", notes
    assert model["layers.0.weight"].shape == (32, 784) and model["layers.0.bias"].shape == (32,)
    assert model["layers.2.weight"].shape == (10, 32) and model["layers.2.bias"].shape == (10,)
    assert model["layers.2.feedback.B"].shape == (32, 10), sorted(model)
    check_accuracy(model, notes, os.path.join(work, "whole/summary.csv"))

    result, notes = load(os.path.join(work, "whole/checkpoints/fa-seed-1.safetensors"))
    assert notes["state"] == "result" and any(name.startswith("result.") for name in result)

    checkpoint, notes = load(os.path.join(work, "stopped/checkpoints/fa-seed-1.safetensors"))
    assert notes["state"] == "run", notes
    first = checkpoint["optimizer.layers.0.weight.exp_avg"]
    assert first.shape == (32, 784) and numpy.isfinite(first).all() and numpy.abs(first).max() > 0
    # The matrix that carries the error is never trained.
    assert (checkpoint["layers.2.feedback.B"] == model["layers.2.feedback.B"]).all()


main(sys.argv[1])
