"""Files that verbs write: which format an ending means, and all of a file or nothing."""

from __future__ import annotations

from pathlib import Path

from kg.errors import UsageError


def ending_of(out: Path, endings: tuple[str, ...]) -> str:
    """The format that the name of a file asks for.

    Raises:
        UsageError: when its ending says none, or its folder is not there.
    """
    ending = ".html" if out.suffix.lower() == ".htm" else out.suffix.lower()
    if ending not in endings:
        raise UsageError(f"the ending of '{out.name}' says no format; end it in {', '.join(endings)}")
    if not out.parent.is_dir():
        raise UsageError(f"there is no folder {out.parent}")
    return ending


def write(out: Path, content: bytes) -> None:
    """Write a file, which appears only when it is whole, and say how large it is.

    Raises:
        UsageError: when it cannot be written.
    """
    from kg.formats.results import beside

    try:
        with beside(out) as half:
            half.write_bytes(content)
    except OSError as error:
        raise UsageError(f"{out} cannot be written ({error.strerror})") from None
    print(f"{out}: {-(-len(content) // 1000)} kB")


def drawn(svg: str, ending: str, title: str) -> bytes:
    """A drawing as it is, or as PDF or PNG."""
    from kg.pictures import printed

    return printed.printed(svg, ending, title) if ending in printed.ENDINGS else svg.encode()
