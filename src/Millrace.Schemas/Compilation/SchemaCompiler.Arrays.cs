using Millrace.Events.Json;

namespace Millrace.Schemas.Compilation;

internal sealed partial class SchemaCompiler
{
    private void FillArray(SchemaNode node, SourceValue source)
    {
        var dialect = node.Resource.Dialect;
        var rule = new ArrayRule { ContainsEvaluates = dialect.ContainsEvaluates, Contains = EdgeOf(source, "contains") };
        if (!dialect.ItemsMayBeArray)
        {
            rule.Prefix = EdgesOf(source, "prefixItems");
            rule.Items = EdgeOf(source, "items");
        }
        else if (source["items"] is { Kind: TokenKind.Array })
        {
            rule.Prefix = EdgesOf(source, "items");
            rule.Items = EdgeOf(source, "additionalItems");
            rule.ItemsKeyword = "additionalItems";
        }
        else
        {
            rule.Items = EdgeOf(source, "items");
        }

        if (dialect.Validation)
        {
            rule.MinItems = Count(source, "minItems", absent: 0);
            rule.MaxItems = Count(source, "maxItems", absent: int.MaxValue);
            rule.Unique = source["uniqueItems"] is { Kind: TokenKind.True };
            if (!dialect.ReferenceStandsAlone)
            {
                rule.MinContains = Count(source, "minContains", absent: 1);
                rule.MaxContains = Count(source, "maxContains", absent: int.MaxValue);
            }
        }

        if (rule is not { MinItems: 0, MaxItems: int.MaxValue, Unique: false, Prefix: [], Items: null, Contains: null })
        {
            node.Array = rule;
        }
    }
}
