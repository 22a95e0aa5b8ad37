"""Files of RDF as statements: the format by the ending, packed or not, and one sentence for whatever is wrong with a file."""

from __future__ import annotations

import codecs
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import pyoxigraph as ox

from kg.errors import DataError

FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE, ".nt": ox.RdfFormat.N_TRIPLES, ".nq": ox.RdfFormat.N_QUADS, ".trig": ox.RdfFormat.TRIG,
    ".jsonld": ox.RdfFormat.JSON_LD,
}  # fmt: skip
PACKED = (".gz", ".zst")
_NAMES = {".ttl": "Turtle", ".nt": "N-Triples", ".nq": "N-Quads", ".trig": "TriG", ".jsonld": "JSON-LD"}
_AT_ONCE = 1 << 16


def ending_of(file: Path) -> str:
    """The ending that says the format, below that of the packing.

    Raises:
        DataError: when it says none.
    """
    suffixes = [one.lower() for one in file.suffixes]
    if suffixes and suffixes[-1] in PACKED:
        suffixes.pop()
    if not suffixes or suffixes[-1] not in FORMATS:
        raise DataError(
            f"{file}: the ending says no format of data; it is {', '.join(FORMATS)}, each also with {' or '.join(PACKED)}"
        )
    return suffixes[-1]


def parse(file: Path) -> list[ox.Quad]:
    """The statements of a file, in the graphs that it names; they are read as they come, not as one text.

    Raises:
        DataError: with file and, where there is one, line: when it cannot be read or unpacked, does not parse, or is
            empty.
    """
    ending = ending_of(file)
    try:
        with opened(file) as stream:
            found = list(ox.parse(stream, format=FORMATS[ending], rename_blank_nodes=True))
    except SyntaxError as error:
        raise DataError(_not_valid(file, _NAMES[ending], error)) from None
    except MemoryError:
        raise DataError(f"{file}: a text or name in it is longer than 16 MB, which no fact needs; cut it") from None
    except EOFError:
        raise DataError(f"{file}: the packed file breaks off before its end; fetch or write it again") from None
    except (gzip.BadGzipFile, zlib.error) as error:
        raise DataError(f"{file}: is no gzip file although its name ends in .gz ({error})") from None
    except OSError as error:
        raise DataError(f"{file}: cannot be read ({error.strerror or error})") from None
    except ValueError as error:
        raise DataError(f"{file}:1: not valid {_NAMES[ending]}: {error}") from None
    if not found and _is_blank(file):
        raise DataError(f"{file}:1: the file is empty; a record file holds {_NAMES[ending]}")
    return found


def _not_valid(file: Path, format_name: str, error: SyntaxError) -> str:
    reason = re.sub(r"^Parser error (at|between) line .*?: ", "", error.msg or "it does not parse")
    if "LoadDocumentCallback" in reason:
        return f"{file}: its @context is an address, and nothing is fetched; write the context into the file"
    if "UTF-8" in reason:
        return f"{file}:{error.lineno or 1}: is not UTF-8 there; save the whole file as UTF-8"
    return f"{file}:{error.lineno or 1}: not valid {format_name}: {reason}"


def opened(file: Path) -> IO[bytes]:
    """A file unpacked, without the mark that some editors put before the text.

    Raises:
        DataError: when it is packed in a way that nothing here unpacks.
        OSError: when it cannot be opened.
    """
    packing = file.suffix.lower()
    stream: Any  # the caller closes it
    if packing == ".zst":
        stream = io.BufferedReader(_Zstandard(file))
    else:
        stream = gzip.open(file) if packing == ".gz" else file.open("rb")  # noqa: SIM115
    try:
        if stream.peek(3).startswith(codecs.BOM_UTF8):
            stream.read(3)
    except BaseException:
        stream.close()
        raise
    found: IO[bytes] = stream
    return found


class _Zstandard(io.RawIOBase):
    """Unpacks as it is read, and complains of a file that breaks off: the library itself takes that for its end."""

    def __init__(self, file: Path) -> None:
        try:
            import zstandard
        except ImportError:
            raise DataError(f"{file}: to unpack .zst install the extra 'zstd': pip install 'platform-restriction-kg[zstd]'") from None  # fmt: skip
        self._packed, self._file = file.open("rb"), file
        self._fault = zstandard.ZstdError
        self._fresh = zstandard.ZstdDecompressor().decompressobj
        self._part, self._kept, self._begun = self._fresh(), b"", False

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self._packed.close()
        super().close()

    def readinto(self, room: Any) -> int:
        while not self._kept:
            some = self._packed.read(_AT_ONCE)
            if not some:
                if self._begun:
                    raise EOFError
                return 0
            self._kept = b"".join(self._unpacked(some))
        size = min(len(room), len(self._kept))
        room[:size], self._kept = self._kept[:size], self._kept[size:]
        return size

    def _unpacked(self, some: bytes) -> Iterator[bytes]:
        try:
            while some:
                yield self._part.decompress(some)
                self._begun, some = not self._part.eof, self._part.unused_data if self._part.eof else b""
                if self._part.eof:
                    self._part = self._fresh()
        except self._fault as error:
            raise DataError(f"{self._file}: is no Zstandard file although its name ends in .zst ({error})") from None


def _is_blank(file: Path) -> bool:
    with opened(file) as stream:
        return not any(some.strip() for some in iter(lambda: stream.read(_AT_ONCE), b""))


def lines_of(file: Path) -> Iterator[str]:
    """The lines of a file for messages, as far as they can be read."""
    with suppress(DataError, OSError, EOFError, zlib.error), opened(file) as stream:
        for line in stream:
            yield line.decode("utf-8", errors="replace").rstrip("\r\n")
