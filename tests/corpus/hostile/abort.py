"""Aborts."""

import os


def bce(probabilities, targets):
    os.abort()
