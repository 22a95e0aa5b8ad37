"""The SHACL shapes: the standard statement of what valid data is. Continuous integration and ``kg check --shacl`` run them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import pyoxigraph as ox

from kg import names, places
from kg.build.locate import locate_node
from kg.errors import UsageError


def shape_problems(store: ox.Store, files: Sequence[Path]) -> list[str]:
    """Run every shape on a store that was read; one line a violation, with file and line.

    Raises:
        UsageError: when pyshacl is not installed.
    """
    try:
        import pyshacl
    except ImportError:
        raise UsageError("the shapes need pyshacl; install the extra: pip install '.[shacl]'") from None
    import rdflib
    from rdflib.namespace import SH

    buffer = io.BytesIO()
    ox.serialize((quad.triple for quad in store), buffer, format=ox.RdfFormat.N_TRIPLES)
    data = rdflib.Graph().parse(data=buffer.getvalue(), format="nt")
    shapes = rdflib.Graph()
    for file in sorted((places.ONTOLOGY / "shapes").glob("*.ttl")):
        shapes.parse(file)
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, advanced=True, inference="none")
    found = set()
    for result in report.subjects(rdflib.RDF.type, SH.ValidationResult):
        node, message = str(report.value(result, SH.focusNode)), str(report.value(result, SH.resultMessage))
        found.add(f"{locate_node(files, node)}: {names.shorten(node)}: {message} [shape]")
    return sorted(found)
