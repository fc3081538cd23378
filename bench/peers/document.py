"""docs/performance.md: prose that people write, and between marks the tables that compare.py writes."""

import os
import re
import tempfile
from pathlib import Path

from contest import Failed


def read_template(file):
    """The document's text, after a check that it has a place for each part."""
    try:
        return Path(file).read_text(encoding="utf-8")
    except OSError as error:
        raise Failed(f"{file}: {error.strerror}; expected the document whose tables are to be replaced") from error


def replace_parts(file, text, parts):
    """The text with each part's lines between its marks."""
    for name, part in parts.items():
        marks = re.compile(rf"(<!-- begin {name} -->\n).*?(<!-- end {name} -->)", re.DOTALL)
        text, count = marks.subn(lambda match, part=part: f"{match[1]}\n{part}\n{match[2]}", text)
        if count != 1:
            raise Failed(f"{file}: found {count} places between 'begin {name}' and 'end {name}', expected one")
    return text


def write_whole(file, text):
    """Replaces the file in one go: whoever reads it meanwhile, or stops us, finds the old one or the new one."""
    handle, temporary = tempfile.mkstemp(dir=Path(file).parent, prefix=".performance.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as opened:
            opened.write(text)
        os.chmod(temporary, 0o644)
        os.replace(temporary, file)
    except BaseException:
        os.unlink(temporary)
        raise
