def bce(probabilities, targets):
    """I will do it on Sunday."""
    raise NotImplementedError("Sunday")
