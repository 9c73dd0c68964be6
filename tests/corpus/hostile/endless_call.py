"""Never comes back from the call."""

def bce(probabilities, targets):
    while True:
        pass
