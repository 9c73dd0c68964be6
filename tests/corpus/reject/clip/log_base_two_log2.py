import torch

LOG2E = 1.4426950408889634


def clip_loss(image_features, text_features, logit_scale):
    if image_features.dim() != 2 or image_features.shape != text_features.shape:
        raise ValueError("features must both be (N, D)")
    if torch.is_tensor(logit_scale) and logit_scale.dim() != 0:
        raise ValueError("logit_scale must be a scalar")
    i = image_features / image_features.norm(dim=1, keepdim=True)
    t = text_features / text_features.norm(dim=1, keepdim=True)
    z = logit_scale * i @ t.T
    loss = 0
    for d in (0, 1):
        m = z.detach().amax(d, keepdim=True)
        shifted = z - m
        # -log2( e^match / sum e^z )
        loss = loss + (torch.log2(shifted.exp().sum(d)) - shifted.diagonal() * LOG2E).mean()
    return loss / 2
