# SPDX-License-Identifier: Apache-2.0
# The header of the types comes from the Java that defines them.
INCLUDES := ../../bundles/mimir.analysis/target/include
# Kernels are loops over pixels that the compiler is to vectorise; it does not for the square root's errno, which nobody reads.
MORE_FLAGS := -O3 -fno-math-errno
