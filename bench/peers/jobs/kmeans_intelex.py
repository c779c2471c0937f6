# SPDX-License-Identifier: Apache-2.0
"""Extension for scikit-learn (oneDAL): KMeans by Lloyd's algorithm, the only one it has."""
import importlib.metadata

import kmeans

import daal4py
from sklearnex.cluster import KMeans

daal4py.daalinit(kmeans.THREADS)


def fit(x, start, iterations):
    model = KMeans(len(start), init=start, n_init=1, tol=0, max_iter=iterations, copy_x=False,
                   algorithm="lloyd").fit(x)
    return model.cluster_centers_, model.n_iter_


kmeans.run(importlib.metadata.version("scikit-learn-intelex"), fit)
