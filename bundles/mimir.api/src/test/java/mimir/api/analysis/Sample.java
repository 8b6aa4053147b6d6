// SPDX-License-Identifier: Apache-2.0
package mimir.api.analysis;

/** A type with a field of every kind, in an order that leaves holes. */
@AttachmentType(name = "test.sample-all", version = 3)
interface Sample extends Attachment {
    @Field(order = 60)
    double register();

    void register(double value);

    @Field(order = 1)
    byte tiny();

    void tiny(byte value);

    @Field(order = 20, unit = "px")
    short small();

    void small(short value);

    @Field(order = 30, length = 3)
    int counts(int index);

    void counts(int index, int value);

    @Field(order = 40)
    long stampNs();

    void stampNs(long value);

    @Field(order = 50, length = 5, unit = "dBFS")
    float levels(int index);

    void levels(int index, float value);

    @Field(order = 70)
    byte last();

    void last(byte value);

    default float sum() {
        return levels(0) + levels(4);
    }
}
