import torch


def cce(probabilities: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """-1/N sum_j sum_i t_ji log p_ji"""
    if probabilities.dim() != 2:
        raise ValueError(f"expected (N, C), got {tuple(probabilities.shape)}")
    if probabilities.shape != targets.shape:
        raise ValueError(f"{tuple(probabilities.shape)} does not fit {tuple(targets.shape)}")
    n = probabilities.shape[0]
    return -torch.sum(targets * torch.log(probabilities.clamp(min=1e-7))) / n
