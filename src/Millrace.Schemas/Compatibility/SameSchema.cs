using Millrace.Schemas.Compilation;
using Millrace.Schemas.Instances;

namespace Millrace.Schemas.Compatibility;

/// <summary>Whether two schemas say the same in the same words, references followed.</summary>
internal static class SameSchema
{
    /// <summary>Keywords that assert nothing by themselves.</summary>
    private static readonly HashSet<string> Silent =
    [
        "$id", "$schema", "$comment", "$anchor", "$defs", "definitions", "title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly",
        "contentEncoding", "contentMediaType", "contentSchema", "$vocabulary", "format",
    ];

    /// <param name="budget">Pairs that may still be looked at; when it is used up, they count as different.</param>
    public static bool Are(SchemaNode one, SchemaNode other, ref int budget)
    {
        var seen = new HashSet<(SchemaNode, SchemaNode)>();
        var open = new Stack<(SchemaNode One, SchemaNode Other)>([(one, other)]);
        while (open.TryPop(out var pair))
        {
            if (ReferenceEquals(pair.One, pair.Other) || !seen.Add(pair))
            {
                continue;
            }

            if (--budget < 0 || !SayTheSame(pair.One, pair.Other))
            {
                return false;
            }

            var edges = EdgesOf(pair.One).ToDictionary(edge => edge.Path, edge => edge.Node, StringComparer.Ordinal);
            var others = EdgesOf(pair.Other).ToList();
            if (edges.Count != others.Count || others.Any(edge => !edges.ContainsKey(edge.Path)))
            {
                return false;
            }

            others.ForEach(edge => open.Push((edges[edge.Path], edge.Node)));
        }

        return true;
    }

    private static bool SayTheSame(SchemaNode one, SchemaNode other)
    {
        // Where a dynamic reference leads depends on more than the two.
        if (one.Always != other.Always || one.String?.Format != other.String?.Format || one.Resource.Dialect != other.Resource.Dialect
            || one.Combined?.Dynamic is not null || other.Combined?.Dynamic is not null)
        {
            return false;
        }

        var words = Words(one);
        var others = Words(other);
        return words.Count == others.Count && words.All(word => others.TryGetValue(word.Key, out var value) && AreEqual(word.Value, value));
    }

    /// <summary>The keywords without those whose values are schemas, which are compared as schemas.</summary>
    private static Dictionary<string, SourceValue> Words(SchemaNode node) =>
        node.Source.Members
            .Where(member => !Silent.Contains(member.Key) && member.Key != "$ref" && (member.Key == "dependencies" || !SchemaDocuments.HoldsSchemas(member.Key)))
            .ToDictionary(member => member.Key, member => member.Value, StringComparer.Ordinal);

    private static bool AreEqual(SourceValue one, SourceValue other)
    {
        var work = (long)one.Raw.Length + other.Raw.Length + 16;
        work *= work;
        return JsonEquality.AreEqual(new JsonConstant(one.Raw.Span).View, 0, new JsonConstant(other.Raw.Span).View, 0, ref work);
    }

    private static IEnumerable<Edge> EdgesOf(SchemaNode node)
    {
        var rule = node.Combined;
        var single = new[]
        {
            rule?.Reference, rule?.Not, rule?.If, rule?.Then, rule?.Else, node.Array?.Items, node.Array?.Contains, node.Object?.Additional, node.Object?.PropertyNames,
            node.UnevaluatedItems, node.UnevaluatedProperties,
        };
        return single.OfType<Edge>()
            .Concat(rule?.AllOf ?? []).Concat(rule?.AnyOf ?? []).Concat(rule?.OneOf ?? [])
            .Concat(node.Array?.Prefix ?? [])
            .Concat((node.Object?.Rules ?? []).Select(about => about.Property).OfType<Edge>())
            .Concat((node.Object?.Patterns ?? []).Select(pattern => pattern.Edge))
            .Concat((node.Object?.Dependencies ?? []).Select(dependency => dependency.Schema).OfType<Edge>());
    }
}
