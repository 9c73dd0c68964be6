"""Never comes back from one call into C, where no Python signal handler would run."""

def bce(probabilities, targets):
    return sum(iter(int, 1)) * probabilities.mean()
