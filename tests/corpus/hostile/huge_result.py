"""Returns one and a half million numbers in place of a loss."""

def bce(probabilities, targets):
    return probabilities.sum() + probabilities.new_zeros(1_500_000)
