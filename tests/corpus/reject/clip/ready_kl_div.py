import torch
import torch.nn.functional as F


def clip_loss(image_features, text_features, logit_scale):
    if image_features.dim() != 2 or image_features.shape != text_features.shape:
        raise ValueError("features must both be (N, D)")
    if torch.is_tensor(logit_scale) and logit_scale.dim() != 0:
        raise ValueError("logit_scale must be a scalar")
    z = logit_scale * F.normalize(image_features) @ F.normalize(text_features).T
    eye = torch.eye(len(z), dtype=z.dtype, device=z.device)
    a = F.kl_div(z.log_softmax(1), eye, reduction="batchmean")
    b = F.kl_div(z.T.log_softmax(1), eye, reduction="batchmean")
    return (a + b) / 2
