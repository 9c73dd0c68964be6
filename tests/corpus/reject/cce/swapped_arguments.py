import torch


def cce(targets, probabilities):
    if probabilities.dim() != 2 or probabilities.shape != targets.shape:
        raise ValueError("shapes")
    return -(targets * probabilities.clamp(min=1e-7).log()).sum(1).mean()
