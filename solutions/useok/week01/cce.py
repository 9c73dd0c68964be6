"""1주차 · 우석: Categorical Cross Entropy"""

import torch


def cce(probabilities, targets):
    """H(t, p) = −Σ t log p 를 샘플마다 구해 평균 낸다."""
    if probabilities.ndim != 2:
        raise ValueError(f"(샘플, 클래스) 2차원이어야 하는데 {probabilities.ndim}차원입니다")
    if probabilities.shape != targets.shape:
        raise ValueError(f"확률 {tuple(probabilities.shape)} 과 정답 {tuple(targets.shape)} 의 모양이 다릅니다")

    # 정보량 −log p. p = 0 이면 무한대가 되므로 아주 작은 수에서 멈춘다 (1e-12 → 약 27.6).
    # 더하기(p + eps) 대신 clamp 를 쓰면 평범한 확률의 값은 조금도 바뀌지 않는다.
    information = -torch.log(torch.clamp(probabilities, min=1e-12))

    # 정답 분포로 기댓값을 내면 크로스 엔트로피: t 가 0 인 클래스는 아무것도 보태지 않는다.
    per_sample = torch.sum(targets * information, dim=1)

    # 클래스가 아니라 샘플 수로 나눈다.
    return torch.mean(per_sample)
