"""One path for every SPARQL text: the project's own questions and anybody's query."""
