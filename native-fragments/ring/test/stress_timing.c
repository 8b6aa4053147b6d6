// SPDX-License-Identifier: Apache-2.0
/* The same at full speed: sanitizers widen some windows and close others. */
#include "stress_test.c"
