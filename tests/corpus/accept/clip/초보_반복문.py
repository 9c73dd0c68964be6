# 모각코 1주차 - CLIP 대조 손실
# 행렬로 한 번에 하는 게 어려워서 일단 한 줄씩 계산했다.
import torch


def 길이를_1로(벡터):
    길이 = torch.sqrt(torch.sum(벡터 * 벡터))
    return 벡터 / 길이


def clip_loss(이미지, 텍스트, 배율):
    # 모양 검사
    if len(이미지.shape) != 2:
        raise ValueError("이미지 특징은 (N, D) 여야 합니다")
    if len(텍스트.shape) != 2:
        raise ValueError("텍스트 특징은 (N, D) 여야 합니다")
    if 이미지.shape[0] != 텍스트.shape[0] or 이미지.shape[1] != 텍스트.shape[1]:
        raise ValueError("두 특징의 모양이 다릅니다")
    if torch.is_tensor(배율) and 배율.dim() > 0:
        raise ValueError("배율은 숫자 하나여야 합니다")

    개수 = 이미지.shape[0]
    이미지들 = []
    텍스트들 = []
    for i in range(개수):
        이미지들.append(길이를_1로(이미지[i]))
        텍스트들.append(길이를_1로(텍스트[i]))
    텍스트행렬 = torch.stack(텍스트들)
    이미지행렬 = torch.stack(이미지들)

    합 = 0
    for i in range(개수):
        # i번째 이미지가 맞는 글을 고르는 문제
        점수 = (텍스트행렬 * 이미지들[i]).sum(dim=1) * 배율
        합 = 합 + torch.logsumexp(점수, dim=0) - 점수[i]
        # i번째 글이 맞는 이미지를 고르는 문제
        점수 = (이미지행렬 * 텍스트들[i]).sum(dim=1) * 배율
        합 = 합 + torch.logsumexp(점수, dim=0) - 점수[i]
    return 합 / (2 * 개수)
