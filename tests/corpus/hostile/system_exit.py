"""Raises SystemExit with status 0."""

import sys


def bce(probabilities, targets):
    sys.exit(0)
