"""CLIP, arXiv 2103.00020, figure 3."""
import torch
import torch.nn.functional as F


def clip_loss(image_features, text_features, logit_scale):
    if image_features.dim() != 2 or image_features.shape != text_features.shape:
        raise ValueError(f"need two (N, D) matrices, got {tuple(image_features.shape)} and {tuple(text_features.shape)}")
    if isinstance(logit_scale, torch.Tensor) and logit_scale.dim() != 0:
        raise ValueError("logit_scale must be a scalar")

    I_e = F.normalize(image_features, dim=1)
    T_e = F.normalize(text_features, dim=1)

    # scaled pairwise cosine similarities, [n, n]
    logits = (I_e @ T_e.T) * logit_scale

    loss_i = -F.log_softmax(logits, dim=1).diagonal().mean()
    loss_t = -F.log_softmax(logits, dim=0).diagonal().mean()
    return (loss_i + loss_t) / 2
