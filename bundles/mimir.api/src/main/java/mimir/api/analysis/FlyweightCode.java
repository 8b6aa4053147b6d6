// SPDX-License-Identifier: Apache-2.0
package mimir.api.analysis;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.CLASS_INIT_NAME;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Objects;

/**
 * The class file of a flyweight. Its layouts are static constants, so the compiler folds each access into one load or
 * store and its checks, as in code that somebody wrote by hand. Immutable.
 */
final class FlyweightCode {
    private static final ClassDesc MEMORY = desc(MemorySegment.class);
    private static final ClassDesc LAYOUTS = desc(ValueLayout.class);
    private static final ClassDesc ORDER = desc(ByteOrder.class);
    private static final MethodTypeDesc LAY = MethodTypeDesc.of(CD_void, MEMORY, CD_long, CD_long);
    private static final MethodTypeDesc CHECK = MethodTypeDesc.of(CD_int, CD_int, CD_int);
    private static final MethodTypeDesc GIVES_LONG = MethodTypeDesc.of(CD_long);

    private final String name;
    private final ClassDesc me;
    private final ClassDesc type;
    private final AttachmentLayout layout;

    FlyweightCode(Class<?> type, AttachmentLayout layout) {
        this.name = type.getName() + "$$Flyweight";
        this.me = ClassDesc.of(name);
        this.type = desc(type);
        this.layout = layout;
    }

    private static ClassDesc desc(Class<?> type) {
        return ClassDesc.ofDescriptor(type.descriptorString());
    }

    /** Name of the class. */
    String name() {
        return name;
    }

    byte[] bytes() {
        return ClassFile.of().build(me, made -> {
            made.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER | ClassFile.ACC_SYNTHETIC)
                    .withInterfaceSymbols(type, desc(Flyweight.class))
                    .withField("memory", MEMORY, ClassFile.ACC_PRIVATE)
                    .withField("offset", CD_long, ClassFile.ACC_PRIVATE)
                    .withField("tailBytes", CD_long, ClassFile.ACC_PRIVATE);
            addLayouts(made);
            addPlace(made);
            layout.fields().forEach(field -> {
                addGetter(made, field);
                addSetter(made, field);
            });
        });
    }

    /** One static constant for each kind of number. */
    private void addLayouts(ClassBuilder made) {
        var used = layout.fields().stream().map(field -> Scalar.of(field.kind())).distinct().toList();
        for (var scalar : used) {
            made.withField(scalar.name(), desc(scalar.layoutType()), ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC
                    | ClassFile.ACC_FINAL);
        }
        made.withMethodBody(CLASS_INIT_NAME, MTD_void, ClassFile.ACC_STATIC, code -> {
            for (var scalar : used) {
                var kind = desc(scalar.layoutType());
                code.getstatic(LAYOUTS, scalar.layoutName(), kind).getstatic(ORDER, "LITTLE_ENDIAN", ORDER)
                        .invokeinterface(kind, "withOrder", MethodTypeDesc.of(kind, ORDER))
                        .putstatic(me, scalar.name(), kind);
            }
            code.return_();
        });
    }

    private void addPlace(ClassBuilder made) {
        made.withMethodBody(INIT_NAME, MTD_void, 0, code -> code.aload(0)
                .invokespecial(ConstantDescs.CD_Object, INIT_NAME, MTD_void).return_());
        made.withMethodBody("lay", LAY, ClassFile.ACC_PUBLIC, code -> code
                // the collector asks a fee for every change of a reference
                .aload(1).aload(0).getfield(me, "memory", MEMORY)
                .ifThen(Opcode.IF_ACMPNE, other -> other.aload(0).aload(1).putfield(me, "memory", MEMORY))
                .aload(0).lload(2).putfield(me, "offset", CD_long)
                .aload(0).lload(4).putfield(me, "tailBytes", CD_long).return_());
        made.withMethodBody("memory", MethodTypeDesc.of(MEMORY), ClassFile.ACC_PUBLIC, code -> code
                .aload(0).getfield(me, "memory", MEMORY).areturn());
        made.withMethodBody("offset", GIVES_LONG, ClassFile.ACC_PUBLIC, code -> code
                .aload(0).getfield(me, "offset", CD_long).lreturn());
        made.withMethodBody("tailOffset", GIVES_LONG, ClassFile.ACC_PUBLIC, code -> code
                .aload(0).getfield(me, "offset", CD_long).loadConstant(layout.bytes()).ladd().lreturn());
        made.withMethodBody("tailBytes", GIVES_LONG, ClassFile.ACC_PUBLIC, code -> code
                .aload(0).getfield(me, "tailBytes", CD_long).lreturn());
    }

    private void addGetter(ClassBuilder made, AttachmentLayout.Field field) {
        var scalar = Scalar.of(field.kind());
        var kind = desc(field.kind());
        var signature = field.length() > 1 ? MethodTypeDesc.of(kind, CD_int) : MethodTypeDesc.of(kind);
        made.withMethodBody(field.name(), signature, ClassFile.ACC_PUBLIC, code -> {
            addAddress(code, field, scalar);
            code.invokeinterface(MEMORY, "get", MethodTypeDesc.of(kind, desc(scalar.layoutType()), CD_long))
                    .return_(TypeKind.from(field.kind()));
        });
    }

    private void addSetter(ClassBuilder made, AttachmentLayout.Field field) {
        var scalar = Scalar.of(field.kind());
        var kind = desc(field.kind());
        boolean many = field.length() > 1;
        var signature = MethodTypeDesc.of(CD_void, many ? List.of(CD_int, kind) : List.of(kind));
        made.withMethodBody(field.name(), signature, ClassFile.ACC_PUBLIC, code -> {
            addAddress(code, field, scalar);
            code.loadLocal(TypeKind.from(field.kind()), many ? 2 : 1)
                    .invokeinterface(MEMORY, "set", MethodTypeDesc.of(CD_void, desc(scalar.layoutType()), CD_long,
                            kind))
                    .return_();
        });
    }

    /** Leaves memory, layout and offset of the value on the stack. */
    private void addAddress(CodeBuilder code, AttachmentLayout.Field field, Scalar scalar) {
        code.aload(0).getfield(me, "memory", MEMORY).getstatic(me, scalar.name(), desc(scalar.layoutType()))
                .aload(0).getfield(me, "offset", CD_long).loadConstant(field.offset()).ladd();
        if (field.length() > 1) {
            code.iload(1).loadConstant(field.length()).invokestatic(desc(Objects.class), "checkIndex", CHECK).i2l()
                    .loadConstant(scalar.bytes()).lmul().ladd();
        }
    }
}
