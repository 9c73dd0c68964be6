def bce(probabilities, targets):
    pass
