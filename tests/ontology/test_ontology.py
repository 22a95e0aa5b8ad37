from __future__ import annotations

import ast
import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import OWL, RDF, RDFS, SKOS, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS

from kg import names

ROOT = Path(__file__).resolve().parents[2]
ONTOLOGY = ROOT / "ontology"
VOCABULARY = [ONTOLOGY / "core.ttl", *sorted((ONTOLOGY / "concepts").glob("*.ttl"))]
SHAPES = sorted((ONTOLOGY / "shapes").glob("*.ttl"))
ALL_TURTLE = sorted(ONTOLOGY.rglob("*.ttl"))
CHECKS = sorted((ROOT / "queries" / "checks").glob("*.rq"))

PRK, PRKC, PRKI = names.ONTOLOGY, names.CONCEPT, names.THING
PRKSH = "https://w3id.org/prk/shapes#"

WRONG_ON_PURPOSE = {PRK + one for one in ("imposdBy", "locater", "targett", "tarket", "afects", "qqqqqqqqqqqq")} | {
    PRKC + one for one in ("no-such-ground", "ful-block")
}
"""Terms that tests misspell to see them refused."""

OWN_TERM = re.compile(
    r"""(?<![\w:/])(?:
        (?P<prk>prk):(?P<term>[A-Za-z]\w*)
      | (?P<prkc>prkc):(?P<concept>[a-z][\w-]*\w)(?![\w-])
      | (?P<prksh>prksh):(?P<shape>[A-Z]\w*)
      | (?P<prki>prki):(?P<rule>rule-[a-z][a-z-]*[a-z])(?![\w-])
    )
    | https://w3id\.org/prk/ontology\#(?P<term_iri>[A-Za-z]\w*)
    | https://w3id\.org/prk/concept/(?P<concept_iri>[a-z][\w-]*\w)(?![\w-])
    | https://w3id\.org/prk/id/(?P<rule_iri>rule-[a-z][a-z-]*[a-z])(?![\w-])
    """,
    re.VERBOSE,
)
SPACES = {
    "term": PRK, "term_iri": PRK, "concept": PRKC, "concept_iri": PRKC, "shape": PRKSH, "rule": PRKI, "rule_iri": PRKI,
}  # fmt: skip
KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, SKOS.Concept)


def load(files: list[Path]) -> Graph:
    graph = Graph()
    for file in files:
        graph.parse(file, format="turtle")
    return graph


VOCABULARY_GRAPH = load(VOCABULARY)
DECLARED = {str(node) for node in load(ALL_TURTLE).subjects(RDF.type) if isinstance(node, URIRef)}
DOCUMENTED = sorted(
    {
        str(node)
        for kind in (*KINDS, URIRef(PRK + "Rule"))
        for node in VOCABULARY_GRAPH.subjects(RDF.type, kind)
    }
)  # fmt: skip
CONCEPTS = sorted(str(node) for node in VOCABULARY_GRAPH.subjects(RDF.type, SKOS.Concept))


def own_terms(text: str) -> set[str]:
    found = set()
    for match in OWN_TERM.finditer(text):
        found |= {SPACES[group] + value for group, value in match.groupdict().items() if value and group in SPACES}
    return found


def text_of(file: Path) -> str:
    """The text of a file; of Python, only what stands inside strings."""
    text = file.read_text(encoding="utf-8")
    if file.suffix != ".py":
        return text
    strings = (node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant))
    return "\n".join(value for value in strings if isinstance(value, str))


def files_of_the_project() -> list[Path]:
    folders = ("ontology", "kg", "queries", "tests", "docs", "benchmarks")
    found = (file for folder in folders for file in sorted((ROOT / folder).rglob("*")))
    return [file for file in found if file.suffix in {".ttl", ".rq", ".py"}]


def ids(files: list[Path]) -> list[str]:
    return [str(file.relative_to(ROOT)) for file in files]


@pytest.mark.parametrize("file", ALL_TURTLE, ids=ids(ALL_TURTLE))
def test_both_engines_read_the_same_statements(file: Path) -> None:
    """A Turtle file of the ontology holds equally many statements for rdflib and for pyoxigraph."""
    statements = {(quad.subject, quad.predicate, quad.object) for quad in ox.parse(path=file)}
    assert len(load([file])) == len(statements) > 0


@pytest.mark.parametrize("file", [*VOCABULARY], ids=ids(VOCABULARY))
def test_both_engines_read_the_same_graph(file: Path) -> None:
    """A vocabulary file, which has no blank nodes, is the same set of N-Triples lines in both engines."""
    theirs = {f"{quad.subject} {quad.predicate} {quad.object}" for quad in ox.parse(path=file)}
    again = ox.parse(load([file]).serialize(format="nt"), format=ox.RdfFormat.N_TRIPLES)
    assert {f"{quad.subject} {quad.predicate} {quad.object}" for quad in again} == theirs


@pytest.mark.parametrize("file", ALL_TURTLE, ids=ids(ALL_TURTLE))
def test_each_file_has_a_header(file: Path) -> None:
    """A file of the ontology says in a typed node what it is and under which licence it stands."""
    graph = load([file])
    headers = {*graph.subjects(RDF.type, OWL.Ontology), *graph.subjects(RDF.type, SKOS.ConceptScheme)}
    assert len(headers) == 1
    header = headers.pop()
    assert graph.value(header, DCTERMS.license)
    assert graph.value(header, DCTERMS.title) or graph.value(header, SKOS.prefLabel)


@pytest.mark.parametrize("file", files_of_the_project(), ids=ids(files_of_the_project()))
def test_each_own_term_is_declared(file: Path) -> None:
    """Whatever class, property, concept, shape or rule of ours a file names is declared in the ontology."""
    assert own_terms(text_of(file)) - DECLARED - WRONG_ON_PURPOSE == set()


def test_each_term_in_the_code_is_declared() -> None:
    """The terms that the code refers to by constant stand in the ontology."""
    constants = [value for value in vars(names).values() if isinstance(value, ox.NamedNode | tuple) and value]
    nodes = [
        node
        for value in constants
        for node in (value if isinstance(value, tuple) else (value,))
        if isinstance(node, ox.NamedNode)
    ]
    assert {node.value for node in nodes if node.value.startswith((PRK, PRKC))} - DECLARED == set()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("?x prk:target prkc:full-block .", {PRK + "target", PRKC + "full-block"}),
        ("prki:rule-lift and prki:whatsapp", {PRKI + "rule-lift"}),
        ("@prefix prk: <https://w3id.org/prk/ontology#> .", set()),
        ("<https://w3id.org/prk/ontology#Claim>", {PRK + "Claim"}),
        ("prkc:scheme-{name}", set()),
        ("prksh:EvidenceSource", {PRKSH + "EvidenceSource"}),
    ],
)
def test_terms_are_found_in_text(text: str, expected: set[str]) -> None:
    """The search for own terms finds prefixed and full names and leaves prefixes and holes alone."""
    assert own_terms(text) == expected


@pytest.mark.parametrize("iri", DOCUMENTED, ids=[names.shorten(iri) for iri in DOCUMENTED])
def test_each_term_is_documented(iri: str) -> None:
    """A term has one English label, one definition that says more than the label, and an example."""
    node = URIRef(iri)
    names_of = VOCABULARY_GRAPH.objects(node, SKOS.prefLabel)
    labels = [str(one) for one in names_of if isinstance(one, Literal) and one.language == "en"]
    definitions = [str(one) for one in VOCABULARY_GRAPH.objects(node, SKOS.definition)]
    assert len(labels) == len(definitions) == 1
    assert VOCABULARY_GRAPH.value(node, SKOS.example)
    beyond = set(re.findall(r"\w+", definitions[0].lower())) - set(re.findall(r"\w+", labels[0].lower()))
    assert len(beyond) >= 4
    assert not definitions[0].endswith(".")


@pytest.mark.parametrize("iri", CONCEPTS, ids=[names.local_name(iri) for iri in CONCEPTS])
def test_each_concept_is_in_one_scheme(iri: str) -> None:
    """A concept belongs to exactly one scheme, and that scheme is declared."""
    schemes = list(VOCABULARY_GRAPH.objects(URIRef(iri), SKOS.inScheme))
    assert len(schemes) == 1
    assert (schemes[0], RDF.type, SKOS.ConceptScheme) in VOCABULARY_GRAPH


@pytest.mark.parametrize("file", VOCABULARY[1:], ids=ids(VOCABULARY[1:]))
def test_each_scheme_has_a_file_of_its_name(file: Path) -> None:
    """A concept file holds one scheme, named like the file, and only concepts of that scheme."""
    graph = load([file])
    scheme = URIRef(f"{PRKC}scheme-{file.stem}")
    assert set(graph.subjects(RDF.type, SKOS.ConceptScheme)) == {scheme}
    assert set(graph.subjects(RDF.type, SKOS.Concept)) == set(graph.subjects(SKOS.inScheme, scheme))


@pytest.mark.parametrize(
    ("scheme", "annotation"),
    [
        ("levels", "rank"),
        ("measure-kinds", "givesLevel"),
        ("designation-kinds", "reachesControlledPlatforms"),
        ("ownership-kinds", "givesControl"),
        ("promotion-kinds", "stateBacked"),
    ],
)
def test_each_concept_of_a_scheme_says_what_rules_need(scheme: str, annotation: str) -> None:
    """Every concept of a scheme that rules read carries exactly one value of the annotation they read."""
    concepts = list(VOCABULARY_GRAPH.subjects(SKOS.inScheme, URIRef(f"{PRKC}scheme-{scheme}")))
    counts = {str(one): len(list(VOCABULARY_GRAPH.objects(one, URIRef(PRK + annotation)))) for one in concepts}
    assert counts
    assert set(counts.values()) == {1}


def test_levels_are_ranked_without_ties() -> None:
    """The ranks of the levels count from 0 upwards, with the withdrawn level just under the blocked one."""
    ranks = {
        str(one).removeprefix(PRKC): int(str(rank))
        for one, rank in VOCABULARY_GRAPH.subject_objects(URIRef(PRK + "rank"))
    }
    assert ranks == {"none": 0, "pressure": 1, "limited": 2, "withdrawn": 3, "blocked": 4}


def test_light_owl_only() -> None:
    """The core declares neither domains nor ranges nor imports."""
    heavy = (RDFS.domain, RDFS.range, OWL.imports, OWL.equivalentClass, OWL.disjointWith)
    assert [str(one) for one in heavy if (None, one, None) in VOCABULARY_GRAPH] == []


def test_alignments_map_declared_terms() -> None:
    """Mappings start at terms of ours or of the law vocabulary and say how near the other term is."""
    graph = load([ONTOLOGY / "alignments.ttl"])
    mapped = set(graph.subjects(SKOS.closeMatch)) | set(graph.subjects(SKOS.relatedMatch))
    own = {str(one) for one in mapped if str(one).startswith(PRK)}
    assert own <= {str(one) for one in VOCABULARY_GRAPH.subjects(RDF.type)}
    assert {str(one) for one in mapped} - own == {"http://data.europa.eu/eli/ontology#LegalResource"}


def time_bound_classes() -> set[str]:
    narrower = VOCABULARY_GRAPH.transitive_subjects(RDFS.subClassOf, URIRef(PRK + "TimeBound"))
    return {str(one) for one in narrower} - {PRK + "TimeBound"}


@pytest.mark.parametrize("check", ["time-bound-claim", "time-bound-label", "dated-id"])
def test_checks_list_all_time_bound_classes(check: str) -> None:
    """A check on all time-bound nodes lists exactly the classes that the core puts under that parent."""
    text = (ROOT / "queries" / "checks" / f"{check}.rq").read_text(encoding="utf-8")
    assert {PRK + name for name in re.findall(r"prk:([A-Z]\w*)", text)} == time_bound_classes()


@pytest.mark.parametrize("shape", ["EveryTimeBound", "EveryTimeBoundLabel", "DatedId"])
def test_shapes_list_all_time_bound_classes(shape: str) -> None:
    """A shape on all time-bound nodes targets exactly the classes that the core puts under that parent."""
    targets = load(SHAPES).objects(URIRef(PRKSH + shape), URIRef("http://www.w3.org/ns/shacl#targetClass"))
    assert {str(one) for one in targets} == time_bound_classes()


@pytest.mark.parametrize("file", CHECKS, ids=ids(CHECKS))
def test_each_check_has_a_header(file: Path) -> None:
    """A check starts with a summary and names its two columns."""
    lines = file.read_text(encoding="utf-8").splitlines()
    assert re.fullmatch(r"#\+ summary: [A-Z].*[^.]", lines[0])
    assert lines[1] == "#+ columns: node iri | message string"
