"""How soon a program learns, and how much memory it takes, with MNIST's files."""

import gzip
import os
import re
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from contest import Failed

MEGABYTE = 1e6
# MNIST's 70,000 images and labels stay bytes in memory.
MOST_MEMORY = (55 + 40) * MEGABYTE


def mnist_files(folder):
    """MNIST's four files in the folder, or as many of them as there are."""
    found = {}
    for file in sorted(Path(folder).iterdir()):
        name = re.fullmatch(r"((?:train|t10k)-(?:images[-.]idx3|labels[-.]idx1))-ubyte(?:\.gz)?", file.name)
        if name and file.is_file():
            found.setdefault(name[1].replace(".", "-"), file)
    return list(found.values())


def check(folder):
    """Raises Failed for a folder without MNIST."""
    try:
        count = len(mnist_files(folder))
    except OSError as error:
        raise Failed(f"SOAP_DATA_DIR: found '{folder}' ({error.strerror}), expected a folder") from error
    if count < 4:
        raise Failed(f"SOAP_DATA_DIR: found '{folder}' with {count} of MNIST's files, expected all four")


def run(call):
    """Runs a program; its seconds from start to end and its peak memory in bytes."""
    start = time.perf_counter()
    with subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as child:
        output = child.stdout.read()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise Failed(f"{Path(call[0]).name}: {output.strip()}")
    return time.perf_counter() - start, usage.ru_maxrss * 1024


def is_gzip(file):
    with open(file, "rb") as opened:
        return opened.read(2) == b"\x1f\x8b"


def fill(folder, files, packed):
    """Copies MNIST's files into the folder, all of them packed or none of them."""
    folder.mkdir()
    for file in files:
        name = file.name.removesuffix(".gz")
        if packed and is_gzip(file):
            shutil.copyfile(file, folder / (name + ".gz"))
            continue
        with (gzip.open if is_gzip(file) else open)(file, "rb") as source:
            target = gzip.open(folder / (name + ".gz"), "wb") if packed else open(folder / name, "wb")
            with target:
                shutil.copyfileobj(source, target)


def bars(build, mnist, rounds):
    """What was measured, the figure, the bar and whether it is met."""
    files = mnist_files(mnist)
    first_step = str(build / "bench/peers/first_step")
    with tempfile.TemporaryDirectory() as work:
        for name, packed, most in ((".gz files", True, 1.0), ("plain files", False, 0.15)):
            folder = Path(work) / name
            fill(folder, files, packed)
            seconds = statistics.median(run([first_step, str(folder)])[0] for _ in range(rounds))
            what = f"from start to first step, MNIST in {name}"
            yield what, f"{seconds:.3f} s", f"at most {most} s", seconds <= most
        train = [str(build / "apps/mnist_train"), "--data", str(mnist), "--rules", "bp", "--seeds", "1"]
        _, memory = run([*train, "--epochs", "1", "--out", str(Path(work) / "run")])
    what = "peak memory, one epoch of mnist_train"
    most = MOST_MEMORY / MEGABYTE
    yield what, f"{memory / MEGABYTE:.0f} MB", f"at most {most:.0f} MB", memory / MEGABYTE <= most
