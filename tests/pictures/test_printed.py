"""Pictures as PDF and PNG, read back by a library that had no part in writing them."""

from __future__ import annotations

import io
import struct
import sys
import zlib
from pathlib import Path

import pypdf
import pytest
from command import run

import kg
from kg.errors import UsageError
from kg.pictures.exports import FORMATS
from kg.pictures.printed import printed
from kg.pictures.scene import set_scene

SQUARE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {0}"><rect width="{0}" height="{0}" fill="#c00"/></svg>'
)


def size(png: bytes) -> tuple[int, int]:
    """Width and height as the header says (PNG, third edition, 11.2.1)."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def test_a_png_has_two_dots_a_pixel() -> None:
    """A picture of 100 pixels comes out with 200 dots, all in its colour."""
    made = printed(SQUARE.format(100), ".png", "Square")
    assert size(made) == (200, 200)
    start = made.index(b"IDAT")
    (length,) = struct.unpack(">I", made[start - 4 : start])
    rows = zlib.decompress(made[start + 4 : start + 4 + length])
    assert rows[1:4] == bytes((0xCC, 0, 0))


def test_a_huge_png_is_drawn_coarser() -> None:
    """A picture of 40,000 pixels a side would have 6,400 million dots; it gets 80 million."""
    width, height = size(printed(SQUARE.format(40000), ".png", "Square"))
    assert width == height
    assert 78_000_000 < width * height <= 80_100_000


def test_a_pdf_is_one_page_with_text_that_can_be_copied() -> None:
    """The page has the size of the picture; its words are words, and its title is that of the picture."""
    scene = set_scene(kg.open(), ["WhatsApp"], "RU", on="2026-11-22", known="2026-11-22")
    svg = FORMATS[".svg"](scene)
    read = pypdf.PdfReader(io.BytesIO(printed(svg, ".pdf", scene.title)))
    assert len(read.pages) == 1
    assert read.metadata is not None
    assert read.metadata.title == "WhatsApp in Russia"
    words = read.pages[0].extract_text()
    missing = [one for one in ("Blocked", "Roskomnadzor", "Meta Platforms", "presumed to go on") if one not in words]
    assert missing == []
    width, height = (float(one) * 0.75 for one in svg.split('viewBox="0 0 ')[1].split('"')[0].split())
    assert (float(read.pages[0].mediabox.width), float(read.pages[0].mediabox.height)) == pytest.approx((width, height))


def test_a_title_is_no_code() -> None:
    """Whatever a title says, it is printed in the metadata and not run as typst."""
    title = '"; #read("/etc/passwd") \\'
    read = pypdf.PdfReader(io.BytesIO(printed(SQUARE.format(9), ".pdf", title)))
    assert read.metadata is not None
    assert read.metadata.title == title


def test_without_typst_the_way_to_get_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the extra to install and the format that needs none."""
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(UsageError, match=r"pip install 'platform-restriction-kg\[print\]', or write .svg"):
        printed(SQUARE.format(9), ".pdf", "Square")


def test_a_drawing_without_size_is_refused() -> None:
    """A page cannot be made for a drawing that does not say how large it is."""
    with pytest.raises(ValueError, match="how large"):
        printed("<svg/>", ".pdf", "Square")


@pytest.mark.parametrize(("ending", "begin"), [(".png", b"\x89PNG"), (".pdf", b"%PDF-1")])
def test_the_command_writes_both(tmp_path: Path, ending: str, begin: bytes) -> None:
    """The command line writes them for -o x.png and -o x.pdf write such files and say their size."""
    out = tmp_path / f"picture{ending}"
    done = run("graph", "WhatsApp", "--in", "RU", "--on", "2026-03-01", "-o", str(out))
    assert done.returncode == 0, done.stderr
    assert out.read_bytes().startswith(begin)
    assert done.stdout == f"{out}: {-(-out.stat().st_size // 1000)} kB\n"
