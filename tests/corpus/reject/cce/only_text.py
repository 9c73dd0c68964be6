Categorical cross entropy is the mean of -log p of the right class.
