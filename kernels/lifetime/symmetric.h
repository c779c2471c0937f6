// SPDX-License-Identifier: Apache-2.0
/*
 * Eigenvalues and eigenvectors of a symmetric matrix of up to four rows, by cyclic Jacobi rotations
 * (G. Golub & C. Van Loan, "Matrix computations", 4th ed., 8.5): small eigenvalues beside large
 * ones come out with the precision that the matrix has. Some 2,000 flops.
 */
#ifndef EMP_LIFETIME_SYMMETRIC_H
#define EMP_LIFETIME_SYMMETRIC_H

enum { EMP_SYMMETRIC_MOST = 4 };

struct emp_eigen {
    double value[EMP_SYMMETRIC_MOST];
    double vector[EMP_SYMMETRIC_MOST][EMP_SYMMETRIC_MOST]; /* column k belongs to value k */
};

/* Of the first n rows and columns. */
struct emp_eigen emp__symmetric_eigen(double matrix[EMP_SYMMETRIC_MOST][EMP_SYMMETRIC_MOST], int n);

#endif
