def cce(probabilities, targets):
    # 주말에 합니다
    raise NotImplementedError
