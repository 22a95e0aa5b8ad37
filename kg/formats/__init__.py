"""Answers as text for people, and as JSON, CSV, TSV and Markdown for programs."""
