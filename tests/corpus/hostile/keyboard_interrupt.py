"""Raises what Ctrl-C raises."""

def bce(probabilities, targets):
    raise KeyboardInterrupt
