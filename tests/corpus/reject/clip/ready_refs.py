import torch
import torch._refs.nn.functional as R


def clip_loss(image_features, text_features, logit_scale):
    if image_features.dim() != 2 or image_features.shape != text_features.shape:
        raise ValueError("features must both be (N, D)")
    if torch.is_tensor(logit_scale) and logit_scale.dim() != 0:
        raise ValueError("logit_scale must be a scalar")
    i = image_features / image_features.norm(dim=1, keepdim=True)
    t = text_features / text_features.norm(dim=1, keepdim=True)
    z = logit_scale * i @ t.T
    y = torch.arange(len(z), device=z.device)
    return (R.nll_loss(z.log_softmax(1), y) + R.nll_loss(z.T.log_softmax(1), y)) / 2
