import torch


def softmax_nll(logits):
    n = logits.shape[0]
    labels = torch.arange(n, device=logits.device)
    return (logits.logsumexp(dim=1) - logits[labels, labels]).sum() / n


def clip_loss(image_features, text_features, logit_scale):
    if image_features.dim() != 2 or image_features.shape != text_features.shape:
        raise ValueError("features must both be (N, D)")
    if torch.is_tensor(logit_scale) and logit_scale.dim() != 0:
        raise ValueError("logit_scale must be a scalar")
    image_features = image_features / image_features.norm(dim=-1, keepdim=True)
    text_features = text_features / text_features.norm(dim=-1, keepdim=True)
    logits_per_image = logit_scale * image_features @ text_features.t()
    logits_per_text = logit_scale * image_features @ text_features.t()
    return (softmax_nll(logits_per_image) + softmax_nll(logits_per_text)) / 2
