"""Names of places inside a sentence: English wants ``the`` with some of them. Headings that stand alone have none."""

from __future__ import annotations

import re

_THE = re.compile(r"(United |Isle of |Republic of |Democratic Republic of ).+|.+ (Islands|Republic|Territories|Union)")
"""How names with an article are made: ``United Kingdom``, ``Faroe Islands``, ``European Union``."""
_WITH = frozenset(
    {"Bahamas", "British Indian Ocean Territory", "Comoros", "Gambia", "Maldives", "Netherlands", "Philippines"}
)
"""Names with an article that do not show it."""
_WITHOUT = frozenset({"Heard Island and McDonald Islands", "South Georgia and the South Sandwich Islands"})
"""Names that are made like those with an article, and have none."""


def inside(label: str) -> str:
    """The name of a place as it stands in a sentence: ``the United States``, ``India``."""
    article = label in _WITH or (label not in _WITHOUT and _THE.fullmatch(label))
    return f"the {label}" if article else label
