from functools import partial

import torch


def two_tower(weights, queries, keys, scale):
    if queries.dim() != 2 or queries.shape != keys.shape:
        raise ValueError("queries and keys: (N, D) each")
    if torch.is_tensor(scale) and scale.dim() != 0:
        raise ValueError("scale: a number")
    q = queries / torch.linalg.vector_norm(queries, dim=1, keepdim=True)
    k = keys / torch.linalg.vector_norm(keys, dim=1, keepdim=True)
    logits = scale * torch.inner(q, k)
    total = 0.0
    for dim, weight in weights.items():
        total = total - weight * torch.log_softmax(logits, dim=dim).trace() / len(q)
    return total


clip_loss = partial(two_tower, {0: 0.5, 1: 0.5})
