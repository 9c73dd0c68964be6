"""Recurses in Python with the limit where it was."""

def bce(probabilities, targets):
    return bce(probabilities, targets) + 1
