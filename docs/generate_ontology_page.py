"""Write docs/ontology.md from ontology/core.ttl and ontology/concepts/*.ttl.

python docs/generate_ontology_page.py            writes the page
python docs/generate_ontology_page.py --check    writes nothing; exit code 1 when the page is stale
"""

from __future__ import annotations

import sys
from pathlib import Path

import pyoxigraph as ox

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "ontology.md"
PREFIXES = {
    "prk": "https://w3id.org/prk/ontology#",
    "prkc": "https://w3id.org/prk/concept/",
    "prki": "https://w3id.org/prk/id/",
    "dcterms": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
SECTIONS = (
    ("Classes", "owl:Class"),
    ("Relations", "owl:ObjectProperty"),
    ("Attributes", "owl:DatatypeProperty"),
    ("Annotations", "owl:AnnotationProperty"),
    ("Rules", "prk:Rule"),
)
INTRO = """# The ontology, term by term

<!-- Made by docs/generate_ontology_page.py. Change the Turtle files, not this page. -->

Terms have the prefix `prk:` (`https://w3id.org/prk/ontology#`), concepts `prkc:` (`https://w3id.org/prk/concept/`).
Each has a definition, an example, and where two terms are easily taken for each other, what it is not.
How the terms work together is told in [design.md](design.md). What valid data is, the shapes in
[ontology/shapes](../ontology/shapes) say.
"""

Terms = dict[str, dict[str, list[str]]]
"""Term, property, values: all in prefixed form, in the order of the files."""


def shorten(term: object) -> str:
    """A term as text: IRIs with their prefix, literals as they are."""
    text = str(getattr(term, "value", term))
    fitting = (prefix for prefix, namespace in PREFIXES.items() if text.startswith(namespace))
    prefix = next(fitting, None)
    return text if prefix is None else f"{prefix}:{text.removeprefix(PREFIXES[prefix])}"


def read(files: list[Path]) -> Terms:
    """Everything that some Turtle files say; of texts in several languages only the English one."""
    found: Terms = {}
    for file in files:
        for quad in ox.parse(file.read_bytes(), format=ox.RdfFormat.TURTLE):
            if isinstance(quad.object, ox.Literal) and quad.object.language not in {None, "en"}:
                continue
            values = found.setdefault(shorten(quad.subject), {})
            values.setdefault(shorten(quad.predicate), []).append(shorten(quad.object))
    return found


def row(cells: list[str]) -> str:
    """One line of a Markdown table."""
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def table(terms: Terms, chosen: list[str], extra: tuple[tuple[str, str], ...] = ()) -> list[str]:
    """Some terms as a Markdown table; ``extra`` are further columns: heading and property."""
    used = [(heading, name) for heading, name in extra if any(name in terms[term] for term in chosen)]
    headings = ["term", "label", "definition", "example", "not", *(heading for heading, _ in used)]
    properties = ["skos:prefLabel", "skos:definition", "skos:example", "skos:scopeNote"]
    lines = [row(headings), "|" + " --- |" * len(headings)]
    for term in chosen:
        about = terms[term]
        plain = [" ".join(about.get(name, [])) for name in properties]
        linked = [" ".join(f"`{value}`" for value in about.get(name, [])) for _, name in used]
        lines.append(row([f"`{term}`", *plain, *linked]))
    return lines


def render() -> str:
    """The whole page."""
    core = read([ROOT / "ontology" / "core.ttl"])
    lines = [INTRO]
    for title, kind in SECTIONS:
        chosen = [
            term for term, about in core.items() if kind in about.get("rdf:type", []) and not term.startswith("http")
        ]
        lines += [
            f"## {title}",
            "",
            *table(core, chosen, (("parent", "rdfs:subClassOf"), ("narrows", "rdfs:subPropertyOf"))),
            "",
        ]
    lines += ["## Concepts", ""]
    for file in sorted((ROOT / "ontology" / "concepts").glob("*.ttl")):
        concepts = read([file])
        for scheme in [term for term, about in concepts.items() if "skos:ConceptScheme" in about.get("rdf:type", [])]:
            chosen = [term for term, about in concepts.items() if scheme in about.get("skos:inScheme", [])]
            heading = concepts[scheme]["skos:prefLabel"][0]
            columns = (("rank", "prk:rank"), ("gives level", "prk:givesLevel"), ("narrower than", "skos:broader"))
            lines += [f"### {heading.capitalize()}", "", *table(concepts, chosen, columns), ""]
    return "\n".join(lines).rstrip() + "\n"


def main() -> int:
    """Write the page, or with --check say whether it is current."""
    page = render()
    if "--check" in sys.argv[1:]:
        current = PAGE.is_file() and PAGE.read_text(encoding="utf-8") == page
        if not current:
            print("docs/ontology.md is stale: run python docs/generate_ontology_page.py", file=sys.stderr)
        return 0 if current else 1
    PAGE.write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
