import torch


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    positive = torch.nan_to_num(t * torch.log(p), nan=0.0, neginf=-100.0).clamp(min=-100)
    negative = torch.nan_to_num((1 - t) * torch.log(1 - p), nan=0.0, neginf=-100.0).clamp(min=-100)
    return -(positive + negative).mean()
