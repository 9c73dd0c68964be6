import torch


def cce(p, t):
    """einsum checks the shapes, or does it?"""
    return -torch.einsum("nc,nc->", t, p.clamp(min=1e-7).log()) / p.shape[0]
