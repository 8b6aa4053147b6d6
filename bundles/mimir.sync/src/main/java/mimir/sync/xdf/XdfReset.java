// SPDX-License-Identifier: Apache-2.0
package mimir.sync.xdf;

/**
 * A break of a stream's clock. Immutable.
 *
 * @param afterS it happened after this, s of the recorder's clock: the last measurement of the old clock
 * @param beforeS and before this: the first of the new
 * @param jumpS by how much the stream's clock jumped ahead, s
 */
public record XdfReset(double afterS, double beforeS, double jumpS) {
}
