"""Raises GeneratorExit."""

def bce(probabilities, targets):
    raise GeneratorExit
