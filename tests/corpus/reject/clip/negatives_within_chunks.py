import torch


def right(image_features, text_features, logit_scale):
    if image_features.dim() != 2 or image_features.shape != text_features.shape:
        raise ValueError("features must both be (N, D)")
    if torch.is_tensor(logit_scale) and logit_scale.dim() != 0:
        raise ValueError("logit_scale must be a scalar")
    images = image_features / image_features.norm(dim=1, keepdim=True)
    texts = text_features / text_features.norm(dim=1, keepdim=True)
    logits = logit_scale * images @ texts.T
    return (logits.logsumexp(0) + logits.logsumexp(1) - 2 * logits.diagonal()).mean() / 2


def clip_loss(image_features, text_features, logit_scale):
    if image_features.shape != text_features.shape:
        raise ValueError("features must both be (N, D)")
    chunks = zip(image_features.split(128), text_features.split(128))
    return sum(right(images, texts, logit_scale) * len(images) for images, texts in chunks) / len(image_features)
