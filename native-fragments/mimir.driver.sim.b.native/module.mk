# SPDX-License-Identifier: Apache-2.0
# The same C under another library name, for the second simulated driver.
FROM := ../mimir.driver.sim.native
