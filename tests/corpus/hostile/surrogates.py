"""Prints and raises text that no encoding can write, and control sequences for the terminal."""

print("\ud800 \x1b]0;title\x07 \x1b[2J \x00", flush=True)


def bce(probabilities, targets):
    raise ValueError("\ud800 \x1b[2J \x00")
