"""1주차 · 준혁: 1차원 Earth Mover's Distance (Wasserstein-1)"""

import torch


def emd(u_values, v_values, u_weights=None, v_weights=None):
    """1차원에서는 누적분포를 뒤집은 분위수 함수끼리 비교하면 된다: W1 = ∫₀¹ |F_u⁻¹(q) − F_v⁻¹(q)| dq.

    작은 흙은 작은 자리로, 큰 흙은 큰 자리로 보내는 것이 가장 싸기 때문이다.
    """
    u_sorted, u_cdf = _sorted_with_cdf(u_values, u_weights)
    v_sorted, v_cdf = _sorted_with_cdf(v_values, v_weights)

    # 두 누적분포의 계단이 꺾이는 높이를 모두 모으면, 이웃한 두 높이 사이에서는
    # 흙이 한 점에서 다른 한 점으로 통째로 옮겨진다.
    q = torch.cat([u_cdf, v_cdf]).sort().values
    moved = torch.diff(q, prepend=q.new_zeros(1))

    # 반올림 때문에 마지막 높이가 1 을 살짝 넘을 수 있어서 인덱스를 잘라 준다.
    i = torch.searchsorted(u_cdf, q).clamp(max=u_values.shape[0] - 1)
    j = torch.searchsorted(v_cdf, q).clamp(max=v_values.shape[0] - 1)

    # 일 = 질량 × 거리
    return (moved * (u_sorted[i] - v_sorted[j]).abs()).sum()


def _sorted_with_cdf(values, weights):
    if values.dim() != 1:
        raise ValueError(f"위치는 1차원이어야 합니다: {tuple(values.shape)}")
    if weights is None:
        weights = torch.ones_like(values)
    if weights.shape != values.shape:
        raise ValueError(f"가중치의 모양 {tuple(weights.shape)} 이 위치 {tuple(values.shape)} 와 다릅니다")

    values, order = values.sort()
    weights = weights[order]  # 정렬할 때 가중치도 자기 점을 따라가야 한다
    return values, weights.cumsum(0) / weights.sum()
