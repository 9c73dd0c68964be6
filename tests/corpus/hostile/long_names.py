"""Gives what it defines and returns names of a million characters."""

name = "x" * 1_000_000
globals()[name] = print
for number in range(5_000):
    globals()[f"name_{number}"] = print


def bce(probabilities, targets):
    return type(name, (), {})()
