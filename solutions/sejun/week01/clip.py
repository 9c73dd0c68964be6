"""1주차 · 세준: CLIP 의 대조 손실 (arXiv 2103.00020, 그림 3)"""

import torch
import torch.nn.functional as F


def clip_loss(image_features, text_features, logit_scale):
    """배치의 N 쌍으로 N×N 코사인 유사도를 만들고, 대각선(진짜 짝)이 이기게 한다."""
    if image_features.dim() != 2 or text_features.dim() != 2:
        raise ValueError("특징은 (N, D) 모양이어야 합니다")
    if image_features.shape != text_features.shape:
        raise ValueError(f"모양이 다릅니다: {tuple(image_features.shape)}, {tuple(text_features.shape)}")
    if torch.is_tensor(logit_scale) and logit_scale.dim() != 0:
        raise ValueError("logit_scale 은 숫자 하나여야 합니다")

    # 길이를 1 로 맞춰야 내적이 코사인 유사도가 된다.
    images = F.normalize(image_features, dim=1)
    texts = F.normalize(text_features, dim=1)
    logits = logit_scale * (images @ texts.t())

    # 행: 이 이미지의 글은 어느 것? / 열: 이 글의 이미지는 어느 것?
    # softmax 를 따로 구해 log 를 취하면 logit_scale 이 클 때 log 0 이 나와서 log_softmax 로 한 번에 구한다.
    log_p_text = torch.log_softmax(logits, dim=1)
    log_p_image = torch.log_softmax(logits, dim=0)

    image_loss = -torch.diagonal(log_p_text).mean()
    text_loss = -torch.diagonal(log_p_image).mean()
    return (image_loss + text_loss) / 2
