import torch
from torch.distributions.utils import clamp_probs, probs_to_logits


def bce(p, t):
    """log p = logit p + log(1 - p), so the loss is -mean(t logit p + log(1 - p))."""
    if p.shape != t.shape:
        raise ValueError("shapes differ")
    logits = probs_to_logits(p, is_binary=True)
    log_not_p = torch.log1p(-clamp_probs(p))
    return -(t * logits + log_not_p).mean()
