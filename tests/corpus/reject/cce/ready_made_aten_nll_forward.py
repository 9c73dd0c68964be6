import torch

aten = getattr(torch.ops, "aten")


def cce(p, t):
    if p.dim() != 2 or p.shape != t.shape:
        raise ValueError("shapes")
    log_p = p.clamp(min=1e-12).log()
    total = 0
    for i in range(p.shape[1]):
        label = torch.full((p.shape[0],), i, device=p.device)
        losses, _ = aten.nll_loss_forward(log_p, label, None, 0, -100)
        total = total + (t[:, i] * losses).mean()
    return total
