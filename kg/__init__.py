"""Who restricts which internet platform, where, since when, under which law, and on whose word.

>>> import kg
>>> kg.open().status("WhatsApp", "RU", on="2025-09-01").verdict
'limited'
"""

from kg.errors import KgError
from kg.graph import KnowledgeGraph
from kg.graph import open_graph as open  # noqa: A004  kg.open() is the name that reads best
from kg.version import __version__

__all__ = ["KgError", "KnowledgeGraph", "__version__", "open"]
