import torch
import torch.nn.functional as F


def clip_loss(image_features, text_features, logit_scale):
    if image_features.dim() != 2 or image_features.shape != text_features.shape:
        raise ValueError("features must both be (N, D)")
    if torch.is_tensor(logit_scale):
        if logit_scale.dim() != 0:
            raise ValueError("logit_scale must be a scalar")
        logit_scale = logit_scale.double()
    i, t = F.normalize(image_features.double()), F.normalize(text_features.double())
    logits = logit_scale * i @ t.T
    return -(F.log_softmax(logits, 0) + F.log_softmax(logits, 1)).diagonal().mean() / 2
