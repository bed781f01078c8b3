using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Millrace.Protocol.Generator.Model;

namespace Millrace.Protocol.Generator.Emit;

/// <summary>The body of a Write method: the fields in their order, then the tagged ones that are not at their default.</summary>
internal static class WriteEmitter
{
    public static void Emit(CodeText code, StructScope scope)
    {
        scope.DeclareFlexible(code);
        foreach ((string? condition, IReadOnlyList<FieldModel> fields) in scope.UntaggedRuns())
        {
            code.BlockIf(condition, () =>
            {
                foreach (FieldModel field in fields)
                {
                    EmitNullCheck(code, scope, field);
                    EmitValue(code, scope, field, "writer");
                }
            });
        }

        if (scope.HasTagSection)
        {
            code.BlockIf(scope.FlexibleCondition, () => EmitTags(code, scope));
        }
    }

    private static void EmitTags(CodeText code, StructScope scope)
    {
        if (scope.Tagged.Count == 0)
        {
            code.Line("writer.WriteTagCount(0);");
            return;
        }

        foreach (FieldModel field in scope.Tagged)
        {
            string condition = scope.TagCondition(field) is { } versions ? $"{versions} && " : "";
            code.Line($"bool has{field.Name} = {condition}{Defaults.IsNotDefault(field)};");
        }

        code.Line($"writer.WriteTagCount({string.Join(" + ", scope.Tagged.Select(field => $"(has{field.Name} ? 1 : 0)"))});");
        foreach (FieldModel field in scope.Tagged)
        {
            code.Block($"if (has{field.Name})", () =>
            {
                EmitNullCheck(code, scope, field);
                code.Line("using var value = new PooledBufferWriter();");
                code.Line("var valueWriter = new WireWriter(value);");
                EmitValue(code, scope, field, "valueWriter");
                code.Line("valueWriter.Flush();");
                code.Line($"writer.WriteTag({field.Tag}, value);");
            });
        }
    }

    /// <summary>Only where some versions of the field have a null and others do not.</summary>
    private static void EmitNullCheck(CodeText code, StructScope scope, FieldModel field)
    {
        VersionRange versions = scope.VersionsOf(field);
        VersionRange nullableIn = scope.NullableIn(field);
        if (!field.IsNullableType || field is { Kind: WireKind.Struct, IsList: false, Tag: not null } || nullableIn.Covers(versions))
        {
            return;
        }

        string when = nullableIn.IsEmpty ? "" : $" && {Conditions.NotIn(nullableIn, versions)}";
        code.Block($"if ({field.Name} is null{when})", () =>
            code.Line($"throw WireWriter.NullNotAllowed({SymbolDisplay.FormatLiteral(field.Name, quote: true)}, version);"));
    }

    private static void EmitValue(CodeText code, StructScope scope, FieldModel field, string writer)
    {
        string flexible = scope.FlexibleArgument(field);
        if (field.IsList)
        {
            string count = field.IsNullableType ? $"{field.Name}?.Count ?? -1" : $"{field.Name}.Count";
            code.Line($"{writer}.WriteArrayLength({count}, {flexible});");
            code.BlockIf(field.IsNullableType ? $"{field.Name} is not null" : null, () =>
                code.Block($"foreach ({field.TypeName} item in {field.Name})", () => code.Line(Item(field, writer, "item", flexible))));
        }
        else if (field is { Kind: WireKind.String or WireKind.Bytes, IsNullableType: true })
        {
            code.Line($"{writer}.WriteNullable{field.Kind}({field.Name}, {flexible});");
        }
        else if (field is { Kind: WireKind.Struct, IsNullableType: true, Tag: null })
        {
            EmitNullableStruct(code, scope, field, writer);
        }
        else
        {
            code.Line(Item(field, writer, field.Name + (field is { Kind: WireKind.Struct, Tag: not null } ? "!" : ""), flexible));
        }
    }

    private static void EmitNullableStruct(CodeText code, StructScope scope, FieldModel field, string writer)
    {
        code.BlockIf(Conditions.In(scope.NullableIn(field), scope.VersionsOf(field)), () =>
            code.Line($"{writer}.WriteInt8((sbyte)({field.Name} is null ? -1 : 1));"));
        code.Line($"{field.Name}?.Write(ref {writer}, version);");
    }

    private static string Item(FieldModel field, string writer, string value, string flexible) => field switch
    {
        { Kind: WireKind.Struct } => $"{value}.Write(ref {writer}, version);",
        { Kind: WireKind.String or WireKind.Bytes } => $"{writer}.Write{field.Kind}({value}, {flexible});",
        { IsEnum: true } => $"{writer}.Write{field.Kind}(({EnumUnderlying(field.Kind)}){value});",
        _ => $"{writer}.Write{field.Kind}({value});",
    };

    private static string EnumUnderlying(WireKind kind) => kind switch
    {
        WireKind.Int8 => "sbyte",
        WireKind.Int16 => "short",
        WireKind.UInt16 => "ushort",
        WireKind.Int32 => "int",
        WireKind.UInt32 => "uint",
        WireKind.Int64 => "long",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "is not the type of an enum"),
    };
}
