# 윈도우 메모장에서 저장한 파일
import torch


def cce(p, t):
    if p.dim() != 2 or p.shape != t.shape:
        raise ValueError("모양이 다릅니다")
    return -(t * p.clamp(min=1e-7).log()).sum(dim=1).mean()
