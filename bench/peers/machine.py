"""What the figures were measured on and with."""

import datetime
import os
import re
import subprocess
import sys
from pathlib import Path

RIVALS = {"PyTorch": "python3-torch", "dlib": "libdlib-dev", "FANN": "libfann-dev"}


def first_match(file, pattern, default):
    found = re.search(pattern, Path(file).read_text(encoding="utf-8"), re.MULTILINE)
    return found.group(1).strip() if found else default


def output_of(*call):
    """A program's output, empty where it fails or is not there."""
    try:
        return subprocess.run(call, capture_output=True, text=True, check=False).stdout.strip()
    except OSError:
        return ""


def package(name):
    return output_of("dpkg-query", "-W", "-f", "${Version}", name) or "not installed"


def description(results, build, command):
    """Lines of Markdown: machine, versions, date and command."""
    processor = first_match("/proc/cpuinfo", r"^model name\s*: (.*)$", "an unnamed processor")
    kilobytes = int(first_match("/proc/meminfo", r"^MemTotal:\s*(\d+)", "0"))
    compiler = first_match(build / "CMakeCache.txt", r"^CMAKE_CXX_COMPILER:\w+=(.*)$", "c++")
    compiler_version = (output_of(compiler, "--version").splitlines() or ["an unknown compiler"])[0]
    if compiler_version.startswith("c++ ("):
        compiler_version = "GCC" + compiler_version.removeprefix("c++")
    context = results.context
    cores = len(os.sched_getaffinity(0))
    peaks = ", ".join(
        f"{results.rate(key, 'peak') / 1e9:.1f} GFLOP/s on {key[1]} thread{'s' if key[1] > 1 else ''}"
        for key in results.groups
        if key[0] == "multiply-adds"
    )
    versions = [
        f"libsoap {context['soap_version']} with its {context['soap_instruction_set']} loops",
        compiler_version,
        f"Eigen {context['Eigen']}",
        context["OpenBLAS"].removesuffix(" "),
        f"BLIS {context['BLIS']}",
        *(f"{name} {package(debian)}" for name, debian in RIVALS.items()),
    ]
    torch = output_of(sys.executable, str(Path(__file__).with_name("torch_steps.py")), "--version")
    blas = f"; PyTorch's BLAS: {torch.split('BLAS: ')[1].rstrip(')')}" if "BLAS: " in torch else ""
    return (
        f"- Machine: {processor}, {cores} core{'s' if cores > 1 else ''}, {kilobytes / 1e6:.0f} GB\n"
        f"- Peak, multiply-adds of {context['peak_instruction_set']}: {peaks}\n"
        f"- Versions: {', '.join(versions)}{blas}\n"
        f"- Measured on {datetime.date.today().isoformat()} by `{command}`\n"
    )
