"""Prints for ever."""

def bce(probabilities, targets):
    while True:
        print("x" * 10_000)
