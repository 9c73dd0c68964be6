from typing import Union

import torch


@torch.jit.script
def clip_loss(image_features: torch.Tensor, text_features: torch.Tensor, logit_scale: Union[float, torch.Tensor]) -> torch.Tensor:
    if image_features.dim() != 2 or text_features.dim() != 2:
        raise ValueError("expected (N, D)")
    if image_features.shape != text_features.shape:
        raise ValueError("shapes differ")
    sims = torch.mm(torch.nn.functional.normalize(image_features, dim=1), torch.nn.functional.normalize(text_features, dim=1).t())
    if isinstance(logit_scale, torch.Tensor):
        if logit_scale.dim() != 0:
            raise ValueError("logit_scale must be a scalar")
        logits = sims * logit_scale
    else:
        logits = sims * logit_scale
    diagonal = torch.diagonal(logits)
    return 0.5 * (torch.logsumexp(logits, dim=1) + torch.logsumexp(logits, dim=0)).mean() - diagonal.mean()
