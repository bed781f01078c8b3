using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Millrace.Protocol.Generator.Model;

namespace Millrace.Protocol.Generator;

/// <summary>Reads the properties of a message or structure and their attributes.</summary>
internal sealed class FieldReader(
    IReadOnlyDictionary<string, INamedTypeSymbol> structs, VersionRange flexible, List<DiagnosticInfo> diagnostics)
{
    public ImmutableArray<FieldModel> ReadAll(INamedTypeSymbol type, CancellationToken cancellation)
    {
        ImmutableArray<FieldModel>.Builder fields = ImmutableArray.CreateBuilder<FieldModel>();
        var tags = new HashSet<int>();
        foreach (IPropertySymbol property in type.GetMembers().OfType<IPropertySymbol>().Where(p => !p.IsStatic && p.SetMethod is not null))
        {
            if (ReadField(property, cancellation) is not { } field)
            {
                continue;
            }

            if (field.Tag is { } tag && !tags.Add(tag))
            {
                Report(Diagnostics.BadTag, property, $"{tag} is used twice");
            }

            fields.Add(field);
        }

        return fields.ToImmutable();
    }

    private FieldModel? ReadField(IPropertySymbol property, CancellationToken cancellation)
    {
        VersionRange versions = VersionRange.All;
        VersionRange nullableIn = VersionRange.None;
        int? tag = null;
        bool neverFlexible = false;
        foreach (AttributeData attribute in property.GetAttributes())
        {
            ImmutableArray<TypedConstant> arguments = attribute.ConstructorArguments;
            switch (attribute.AttributeClass?.Name)
            {
                case "VersionsAttribute" when !TryParse(property, arguments[0], out versions):
                case "NullableInAttribute" when !TryParse(property, arguments[0], out nullableIn):
                case "TagAttribute" when !TryReadTag(property, arguments, out tag, out versions):
                    return null;
                case "NeverFlexibleAttribute":
                    neverFlexible = true;
                    break;
                default:
                    break;
            }
        }

        if (WireType.Of(property.Type, structs) is not { } wire)
        {
            Report(Diagnostics.UnsupportedType, property, property.Type.ToDisplayString(), "");
            return null;
        }

        var field = new FieldModel(
            property.Name,
            wire.Kind,
            wire.TypeName,
            wire.IsEnum,
            wire.IsList,
            wire.IsNullable,
            versions,
            nullableIn,
            tag,
            neverFlexible,
            DefaultLiteral: ReadDefault(property, cancellation));
        return Check(property, field) ? field : null;
    }

    /// <summary>The rules that hold for one field by itself.</summary>
    private bool Check(IPropertySymbol property, FieldModel field)
    {
        bool isStruct = field is { Kind: WireKind.Struct, IsList: false };
        bool canBeNull = !field.NullableIn.IsEmpty;
        int before = diagnostics.Count;
        if (isStruct && field.Tag.HasValue && (canBeNull || !field.IsNullableType))
        {
            Report(Diagnostics.UnsupportedType, property, property.Type.ToDisplayString(),
                ": a tagged structure is nullable in C#, where null stands for its default, and never null on the wire");
        }
        else if (field is { IsNullableType: true } && !canBeNull && !(isStruct && field.Tag.HasValue))
        {
            Report(Diagnostics.NullMismatch, property, "may be null in C#, but no [NullableIn] says in which versions it may be null on the wire");
        }
        else if (canBeNull && !field.IsNullableType)
        {
            Report(Diagnostics.NullMismatch, property, "has [NullableIn], but its type has no null");
        }
        else if (canBeNull && field is { IsList: false, Kind: not (WireKind.String or WireKind.Bytes or WireKind.Struct) })
        {
            Report(Diagnostics.NullMismatch, property, "has [NullableIn], but only strings, bytes, lists and structures have a null on the wire");
        }
        else if (field is { DefaultLiteral: "", IsList: false, Kind: not WireKind.Struct })
        {
            Report(Diagnostics.DefaultNotConstant, property);
        }

        return diagnostics.Count == before;
    }

    private bool TryReadTag(IPropertySymbol property, ImmutableArray<TypedConstant> arguments, out int? tag, out VersionRange versions)
    {
        tag = arguments[0].Value as int?;
        if (!TryParse(property, arguments[1], out versions))
        {
            return false;
        }

        if (tag is null or < 0)
        {
            Report(Diagnostics.BadTag, property, "the number is negative");
            return false;
        }

        if (!flexible.Covers(versions))
        {
            Report(Diagnostics.BadTag, property, "versions that are not flexible have no tags");
            return false;
        }

        if (property.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "VersionsAttribute"))
        {
            Report(Diagnostics.BadTag, property, "[Tag] says the versions, so [Versions] must not");
            return false;
        }

        return true;
    }

    private bool TryParse(IPropertySymbol property, TypedConstant argument, out VersionRange range)
    {
        string text = argument.Value as string ?? "null";
        bool parsed = VersionRange.TryParse(text, out range);
        if (!parsed)
        {
            Report(Diagnostics.BadRange, property, text);
        }

        return parsed;
    }

    /// <summary>The initial value as written, "default" without one, "" when it is not a constant.</summary>
    private static string ReadDefault(IPropertySymbol property, CancellationToken cancellation) =>
        property.DeclaringSyntaxReferences[0].GetSyntax(cancellation) is not PropertyDeclarationSyntax { Initializer.Value: { } value } ? "default"
        : value is LiteralExpressionSyntax or PrefixUnaryExpressionSyntax or MemberAccessExpressionSyntax ? value.ToString()
        : "";

    private void Report(DiagnosticDescriptor descriptor, IPropertySymbol property, params string[] arguments) =>
        diagnostics.Add(DiagnosticInfo.Create(descriptor, property, [$"{property.ContainingType.Name}.{property.Name}", .. arguments]));
}
