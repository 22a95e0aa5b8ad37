"""``python -m kg`` is the command line."""

from kg.cli.entry import run

if __name__ == "__main__":
    run()
