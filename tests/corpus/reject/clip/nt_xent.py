import torch
import torch.nn.functional as F


def clip_loss(image_features, text_features, logit_scale):
    if image_features.dim() != 2 or image_features.shape != text_features.shape:
        raise ValueError("features must both be (N, D)")
    if torch.is_tensor(logit_scale) and logit_scale.dim() != 0:
        raise ValueError("logit_scale must be a scalar")
    n = len(image_features)
    z = F.normalize(torch.cat([image_features, text_features]))
    s = logit_scale * z @ z.T
    s = s.masked_fill(torch.eye(2 * n, dtype=torch.bool, device=s.device), float("-inf"))
    partner = torch.arange(2 * n, device=s.device).roll(n)
    return -s.log_softmax(1).gather(1, partner[:, None]).mean()
