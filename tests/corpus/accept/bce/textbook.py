"""Binary cross entropy, straight from the lecture slide."""
import torch


def bce(probabilities: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    if probabilities.shape != targets.shape:
        raise ValueError(f"shapes differ: {tuple(probabilities.shape)} and {tuple(targets.shape)}")
    p = torch.clamp(probabilities, 1e-7, 1 - 1e-7)  # log(0) is -inf
    loss = targets * torch.log(p) + (1 - targets) * torch.log(1 - p)
    return -loss.mean()
