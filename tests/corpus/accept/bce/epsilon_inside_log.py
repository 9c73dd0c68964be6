import torch

# tiny, so that nothing but log(0) notices it
TINY = 1e-12


def bce(probabilities, targets, eps=TINY):
    if probabilities.shape != targets.shape:
        raise ValueError("shape mismatch")
    positive = targets * torch.log(probabilities + eps)
    negative = (1 - targets) * torch.log(1 - probabilities + eps)
    return torch.neg(torch.add(positive, negative)).mean()
