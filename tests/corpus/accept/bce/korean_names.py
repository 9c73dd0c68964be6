# 이진 교차 엔트로피: 채연의 풀이
import torch

작은수 = 1e-7


def 안전한_로그(값):
    """로그 0 은 음의 무한대이므로 작은 수로 막는다."""
    return torch.log(torch.clamp(값, min=작은수))


def bce(확률, 정답):
    if 확률.shape != 정답.shape:
        raise ValueError("확률과 정답의 모양이 다릅니다: %s, %s" % (확률.shape, 정답.shape))
    맞을때 = 정답 * 안전한_로그(확률)
    틀릴때 = (1 - 정답) * 안전한_로그(1 - 확률)
    return -(맞을때 + 틀릴때).mean()
