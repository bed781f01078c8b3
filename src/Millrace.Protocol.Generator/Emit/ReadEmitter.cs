using Millrace.Protocol.Generator.Model;

namespace Millrace.Protocol.Generator.Emit;

/// <summary>The body of a Read method: the fields in their order, then the tagged ones.</summary>
internal static class ReadEmitter
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
                    EmitValue(code, scope, field);
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
            code.Line("reader.SkipTags();");
            return;
        }

        code.Block("for (int left = reader.ReadTagCount(); left > 0; left--)", () =>
            code.Block("switch (reader.ReadTag(out int end))", () =>
            {
                foreach (FieldModel field in scope.Tagged)
                {
                    EmitTag(code, scope, field);
                }

                code.Line("default:");
                code.Line("    reader.SkipTo(end);");
                code.Line("    break;");
            }));
    }

    private static void EmitTag(CodeText code, StructScope scope, FieldModel field)
    {
        string when = scope.TagCondition(field) is { } condition ? $" when {condition}" : "";
        code.Block($"case {field.Tag}{when}:", () =>
        {
            EmitValue(code, scope, field);
            code.Line("reader.EndTag(end);");
            code.Line("break;");
        });
    }

    private static void EmitValue(CodeText code, StructScope scope, FieldModel field)
    {
        if (field.IsList)
        {
            EmitList(code, scope, field);
        }
        else if (field.Kind == WireKind.Struct)
        {
            EmitStruct(code, scope, field);
        }
        else if (field.Kind is WireKind.String or WireKind.Bytes)
        {
            string flexible = scope.FlexibleArgument(field);
            code.Line($"{field.Name} = {Nullable(scope, field, name => $"reader.Read{name}{field.Kind}({flexible})")};");
        }
        else
        {
            code.Line($"{field.Name} = {Fixed(field)};");
        }
    }

    /// <summary>Where a structure may be null, a byte goes before it that is negative when it is.</summary>
    private static void EmitStruct(CodeText code, StructScope scope, FieldModel field)
    {
        void EmitPresent()
        {
            code.Line($"{field.Name} = new {field.TypeName}();");
            code.Line($"{field.Name}.Read(ref reader, version);");
        }

        VersionRange nullableIn = scope.NullableIn(field);
        if (nullableIn.IsEmpty)
        {
            EmitPresent();
            return;
        }

        string when = Conditions.In(nullableIn, scope.VersionsOf(field)) is { } condition ? $"{condition} && " : "";
        code.Block($"if ({when}reader.ReadInt8() < 0)", () => code.Line($"{field.Name} = null;"));
        code.Block("else", EmitPresent);
    }

    private static void EmitList(CodeText code, StructScope scope, FieldModel field)
    {
        string count = Camel(field.Name) + "Count";
        string arguments = $"{scope.FlexibleArgument(field)}, minElementSize: {scope.MinElementSize(field)}";
        code.Line($"int {count} = {Nullable(scope, field, name => $"reader.Read{name}ArrayLength({arguments})")};");

        bool canBeNull = !scope.NullableIn(field).IsEmpty;
        string list = $"WireReader.ListOf({field.Name}, {count})";
        code.Line(canBeNull ? $"{field.Name} = {count} < 0 ? null : {list};" : $"{field.Name} = {list};");

        string add = canBeNull ? $"{field.Name}!.Add" : $"{field.Name}.Add";
        code.Block($"for (int i = 0; i < {count}; i++)", () =>
        {
            if (field.Kind == WireKind.Struct)
            {
                code.Line($"var item = new {field.TypeName}();");
                code.Line("item.Read(ref reader, version);");
                code.Line($"{add}(item);");
            }
            else
            {
                string item = field.Kind is WireKind.String or WireKind.Bytes
                    ? $"reader.Read{field.Kind}({scope.FlexibleArgument(field)})"
                    : Fixed(field);
                code.Line($"{add}({item});");
            }
        });
    }

    /// <summary>The call that allows null, the one that does not, or a choice by version.</summary>
    private static string Nullable(StructScope scope, FieldModel field, Func<string, string> call)
    {
        VersionRange nullableIn = scope.NullableIn(field);
        return nullableIn.IsEmpty ? call("")
            : Conditions.In(nullableIn, scope.VersionsOf(field)) is { } condition ? $"{condition} ? {call("Nullable")} : {call("")}"
            : call("Nullable");
    }

    private static string Fixed(FieldModel field) =>
        field.IsEnum ? $"({field.TypeName})reader.Read{field.Kind}()" : $"reader.Read{field.Kind}()";

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name.Substring(1);
}
