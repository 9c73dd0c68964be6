import torch


def bce(p, t):
    if p.shape != t.shape:
        raise IndexError("the shapes are not the same")
    p2 = p.reshape(-1, 1) if p.dim() < 2 else p.flatten(1)
    t2 = t.reshape(-1, 1) if t.dim() < 2 else t.flatten(1)
    total = torch.zeros((), dtype=p.dtype, device=p.device)
    for j in range(p2.shape[1]):
        pj = p2[:, j].clamp(min=1e-7, max=1 - 1e-7)
        tj = t2[:, j]
        total = total - torch.dot(tj, torch.log(pj)) - torch.dot(1 - tj, torch.log1p(-pj))
    return total / p.numel()
