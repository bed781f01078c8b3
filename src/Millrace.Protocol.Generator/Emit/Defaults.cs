using Millrace.Protocol.Generator.Model;

namespace Millrace.Protocol.Generator.Emit;

/// <summary>Comparisons of fields with their defaults: a tagged field at its default is not sent.</summary>
internal static class Defaults
{
    public static string AllDefault(IEnumerable<FieldModel> fields) => string.Join(" && ", fields.Select(IsDefault));

    public static string IsNotDefault(FieldModel field) => field switch
    {
        { IsList: true } => $"{field.Name} is not {EmptyList(field)}",
        { Kind: WireKind.Struct, Tag: not null } => $"{field.Name} is {{ IsDefault: false }}",
        { Kind: WireKind.Struct, IsNullableType: true } => $"{field.Name} is not null",
        { Kind: WireKind.Struct } => $"!{field.Name}.IsDefault",
        { Kind: WireKind.Bytes, IsNullableType: true } => $"{field.Name} is not null",
        { Kind: WireKind.Bytes } => $"!{field.Name}.IsEmpty",
        { Kind: WireKind.Boolean, DefaultLiteral: "default" or "false" } => field.Name,
        _ => $"{field.Name} != {field.DefaultLiteral}",
    };

    private static string IsDefault(FieldModel field) => field switch
    {
        { IsList: true } => $"{field.Name} is {EmptyList(field)}",
        { Kind: WireKind.Struct, Tag: not null } => $"{field.Name} is null or {{ IsDefault: true }}",
        { Kind: WireKind.Struct, IsNullableType: true } => $"{field.Name} is null",
        { Kind: WireKind.Struct } => $"{field.Name}.IsDefault",
        { Kind: WireKind.Bytes, IsNullableType: true } => $"{field.Name} is null",
        { Kind: WireKind.Bytes } => $"{field.Name}.IsEmpty",
        _ => $"{field.Name} == {field.DefaultLiteral}",
    };

    /// <summary>A list starts as null only where its property has no initial value.</summary>
    private static string EmptyList(FieldModel field) => field.DefaultLiteral is "default" or "null" ? "null" : "{ Count: 0 }";
}
