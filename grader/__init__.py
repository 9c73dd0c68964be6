"""Mogakco: a study tracker and auto-grader for small teams that learn machine learning together."""

__version__ = "0.1.0"
