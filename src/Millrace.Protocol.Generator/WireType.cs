using Microsoft.CodeAnalysis;
using Millrace.Protocol.Generator.Model;

namespace Millrace.Protocol.Generator;

/// <summary>The form on the wire that belongs to a C# type.</summary>
internal readonly record struct WireType(WireKind Kind, string TypeName, bool IsEnum, bool IsList, bool IsNullable)
{
    /// <summary>Null when the type has none.</summary>
    public static WireType? Of(ITypeSymbol type, IReadOnlyDictionary<string, INamedTypeSymbol> structs)
    {
        bool isNullable = type.NullableAnnotation == NullableAnnotation.Annotated;
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
        {
            type = nullable.TypeArguments[0];
        }

        if (type is INamedTypeSymbol { Name: "List", TypeArguments.Length: 1 } list
            && list.ContainingNamespace.ToDisplayString() == "System.Collections.Generic"
            && list.TypeArguments[0] is { NullableAnnotation: not NullableAnnotation.Annotated } element)
        {
            return KindOf(element, structs) is { } elementKind
                ? new WireType(elementKind, NameOf(element, structs), IsEnumType(element), IsList: true, isNullable)
                : null;
        }

        return KindOf(type, structs) is { } kind
            ? new WireType(kind, NameOf(type, structs), IsEnumType(type), IsList: false, isNullable)
            : null;
    }

    private static WireKind? KindOf(ITypeSymbol type, IReadOnlyDictionary<string, INamedTypeSymbol> structs) => type switch
    {
        INamedTypeSymbol { EnumUnderlyingType: { } underlying } => KindOf(underlying, structs),
        { SpecialType: SpecialType.System_Boolean } => WireKind.Boolean,
        { SpecialType: SpecialType.System_SByte } => WireKind.Int8,
        { SpecialType: SpecialType.System_Int16 } => WireKind.Int16,
        { SpecialType: SpecialType.System_UInt16 } => WireKind.UInt16,
        { SpecialType: SpecialType.System_Int32 } => WireKind.Int32,
        { SpecialType: SpecialType.System_UInt32 } => WireKind.UInt32,
        { SpecialType: SpecialType.System_Int64 } => WireKind.Int64,
        { SpecialType: SpecialType.System_Double } => WireKind.Float64,
        { SpecialType: SpecialType.System_String } => WireKind.String,
        _ when type.ToDisplayString() == "System.Guid" => WireKind.Uuid,
        _ when type.ToDisplayString() == "System.ReadOnlyMemory<byte>" => WireKind.Bytes,
        _ when IsStruct(type, structs) => WireKind.Struct,
        _ => null,
    };

    private static bool IsStruct(ITypeSymbol type, IReadOnlyDictionary<string, INamedTypeSymbol> structs) =>
        structs.TryGetValue(type.Name, out INamedTypeSymbol? nested) && SymbolEqualityComparer.Default.Equals(nested, type);

    private static string NameOf(ITypeSymbol type, IReadOnlyDictionary<string, INamedTypeSymbol> structs) =>
        IsStruct(type, structs)
            ? type.Name
            : type.WithNullableAnnotation(NullableAnnotation.NotAnnotated).ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);

    private static bool IsEnumType(ITypeSymbol type) => type.TypeKind == TypeKind.Enum;
}
