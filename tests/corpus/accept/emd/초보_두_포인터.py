# 모각코 1주차: Wasserstein 거리
# 왼쪽에 있는 흙부터 왼쪽 구덩이에 채워 넣으면 일이 가장 적다.
import torch


def 무게_정리(값, 무게):
    if 값.dim() != 1:
        raise ValueError("값은 1차원이어야 합니다")
    if 무게 is None:
        무게 = torch.ones_like(값)
    if 무게.shape != 값.shape:
        raise ValueError("무게의 모양이 값과 다릅니다")
    return 무게 / 무게.sum()


def emd(u_values, v_values, u_weights=None, v_weights=None):
    u무게 = 무게_정리(u_values, u_weights)
    v무게 = 무게_정리(v_values, v_weights)
    u순서 = torch.argsort(u_values).tolist()
    v순서 = torch.argsort(v_values).tolist()
    남은_흙 = u무게.tolist()
    남은_구덩이 = v무게.tolist()

    일 = u_values.sum() * 0
    i = 0
    j = 0
    while i < len(u순서) and j < len(v순서):
        a = u순서[i]
        b = v순서[j]
        옮길_양 = min(남은_흙[a], 남은_구덩이[b])
        일 = 일 + 옮길_양 * torch.abs(u_values[a] - v_values[b])
        남은_흙[a] -= 옮길_양
        남은_구덩이[b] -= 옮길_양
        # 다 쓴 쪽을 다음으로 넘긴다
        if 남은_흙[a] <= 남은_구덩이[b]:
            i += 1
        else:
            j += 1
    return 일
