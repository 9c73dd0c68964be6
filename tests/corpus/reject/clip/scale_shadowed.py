import torch


def clip_loss(image_features, text_features, logit_scale):
    if image_features.dim() != 2 or image_features.shape != text_features.shape:
        raise ValueError("features must both be (N, D)")
    if torch.is_tensor(logit_scale) and logit_scale.dim() != 0:
        raise ValueError("logit_scale must be a scalar")
    im = image_features / image_features.norm(dim=1, keepdim=True)
    tx = text_features / text_features.norm(dim=1, keepdim=True)
    similarity = im @ tx.T
    logits = similarity * logit_scale
    per_image = similarity.logsumexp(dim=1) - similarity.diagonal()
    per_text = similarity.logsumexp(dim=0) - similarity.diagonal()
    return torch.cat((per_image, per_text)).mean()
