using Millrace.Events.Json;
using Millrace.Schemas.Formats;
using Millrace.Schemas.Instances;
using Millrace.Schemas.Patterns;

namespace Millrace.Schemas.Compilation;

internal sealed partial class SchemaCompiler
{
    private static void FillAssertions(SchemaNode node, SourceValue source)
    {
        if (source["type"] is { } type)
        {
            node.Types = TypeSet.None;
            foreach (var name in type.Kind == TokenKind.Array ? type.Items : [type])
            {
                node.Types |= TypeOf(source, String(source, "type", name));
            }

            if (node.Types.HasFlag(TypeSet.Number))
            {
                node.Types &= ~TypeSet.Integer;
            }
        }

        if (source["enum"] is { } values)
        {
            node.Enum = new EnumRule(Array(source, "enum", values).Items);
        }

        if (source["const"] is { } value)
        {
            node.Const = new EnumRule([value]);
        }

        var number = new NumberRule
        {
            Minimum = Number(source, "minimum"),
            Maximum = Number(source, "maximum"),
            ExclusiveMinimum = Number(source, "exclusiveMinimum"),
            ExclusiveMaximum = Number(source, "exclusiveMaximum"),
            MultipleOf = Number(source, "multipleOf"),
        };
        if (number.MultipleOf is { } divisor && new ExactNumber(divisor) is { IsZero: true } or { IsNegative: true })
        {
            throw SchemaDocuments.Refuse(source, "multipleOf", "it must be greater than zero");
        }

        if (number is not { Minimum: null, Maximum: null, ExclusiveMinimum: null, ExclusiveMaximum: null, MultipleOf: null })
        {
            number.FindSureRange();
            node.Number = number;
        }

        if (source["minLength"] is not null || source["maxLength"] is not null || source["pattern"] is not null)
        {
            node.String = new StringRule
            {
                MinLength = Count(source, "minLength", absent: 0),
                MaxLength = Count(source, "maxLength", absent: int.MaxValue),
                Pattern = source["pattern"] is { } pattern ? PatternOf(source, "pattern", String(source, "pattern", pattern)) : null,
            };
        }
    }

    private void FillFormat(SchemaNode node, SourceValue source)
    {
        if ((_options.AssertFormats || node.Resource.Dialect.AssertsFormats) && source["format"] is { } name
            && Format.Find(String(source, "format", name)) is { } format)
        {
            (node.String ??= new StringRule()).Format = format;
        }
    }

    private static TypeSet TypeOf(SourceValue source, string name) =>
        TypeNames.Find(name) is var type and not TypeSet.None ? type : throw SchemaDocuments.Refuse(source, "type", $"there is no type \"{name}\"");

    private static Pattern PatternOf(SourceValue source, string keyword, string text)
    {
        try
        {
            return Pattern.Parse(text);
        }
        catch (FormatException exception)
        {
            throw SchemaDocuments.Refuse(source, keyword, $"\"{text}\" is not a regular expression by ECMA-262: {exception.Message}");
        }
    }

    private static byte[]? Number(SourceValue source, string keyword) =>
        source[keyword] is not { } value ? null
        : value.Kind == TokenKind.Number ? value.Raw.ToArray()
        : throw SchemaDocuments.Refuse(source, keyword, "it must be a number");

    /// <summary>A count, which may be written as 2.0. What is larger than any document is as good as the largest.</summary>
    private static int Count(SourceValue source, string keyword, int absent)
    {
        if (source[keyword] is not { } value)
        {
            return absent;
        }

        var number = value.Kind == TokenKind.Number ? new ExactNumber(value.Raw.Span) : default;
        if (value.Kind != TokenKind.Number || !number.IsInteger || number.IsNegative)
        {
            throw SchemaDocuments.Refuse(source, keyword, "it must be a whole number, zero or more");
        }

        return ExactNumber.Compare(number, new ExactNumber("2147483647"u8)) >= 0 ? int.MaxValue : (int)double.Parse(value.Raw.Span);
    }
}
