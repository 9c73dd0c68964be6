import torch
from torch.func import vmap


def one_against_all(query, keys, index, scale):
    """−log softmax(scale · keys·query)[index] for one query (D,), keys (N, D)."""
    scores = scale * (keys @ query)
    return torch.logsumexp(scores, dim=0) - torch.dot(keys.mul(index.unsqueeze(1)).sum(0), query) * scale


def clip_loss(image_features, text_features, logit_scale):
    if image_features.dim() != 2 or text_features.dim() != 2 or image_features.shape != text_features.shape:
        raise ValueError("need (N, D) and (N, D)")
    if torch.is_tensor(logit_scale) and logit_scale.dim() != 0:
        raise ValueError("need a scalar scale")
    unit = vmap(lambda v: v / torch.sqrt(torch.dot(v, v)))
    i, t = unit(image_features), unit(text_features)
    which = torch.eye(len(i), dtype=i.dtype, device=i.device)
    rowwise = vmap(one_against_all, in_dims=(0, None, 0, None))
    return (rowwise(i, t, which, logit_scale).mean() + rowwise(t, i, which, logit_scale).mean()) / 2
