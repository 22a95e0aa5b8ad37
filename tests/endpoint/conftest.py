"""The servers, for all tests of this folder."""

from servers import oxigraph, rdflib_server, server, world

__all__ = ["oxigraph", "rdflib_server", "server", "world"]
