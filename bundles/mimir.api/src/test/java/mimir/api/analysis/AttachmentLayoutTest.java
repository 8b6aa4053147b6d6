// SPDX-License-Identifier: Apache-2.0
package mimir.api.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AttachmentLayoutTest {
    @Test
    void shouldPlaceFieldsInTheirOrderNaturallyAligned() {
        var layout = AttachmentLayout.of(Sample.class);

        assertEquals("test.sample-all@3", layout.id());
        assertEquals(List.of("tiny", "small", "counts", "stampNs", "levels", "register", "last"),
                layout.fields().stream().map(AttachmentLayout.Field::name).toList());
        assertEquals(List.of(0L, 2L, 4L, 16L, 24L, 48L, 56L),
                layout.fields().stream().map(AttachmentLayout.Field::offset).toList());
        assertEquals(64, layout.bytes());
        assertEquals("dBFS", layout.fields().get(4).unit());
        assertSame(layout, AttachmentLayout.of(Sample.class));
    }

    @Test
    void shouldTellValuesAsPeopleReadThem() {
        var layout = AttachmentLayout.of(Sample.class);
        var memory = MemorySegment.ofArray(new byte[100]);
        var sample = AttachmentLayout.flyweight(Sample.class);
        ((Flyweight) sample).lay(memory, 3, 0);
        sample.tiny((byte) -7);
        sample.levels(1, -0.5f);
        sample.stampNs(Long.MIN_VALUE);

        assertEquals("-7", layout.fields().get(0).text(memory, 3));
        assertEquals("0 0 0", layout.fields().get(2).text(memory, 3));
        assertEquals("-9223372036854775808", layout.fields().get(3).text(memory, 3));
        assertEquals("0.0 -0.5 0.0 0.0 0.0", layout.fields().get(4).text(memory, 3));
        assertEquals("0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 … of 40",
                new AttachmentLayout.Field("many", byte.class, 40, 0, "1").text(memory, 50));
        assertEquals(-0.5f, layout.fields().get(4).value(memory, 3, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> layout.fields().get(4).value(memory, 3, 5));
    }

    @Test
    void shouldGiveMemoryAndTailWithoutTheType() {
        var layout = AttachmentLayout.of(Sample.class);
        var memory = MemorySegment.ofArray(new byte[128]);
        var plain = AttachmentLayout.plain(layout);
        ((Flyweight) plain).lay(memory, 8, 20);

        assertSame(memory, plain.memory());
        assertEquals(8, plain.offset());
        assertEquals(72, plain.tailOffset());
        assertEquals(20, plain.tailBytes());
    }

    @AttachmentType(name = "x", version = 1)
    static class NoInterface {
    }

    interface NoAnnotation extends Attachment {
    }

    @AttachmentType(name = "x", version = 1)
    interface NoAttachment {
    }

    @AttachmentType(name = "Not.Lower", version = 1)
    interface BadName extends Attachment {
    }

    @AttachmentType(name = "a1234567890123456789012345678901234567890", version = 1)
    interface LongName extends Attachment {
    }

    @AttachmentType(name = "x", version = 0)
    interface BadVersion extends Attachment {
    }

    @AttachmentType(name = "x", version = 1)
    interface NoField extends Attachment {
    }

    @AttachmentType(name = "x", version = 1)
    interface SameOrder extends Attachment {
        @Field(order = 1)
        int a();

        void a(int value);

        @Field(order = 1)
        int b();

        void b(int value);
    }

    @AttachmentType(name = "x", version = 1)
    interface NoSetter extends Attachment {
        @Field(order = 1)
        int a();
    }

    @AttachmentType(name = "x", version = 1)
    interface WrongSetter extends Attachment {
        @Field(order = 1, length = 2)
        long a(int index);

        void a(long value);
    }

    @AttachmentType(name = "x", version = 1)
    interface NoIndex extends Attachment {
        @Field(order = 1, length = 2)
        int a();

        void a(int value);
    }

    @AttachmentType(name = "x", version = 1)
    interface NoLength extends Attachment {
        @Field(order = 1, length = 0)
        int a();

        void a(int value);
    }

    @AttachmentType(name = "x", version = 1)
    interface BadKind extends Attachment {
        @Field(order = 1)
        boolean a();

        void a(boolean value);
    }

    @AttachmentType(name = "x", version = 1)
    interface OtherMethod extends Attachment {
        @Field(order = 1)
        int a();

        void a(int value);

        String describe();
    }

    @AttachmentType(name = "x", version = 1)
    interface HasBody extends Attachment {
        @Field(order = 1)
        default int a() {
            return 1;
        }
    }

    @AttachmentType(name = "x", version = 1)
    interface TakenName extends Attachment {
        @Override
        @Field(order = 1)
        long offset();
    }

    @AttachmentType(name = "x", version = 1)
    interface SameInC extends Attachment {
        @Field(order = 1)
        int aBc();

        void aBc(int value);

        @Field(order = 2)
        int aBC();

        void aBC(int value);
    }

    @AttachmentType(name = "x", version = 1)
    interface TooLarge extends Attachment {
        @Field(order = 1, length = 1 << 14)
        int a(int index);

        void a(int index, int value);

        @Field(order = 2)
        byte b();

        void b(byte value);
    }

    record Wrong(Class<?> type, String said) {
    }

    static List<Wrong> wrong() {
        return List.of(new Wrong(NoInterface.class, "is not an interface"),
                new Wrong(NoAnnotation.class, "mark it with @AttachmentType"),
                new Wrong(NoAttachment.class, "does not extend mimir.api.analysis.Attachment"),
                new Wrong(BadName.class, "is called 'Not.Lower'"), new Wrong(LongName.class, "at most 40"),
                new Wrong(BadVersion.class, "count versions from 1"), new Wrong(NoField.class, "has no field"),
                new Wrong(SameOrder.class, "two fields of order 1: "),
                new Wrong(NoSetter.class, "add void a(int value)"),
                new Wrong(WrongSetter.class, "add void a(int index, long value)"),
                new Wrong(NoIndex.class, "must be int a(int index)"),
                new Wrong(NoLength.class, "at least one value"), new Wrong(BadKind.class, "of type boolean"),
                new Wrong(OtherMethod.class, "a method that is no field: describe"),
                new Wrong(HasBody.class, "whose getter has a body"),
                new Wrong(TakenName.class, "which every attachment has already"),
                new Wrong(SameInC.class, "are called a_bc in C"),
                new Wrong(TooLarge.class, "more than 65536 bytes"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    @SuppressWarnings("unchecked")
    void shouldSayInOneSentenceWhatIsWrongWithAType(Wrong wrong) {
        var type = (Class<? extends Attachment>) wrong.type();

        var fault = assertThrows(IllegalArgumentException.class, () -> AttachmentLayout.of(type));

        assertTrue(fault.getMessage().contains(wrong.type().getSimpleName()), fault::getMessage);
        assertTrue(fault.getMessage().contains(wrong.said()), fault::getMessage);
        assertThrows(IllegalArgumentException.class, () -> AttachmentLayout.flyweight(type));
    }
}
