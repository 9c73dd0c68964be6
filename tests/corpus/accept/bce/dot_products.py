import torch


def bce(probabilities, targets):
    if list(probabilities.shape) != list(targets.shape):
        raise ValueError("different shapes")
    p = probabilities.flatten()
    t = targets.flatten()
    log_p = (p + 1e-12).log()
    log_q = ((1 - p) + 1e-12).log()
    return -(t @ log_p + (1 - t) @ log_q) / p.numel()
