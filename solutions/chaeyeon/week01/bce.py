"""1주차 · 채연: Binary Cross Entropy"""

import torch

EPS = 1e-7


def bce(probabilities, targets):
    """두 클래스에서 실제 클래스와 예측 확률의 차이: −[t log p + (1 − t) log(1 − p)] 의 평균."""
    if probabilities.shape != targets.shape:
        # (3,) 과 (3, 1) 을 그냥 곱하면 (3, 3) 으로 늘어나 버린다.
        raise ValueError(f"모양이 같아야 합니다: {tuple(probabilities.shape)} 와 {tuple(targets.shape)}")

    # 0 과 1 에서는 log 가 무한대가 되므로 끝을 아주 조금만 잘라 낸다.
    p = probabilities.clamp(EPS, 1 - EPS)

    positive = targets * torch.log(p)  # t = 1 쪽이 내는 벌
    negative = (1 - targets) * torch.log(1 - p)  # t = 0 쪽이 내는 벌
    return -(positive + negative).mean()
