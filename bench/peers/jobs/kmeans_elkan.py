# SPDX-License-Identifier: Apache-2.0
"""scikit-learn: KMeans by the algorithm of Elkan, until no label changes."""
import kmeans

import sklearn
from sklearn.cluster import KMeans


def fit(x, start, iterations):
    model = KMeans(len(start), init=start, n_init=1, tol=0, max_iter=iterations, copy_x=False,
                   algorithm="elkan").fit(x)
    return model.cluster_centers_, model.n_iter_


kmeans.run(sklearn.__version__, fit)
