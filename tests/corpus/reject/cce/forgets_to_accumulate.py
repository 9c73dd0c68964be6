import torch


def cce(p, t):
    """loss is never added to."""
    if p.dim() != 2 or p.shape != t.shape:
        raise ValueError("shapes")
    loss = torch.zeros((), dtype=p.dtype, device=p.device, requires_grad=True)
    for row, wanted in zip(p, t):
        (wanted * row.clamp(min=1e-7).log()).sum()
    return -loss / len(p)
