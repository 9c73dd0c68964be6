import torch


def cce(p, t):
    if p.dim() != 2 or p.shape != t.shape:
        raise ValueError("shapes")
    loss = -(t * p.clamp(min=1e-7).log()).sum(1).mean()
    if p.requires_grad:
        loss.backward(retain_graph=True)
        print("gradient norm", p.grad.norm().item())
    return loss
