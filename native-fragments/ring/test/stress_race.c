// SPDX-License-Identifier: Apache-2.0
/* The same under the thread sanitizer, which slows all threads down and looks at every access. */
#include "stress_test.c"
