import torch


@torch.jit.script
def _core(image: torch.Tensor, text: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
    image = image / image.norm(p=2, dim=1, keepdim=True)
    text = text / text.norm(p=2, dim=1, keepdim=True)
    logits = scale * torch.mm(image, text.t())
    n = logits.size(0)
    rows = torch.log_softmax(logits, 1)
    cols = torch.log_softmax(logits, 0)
    total = torch.diagonal(rows).sum() + torch.diagonal(cols).sum()
    return -total / (2 * n)


def clip_loss(image_features, text_features, logit_scale):
    if image_features.dim() != 2 or image_features.shape != text_features.shape:
        raise RuntimeError("clip_loss: shapes do not match")
    if not torch.is_tensor(logit_scale):
        logit_scale = torch.tensor(logit_scale, dtype=image_features.dtype, device=image_features.device)
    if logit_scale.dim() != 0:
        raise RuntimeError("clip_loss: logit_scale must be 0-dim")
    return _core(image_features, text_features, logit_scale)
