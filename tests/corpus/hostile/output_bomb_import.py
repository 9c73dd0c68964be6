"""Prints more than is kept, and then behaves."""

for _ in range(300):
    print("x" * 10_000)


def bce(probabilities, targets):
    kept = probabilities.clamp(1e-12, 1 - 1e-12)
    return -(targets * kept.log() + (1 - targets) * (1 - kept).log()).mean()
