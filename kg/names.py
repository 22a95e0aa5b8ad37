"""Namespaces of the project and the terms that code refers to.

A term is written as ``PRK.target``; a term that is not in the list raises at import of the caller, so that a slip of
the pen never becomes an empty answer. Tests hold the list to the ontology.
"""

from __future__ import annotations

from functools import lru_cache

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

Term = NamedNode | BlankNode | Literal | Triple
"""Anything that can stand as the object of a statement."""

ONTOLOGY = "https://w3id.org/prk/ontology#"
CONCEPT = "https://w3id.org/prk/concept/"
THING = "https://w3id.org/prk/id/"
RECORD_GRAPH = "https://w3id.org/prk/graph/record"
"""The named graph of the packaged record on servers, and where data of one's own stands beside it."""

PREFIXES: dict[str, str] = {
    "prk": ONTOLOGY,
    "prkc": CONCEPT,
    "prki": THING,
    "dcterms": "http://purl.org/dc/terms/",
    "edtf": "http://id.loc.gov/datatypes/edtf/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vann": "http://purl.org/vocab/vann/",
    "wd": "http://www.wikidata.org/entity/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""The prefixes that every query and every file of the record may use without asking."""


def _term(prefix: str, name: str) -> NamedNode:
    return NamedNode(PREFIXES[prefix] + name)


def thing(local: str) -> NamedNode:
    """The IRI of a thing of the record from the readable part of its id."""
    return NamedNode(THING + local)


@lru_cache(maxsize=1 << 16)
def shorten(iri: str) -> str:
    """An IRI in its prefixed form where one of our prefixes fits, else unchanged."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri


def expand(name: str) -> str:
    """The IRI of a prefixed form; what has none of our prefixes is unchanged."""
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local if prefix in PREFIXES else name


def text_of(term: Term) -> str:
    """The IRI, blank node id or lexical form of a term.

    Raises:
        TypeError: for a triple term, which the record does not use.
    """
    if isinstance(term, Triple):
        raise TypeError("triple terms have no text of their own")
    return term.value


def local_name(iri: str) -> str:
    """The readable part of an id of ours; other IRIs come back whole."""
    for namespace in (THING, CONCEPT, ONTOLOGY):
        if iri.startswith(namespace):
            return iri.removeprefix(namespace)
    return iri


def day_literal(day: object) -> Literal:
    """A day as an ``xsd:date`` literal."""
    return Literal(str(day), datatype=XSD_DATE)


TYPE = _term("rdf", "type")
CLAIM = _term("prk", "claim")
CLAIM_CLASS = _term("prk", "Claim")
EVIDENCE = _term("prk", "evidence")
EVIDENCE_CLASS = _term("prk", "Evidence")
SOURCE = _term("prk", "source")
ISSUED = _term("dcterms", "issued")
READ_ON = _term("prk", "readOn")
STANCE = _term("prk", "stance")
CORRECTION = _term("prkc", "correction")
VALID_FROM = _term("prk", "validFrom")
VALID_UNTIL = _term("prk", "validUntil")
IN_FORCE_ON = _term("prk", "inForceOn")
KNOWN_FROM = _term("prk", "knownFrom")
KNOWN_UNTIL = _term("prk", "knownUntil")
FROM_EARLIEST = _term("prk", "validFromEarliest")
FROM_LATEST = _term("prk", "validFromLatest")
UNTIL_EARLIEST = _term("prk", "validUntilEarliest")
UNTIL_LATEST = _term("prk", "validUntilLatest")
LAST_CONFIRMED = _term("prk", "lastConfirmed")
VERSION = _term("prk", "version")
VERSION_CLASS = _term("prk", "Version")
FROM_CLAIM = _term("prk", "fromClaim")
LOOKUP_KEY = _term("prk", "lookupKey")
LOOKUP_PART = _term("prk", "lookupPart")
DOMAIN_OF = _term("prk", "domainOf")
DOMAIN_NAME = _term("prk", "domainName")
NAME_OF = _term("prk", "nameOf")
NAME = _term("prk", "name")
NOTATION = _term("skos", "notation")
LABELS = (_term("skos", "prefLabel"), _term("skos", "altLabel"), _term("skos", "hiddenLabel"))
ACT_FIELDS = ("decided", "announced", "said", "published")
"""Dates of acts, the one that dates the act itself first."""
EDTF = _term("edtf", "EDTF")
XSD_DATE = _term("xsd", "date")
