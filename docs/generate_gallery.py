"""Draw the pictures of docs/gallery.md anew, each by the command that stands beside it.

python docs/generate_gallery.py            writes docs/gallery/*.svg
python docs/generate_gallery.py --check    writes nothing; exit code 1 when a picture is stale, missing or left over
"""

from __future__ import annotations

import contextlib
import functools
import io
import re
import shlex
import sys
import tempfile
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parent
PAGE, FOLDER = DOCS / "gallery.md", DOCS / "gallery"
_COMMAND = re.compile(r"^\$ kg (.+ -o (\S+\.svg))$", re.MULTILINE)
sys.path.insert(0, str(DOCS.parent))


def commands() -> dict[str, list[str]]:
    """The command line of each picture, by the name of its file."""
    return {name: shlex.split(line) for line, name in _COMMAND.findall(PAGE.read_text(encoding="utf-8"))}


@functools.cache
def _program() -> Any:
    """The command ``kg`` with the verbs of the page, in this process: a process for each picture would take thrice as long."""
    import typer

    from kg.cli import main

    main.register(dict.fromkeys(words[0] for words in commands().values()))
    return typer.main.get_command(main.app)


def draw(folder: Path) -> None:
    """Run every command of the page in a folder."""
    for words in commands().values():
        with contextlib.chdir(folder), contextlib.redirect_stdout(io.StringIO()):
            if code := _program()(words, standalone_mode=False):
                raise SystemExit(f"kg {shlex.join(words)}: exit code {code}")


def stale(fresh: Path, folder: Path = FOLDER) -> list[str]:
    """Pictures that are otherwise than the freshly drawn ones, that are missing, or that the page does not draw or does not show."""
    drawn, kept = ({one.name: one.read_bytes() for one in each.iterdir()} for each in (fresh, folder))
    shown = set(re.findall(r"\]\(gallery/(\S+)\)", PAGE.read_text(encoding="utf-8")))
    return sorted(one for one in drawn.keys() | kept.keys() | shown if drawn.get(one) != kept.get(one) or one not in shown)


def main() -> int:
    """Write the pictures, or say which are stale."""
    if "--check" not in sys.argv[1:]:
        FOLDER.mkdir(exist_ok=True)
        draw(FOLDER)
        return 0
    with tempfile.TemporaryDirectory() as fresh:
        draw(Path(fresh))
        old = stale(Path(fresh))
    for name in old:
        print(f"docs/gallery/{name} is stale: run python docs/generate_gallery.py", file=sys.stderr)
    return 1 if old else 0


if __name__ == "__main__":
    sys.exit(main())
