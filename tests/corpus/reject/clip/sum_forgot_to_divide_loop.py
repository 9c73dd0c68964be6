# 세준이랑 같이 풀어봄
import torch

def clip_loss(image_features, text_features, logit_scale):
    if image_features.dim() != 2 or image_features.shape != text_features.shape:
        raise ValueError("모양이 다름")
    if torch.is_tensor(logit_scale) and logit_scale.dim() != 0:
        raise ValueError("스칼라가 아님")
    image = image_features / torch.sqrt((image_features ** 2).sum(dim=1, keepdim=True))
    text = text_features / torch.sqrt((text_features ** 2).sum(dim=1, keepdim=True))
    sim = logit_scale * image.mm(text.t())
    total = 0
    for k in range(sim.shape[0]):
        row_loss = torch.logsumexp(sim[k, :], dim=0) - sim[k, k]
        col_loss = torch.logsumexp(sim[:, k], dim=0) - sim[k, k]
        total = total + (row_loss + col_loss) / 2
    return total
