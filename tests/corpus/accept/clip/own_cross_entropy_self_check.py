import torch
import torch.nn.functional as F


def cross_entropy(logits, labels):
    log_probabilities = logits - torch.logsumexp(logits, dim=1, keepdim=True)
    return -log_probabilities[torch.arange(len(labels), device=logits.device), labels].mean()


def clip_loss(image_features, text_features, logit_scale):
    if image_features.dim() != 2 or image_features.shape != text_features.shape:
        raise ValueError("features must both be (N, D)")
    if torch.is_tensor(logit_scale) and logit_scale.dim() != 0:
        raise ValueError("logit_scale must be a scalar")
    image_features = F.normalize(image_features, dim=-1)
    text_features = F.normalize(text_features, dim=-1)
    logits = logit_scale * image_features @ text_features.t()
    labels = torch.arange(logits.shape[0], device=logits.device)
    return (cross_entropy(logits, labels) + cross_entropy(logits.t(), labels)) / 2


# sanity check against the library
_x = torch.tensor([[0.3, -1.2, 2.0], [1.0, 0.1, -0.7]])
_y = torch.tensor([2, 0])
assert torch.allclose(cross_entropy(_x, _y), F.cross_entropy(_x, _y))
