import torch

_LABELS = {}


def labels_for(n, device):
    key = (n, str(device))
    if key not in _LABELS:
        _LABELS[key] = torch.arange(n, device=device)
    return _LABELS[key]


def clip_loss(image_features, text_features, logit_scale):
    if image_features.dim() != 2 or image_features.shape != text_features.shape:
        raise ValueError("features must be (N, D) twice")
    if torch.is_tensor(logit_scale) and logit_scale.dim() != 0:
        raise ValueError("logit_scale must be 0-dim")
    i = image_features / image_features.norm(dim=-1, keepdim=True)
    t = text_features / text_features.norm(dim=-1, keepdim=True)
    logits = logit_scale * i @ t.T
    labels = labels_for(len(logits), logits.device)
    take = lambda lp: lp.take_along_dim(labels.view(-1, 1), dim=1).mean()
    return -0.5 * (take(logits.log_softmax(1)) + take(logits.T.log_softmax(1)))
