def emd(u_values, v_values, u_weights=None, v_weights=None):
    pass
