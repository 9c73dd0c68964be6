import torch
import torch.nn.functional as F


def clip_loss(image_features, text_features, logit_scale):
    logits = logit_scale * F.normalize(image_features, dim=-1) @ F.normalize(text_features, dim=-1).mT
    rows = logits.logsumexp(-1) - torch.diagonal(logits, dim1=-2, dim2=-1)
    cols = logits.logsumexp(-2) - torch.diagonal(logits, dim1=-2, dim2=-1)
    return (rows.mean() + cols.mean()) / 2
