using Millrace.Events.Json;

namespace Millrace.Schemas.Compilation;

internal sealed partial class SchemaCompiler
{
    private void FillCombined(SchemaNode node, SourceValue source)
    {
        var rule = new CombinedRule
        {
            AllOf = EdgesOf(source, "allOf"),
            AnyOf = EdgesOf(source, "anyOf"),
            OneOf = EdgesOf(source, "oneOf"),
            Not = EdgeOf(source, "not"),
            If = EdgeOf(source, "if"),
            Then = EdgeOf(source, "then"),
            Else = EdgeOf(source, "else"),
        };
        if (rule is not { AllOf: [], AnyOf: [], OneOf: [], Not: null, If: null })
        {
            node.Combined = rule;
        }
    }

    private void FillReferences(SchemaNode node, SourceValue source)
    {
        if (source["$ref"] is { } reference)
        {
            var target = _documents.Resolve(source, "$ref", String(source, "$ref", reference));
            (node.Combined ??= new CombinedRule()).Reference = new Edge(NodeOf(target), "/$ref");
        }

        var dynamicReferences = node.Resource.Dialect.DynamicReferences;
        if (dynamicReferences && source["$dynamicRef"] is { } dynamic)
        {
            var text = String(source, "$dynamicRef", dynamic);
            var fragment = text.Contains('#') ? Uri.UnescapeDataString(text[(text.IndexOf('#') + 1)..]) : "";
            FillDynamic(node, source, "$dynamicRef", text, fragment);
        }
        else if (!dynamicReferences && !node.Resource.Dialect.ReferenceStandsAlone && source["$recursiveRef"] is { } recursive)
        {
            FillDynamic(node, source, "$recursiveRef", String(source, "$recursiveRef", recursive), anchor: "");
        }
    }

    private void FillDynamic(SchemaNode node, SourceValue source, string keyword, string reference, string anchor)
    {
        var target = _documents.Resolve(source, keyword, reference);
        var edge = new Edge(NodeOf(target), "/" + keyword);
        var rule = node.Combined ??= new CombinedRule();

        // Only a target that is itself a dynamic anchor of that name can be replaced by an outer one; any other reference is an ordinary one.
        if (target.Kind == TokenKind.Object && target.Resource.DynamicAnchors.TryGetValue(anchor, out var anchored) && anchored == target)
        {
            _dynamicAnchors.Add(anchor);
            rule.Dynamic = new DynamicRule(anchor, edge);
        }
        else if (rule.Reference is null)
        {
            rule.Reference = edge;
        }
        else
        {
            rule.AllOf = [.. rule.AllOf, edge];
        }
    }
}
