"""The record on somebody's SPARQL server instead of the store on this disk."""
