"""From answers to pictures that open in any browser without a network."""
