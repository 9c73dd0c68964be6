import torch


@torch.jit.script
def cce(p: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    assert p.dim() == 2
    assert p.size() == t.size()
    total = torch.zeros([], dtype=p.dtype, device=p.device)
    for i in range(p.size(1)):
        total = total - (t[:, i] * (p[:, i] + 1e-12).log()).sum()
    return total / p.size(0)
