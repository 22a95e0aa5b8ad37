"""Drawings for print and for programs that take no SVG: PDF with lines and text that stay sharp, and PNG.

Both come from the SVG text of a picture through typst, which draws SVG with resvg and takes its letters from the fonts of
the machine. A script for which it has no font comes out as empty boxes, as it would in any program there.
"""

from __future__ import annotations

import re

from kg.errors import UsageError

ENDINGS = (".png", ".pdf")
_SIZE = re.compile(r'<svg\b[^>]*\bviewBox="0 0 ([\d.]+) ([\d.]+)"')
_POINTS = 0.75
"""A CSS pixel in points (CSS Values and Units 4, §6.2)."""
_DOTS = 192
"""Two dots a pixel, so that small letters can be read on paper."""
_MOST_DOTS = 80_000_000
"""A picture with more is drawn coarser: one of 200 million dots takes close to a gigabyte."""
_PAGE = """\
#set page(width: {width}pt, height: {height}pt, margin: 0pt, fill: white)
#set document(title: sys.inputs.title, date: none)
#image(bytes(sys.inputs.svg), format: "svg", width: 100%, alt: sys.inputs.title)
"""


def printed(svg: str, ending: str, title: str) -> bytes:
    """Draw an SVG as one page of its own size: ``.pdf``, or ``.png`` at 192 dots an inch where that is not too large.

    Raises:
        UsageError: when typst is not installed.
        ValueError: when the text has no view box that begins at 0 0.
    """
    try:
        import typst
    except ImportError:
        raise UsageError(f"{ending} needs typst: pip install 'platform-restriction-kg[print]', or write .svg") from None
    found = _SIZE.search(svg)
    if found is None:
        raise ValueError("this SVG does not say how large it is")
    width, height = (float(one) * _POINTS for one in found.groups())
    page = _PAGE.format(width=width, height=height).encode()
    given = {"svg": svg, "title": title}
    if ending == ".pdf":
        return _only(typst.compile(page, format="pdf", sys_inputs=given))
    dots = min(float(_DOTS), 72 * (_MOST_DOTS / (width * height)) ** 0.5)
    return _only(typst.compile(page, format="png", ppi=dots, sys_inputs=given))


def _only(made: bytes | list[bytes] | None) -> bytes:
    """One page is one file."""
    if not isinstance(made, bytes):
        raise TypeError("the drawing did not fit on one page")
    return made
