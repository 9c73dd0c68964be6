import torch


@torch.jit.script
def bce(probabilities: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    assert probabilities.shape == targets.shape, "shapes differ"
    p = probabilities.clamp(1e-7, 1.0 - 1e-7)
    return -(targets * p.log() + (1.0 - targets) * torch.log1p(-p)).mean()
