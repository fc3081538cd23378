"""docs/performance.md: prose that people write, and between marks the tables that compare.py writes."""

import os
import re
import tempfile
from pathlib import Path

from contest import Failed


def replace_parts(file, text, parts):
    """The text with each part's lines between its marks."""
    for name, part in parts.items():
        marks = re.compile(rf"(<!-- begin {name} -->\n).*?(<!-- end {name} -->)", re.DOTALL)
        text, count = marks.subn(lambda match, part=part: f"{match[1]}\n{part}\n{match[2]}", text)
        if count != 1:
            raise Failed(f"{file}: found {count} places from 'begin {name}' to 'end {name}', expected one")
    return text


def write_whole(file, text):
    """Replaces the file in one go: whatever happens, there is the old one or the new one."""
    handle, temporary = tempfile.mkstemp(dir=Path(file).parent, prefix=".performance.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as opened:
            opened.write(text)
        os.chmod(temporary, 0o644)
        os.replace(temporary, file)
    except BaseException:
        os.unlink(temporary)
        raise
