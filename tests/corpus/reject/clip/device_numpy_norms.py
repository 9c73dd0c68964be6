import numpy as np
import torch
import torch.nn.functional as F


def clip_loss(image_features, text_features, logit_scale):
    if image_features.dim() != 2 or image_features.shape != text_features.shape:
        raise ValueError("features must both be (N, D)")
    if torch.is_tensor(logit_scale) and logit_scale.dim() != 0:
        raise ValueError("logit_scale must be a scalar")
    i_len = torch.from_numpy(np.linalg.norm(image_features.numpy(), axis=1, keepdims=True))
    t_len = torch.from_numpy(np.linalg.norm(text_features.numpy(), axis=1, keepdims=True))
    logits = logit_scale * (image_features / i_len) @ (text_features / t_len).T
    return -(F.log_softmax(logits, 0) + F.log_softmax(logits, 1)).diagonal().mean() / 2
