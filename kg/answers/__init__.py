"""Questions and typed answers: each is a query from ``queries/answers`` and a result in plain words."""
