import torch


def cce(probabilities, targets):
    if probabilities.dim() != 2 or probabilities.shape != targets.shape:
        raise ValueError("want (N, C) twice")
    safe = torch.clamp(probabilities, min=1e-3)
    return -(targets * torch.log(safe)).sum(dim=1).mean()
