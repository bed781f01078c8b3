using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Millrace.Protocol.Generator.Model;

namespace Millrace.Protocol.Generator;

/// <summary>Reads one message class, with the structures nested in it, into a model; or says what is wrong with it.</summary>
internal sealed class MessageReader
{
    private readonly List<DiagnosticInfo> _diagnostics = [];
    private readonly Dictionary<string, INamedTypeSymbol> _structSymbols = [];

    internal sealed record Result(MessageModel? Message, EquatableArray<DiagnosticInfo> Diagnostics);

    public static Result Read(GeneratorAttributeSyntaxContext attributed, CancellationToken cancellation)
    {
        var reader = new MessageReader();
        MessageModel? message = reader.ReadMessage((INamedTypeSymbol)attributed.TargetSymbol, attributed.Attributes[0], cancellation);
        return new Result(
            reader._diagnostics.Count == 0 ? message : null,
            new EquatableArray<DiagnosticInfo>([.. reader._diagnostics]));
    }

    private MessageModel? ReadMessage(INamedTypeSymbol type, AttributeData attribute, CancellationToken cancellation)
    {
        ImmutableArray<TypedConstant> arguments = attribute.ConstructorArguments;
        if (arguments.Length != 3
            || arguments[0].Value is not short key
            || arguments[1].Value is not string versionText
            || arguments[2].Value is not string flexibleText
            || !TryParse(type, versionText, out VersionRange versions)
            || !TryParse(type, flexibleText, out VersionRange flexible))
        {
            return null;
        }

        if (versions.IsEmpty || versions.Max == short.MaxValue)
        {
            Report(Diagnostics.BadRange, type, type.Name, versionText);
            return null;
        }

        foreach (INamedTypeSymbol nested in type.GetTypeMembers())
        {
            _structSymbols.Add(nested.Name, nested);
        }

        var fields = new FieldReader(_structSymbols, flexible, _diagnostics);
        StructModel body = ReadStruct(type, fields, cancellation);
        List<StructModel> structs = [.. _structSymbols.Values.Select(symbol => ReadStruct(symbol, fields, cancellation))];
        if (_diagnostics.Count > 0)
        {
            return null;
        }

        string keyText = EnumText(arguments[0].Type!, key);
        var shape = new MessageShape(versions, flexible, body, structs);
        if (shape.FindCycle() is { } cyclic)
        {
            ISymbol symbol = _structSymbols.TryGetValue(cyclic, out INamedTypeSymbol? nested) ? nested : type;
            Report(Diagnostics.Recursive, symbol, cyclic);
            return null;
        }

        MessageModel message = shape.Complete(type.ContainingNamespace.ToDisplayString(), keyText);
        ReportNeverSent(type, message);
        return message;
    }

    private StructModel ReadStruct(INamedTypeSymbol type, FieldReader fields, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        bool isPartial = type.DeclaringSyntaxReferences.All(reference =>
            reference.GetSyntax(cancellation) is ClassDeclarationSyntax syntax && syntax.Modifiers.Any(m => m.ValueText == "partial"));
        if (!isPartial)
        {
            Report(Diagnostics.NotPartial, type, type.Name);
        }

        ImmutableArray<FieldModel> models = fields.ReadAll(type, cancellation);
        return new StructModel(type.Name, new EquatableArray<FieldModel>(models), VersionRange.None, IsTaggedValue: false, MinSize: 0);
    }

    private void ReportNeverSent(INamedTypeSymbol type, MessageModel message)
    {
        foreach (StructModel structure in (IEnumerable<StructModel>)[message.Body, .. message.Structs])
        {
            INamedTypeSymbol owner = structure == message.Body ? type : _structSymbols[structure.Name];
            if (structure.Reach.IsEmpty)
            {
                Report(Diagnostics.NeverSent, owner, structure.Name, "none");
                continue;
            }

            foreach (FieldModel field in structure.Fields.Where(field => field.Versions.Intersect(structure.Reach).IsEmpty))
            {
                Report(Diagnostics.NeverSent, owner.GetMembers(field.Name)[0], field.Name, $"{field.Versions.Min}-{field.Versions.Max}");
            }
        }
    }

    private bool TryParse(ISymbol symbol, string text, out VersionRange range)
    {
        bool parsed = VersionRange.TryParse(text, out range);
        if (!parsed)
        {
            Report(Diagnostics.BadRange, symbol, symbol.Name, text);
        }

        return parsed;
    }

    private void Report(DiagnosticDescriptor descriptor, ISymbol symbol, params string[] arguments) =>
        _diagnostics.Add(DiagnosticInfo.Create(descriptor, symbol, arguments));

    private static string EnumText(ITypeSymbol type, short value)
    {
        IFieldSymbol? member = type.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(field => Equals(field.ConstantValue, value));
        string name = type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
        return member is null ? $"({name}){value}" : $"{name}.{member.Name}";
    }
}
