"""The command line: thin verbs that parse, call one function, and print."""
