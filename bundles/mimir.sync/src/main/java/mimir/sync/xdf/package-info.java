// SPDX-License-Identifier: Apache-2.0
/**
 * Recordings of the Lab Streaming Layer (XDF 1.0), mapped again by Mimir's own estimator. Exports nothing.
 */
package mimir.sync.xdf;
