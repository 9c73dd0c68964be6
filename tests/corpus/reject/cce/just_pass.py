def cce(probabilities, targets): pass
