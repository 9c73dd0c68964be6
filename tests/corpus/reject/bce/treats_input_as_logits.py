import torch
import torch.nn.functional as F


def bce(logits, targets):
    """max(x, 0) - x t + log(1 + exp(-|x|)), the stable form."""
    if logits.shape != targets.shape:
        raise ValueError("shapes")
    return (F.relu(logits) - logits * targets + torch.log1p(torch.exp(-logits.abs()))).mean()
