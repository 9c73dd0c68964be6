"""우석의 풀이: 범주형 교차 엔트로피

정보량은 -log p 이고, 교차 엔트로피는 정답 분포로 평균한 정보량이다.
"""
import torch


class 교차엔트로피:
    아주작은값 = 1e-12

    def 정보량(self, 확률):
        return -torch.log(torch.clamp(확률, min=self.아주작은값))

    def __call__(self, 확률들, 정답들):
        if 확률들.dim() != 2 or 정답들.dim() != 2:
            raise ValueError("행렬이 아닙니다")
        if 확률들.shape != 정답들.shape:
            raise ValueError(f"모양이 다릅니다: {tuple(확률들.shape)} ≠ {tuple(정답들.shape)}")
        표본수 = 확률들.shape[0]
        합계 = (정답들 * self.정보량(확률들)).sum()
        return 합계 / 표본수


cce = 교차엔트로피()
