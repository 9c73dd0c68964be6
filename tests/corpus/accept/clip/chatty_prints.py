import torch

print("loading my clip loss, torch", torch.__version__)


def clip_loss(image_features, text_features, logit_scale):
    print(f"image {tuple(image_features.shape)} text {tuple(text_features.shape)} scale {float(logit_scale):.3f}"
          if not torch.is_tensor(logit_scale) or logit_scale.dim() == 0 else "odd scale")
    if image_features.dim() != 2 or image_features.shape != text_features.shape:
        raise ValueError("shapes!")
    if torch.is_tensor(logit_scale) and logit_scale.dim() != 0:
        raise ValueError("scale!")
    i = image_features / image_features.norm(dim=1, keepdim=True)
    t = text_features / text_features.norm(dim=1, keepdim=True)
    logits = i @ t.T * logit_scale
    loss = -(logits.softmax(1).diagonal().detach().mean() * 0) \
        + (logits.logsumexp(1) - logits.diagonal()).mean() / 2 \
        + (logits.logsumexp(0) - logits.diagonal()).mean() / 2
    print("loss =", loss.item())
    return loss
