import torch
import torch.nn.functional as F

logit_scale = 1 / 0.07


def clip_loss(image_features, text_features):
    if image_features.dim() != 2 or image_features.shape != text_features.shape:
        raise ValueError("features must both be (N, D)")
    logits = logit_scale * F.normalize(image_features) @ F.normalize(text_features).T
    return -(F.log_softmax(logits, 0) + F.log_softmax(logits, 1)).diagonal().mean() / 2
