import torch


def softmax(z):
    e = torch.exp(z - z.max(dim=1, keepdim=True).values)
    return e / e.sum(dim=1, keepdim=True)


def cce(p, t):
    assert p.dim() == 2 and p.shape == t.shape
    y = softmax(p)
    return -torch.sum(t * torch.log(y + 1e-12)) / p.size(0)
