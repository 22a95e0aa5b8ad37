"""From Turtle to one compiled store: read, check, derive, write."""
