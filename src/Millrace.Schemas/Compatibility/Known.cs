using Millrace.Schemas.Compilation;

namespace Millrace.Schemas.Compatibility;

/// <summary>What is known of the values at one place: they fit all of some schemas and none of others, and are of certain types.</summary>
internal sealed class Known
{
    private Known(IReadOnlyList<SchemaNode> conjuncts, IReadOnlyList<SchemaNode> excluded, IReadOnlyList<SchemaNode> expanded, TypeSet types, bool isEmpty)
    {
        Conjuncts = conjuncts;
        Excluded = excluded;
        Expanded = expanded;
        Types = types;
        IsEmpty = isEmpty || types == TypeSet.None;
    }

    /// <summary>References and <c>allOf</c> are followed, so each of these counts by its own keywords.</summary>
    public IReadOnlyList<SchemaNode> Conjuncts { get; }

    public IReadOnlyList<SchemaNode> Excluded { get; }

    /// <summary>Those of the conjuncts whose alternatives have been taken apart already.</summary>
    public IReadOnlyList<SchemaNode> Expanded { get; }

    /// <summary>With <see cref="TypeSet.Integer"/> beside <see cref="TypeSet.Number"/> when any number is allowed.</summary>
    public TypeSet Types { get; }

    /// <summary>Whether there is no such value.</summary>
    public bool IsEmpty { get; }

    public static Known Of(IEnumerable<SchemaNode> nodes) => Build(nodes, [], [], Widen(TypeSet.Any));

    /// <summary>The types with both words for numbers.</summary>
    public static TypeSet Widen(TypeSet types) => types.HasFlag(TypeSet.Number) ? types | TypeSet.Integer : types;

    public Known With(IEnumerable<SchemaNode> more, IEnumerable<SchemaNode> excluded, SchemaNode expanded) =>
        Build([.. Conjuncts, .. more], [.. Excluded, .. excluded], [.. Expanded, expanded], Types);

    public Known OfTypes(TypeSet types) => new(Conjuncts, Excluded, Expanded, Types & types, IsEmpty);

    private static Known Build(IEnumerable<SchemaNode> nodes, IReadOnlyList<SchemaNode> excluded, IReadOnlyList<SchemaNode> expanded, TypeSet types)
    {
        var conjuncts = new List<SchemaNode>();
        var seen = new HashSet<SchemaNode>();
        var not = new List<SchemaNode>(excluded);
        var open = new Stack<SchemaNode>(nodes.Reverse());
        var isEmpty = false;
        while (open.TryPop(out var node))
        {
            if (node.Always == true || !seen.Add(node))
            {
                continue;
            }

            isEmpty |= node.Always == false;
            conjuncts.Add(node);
            types &= Widen(node.Types);
            if (node.Combined is not { } rule)
            {
                continue;
            }

            foreach (var edge in rule.AllOf)
            {
                open.Push(edge.Node);
            }

            if (rule.Reference is { } reference)
            {
                open.Push(reference.Node);
            }

            if (rule.Not is { } excludes)
            {
                not.Add(excludes.Node);
            }
        }

        return new Known(conjuncts, [.. not.Distinct()], expanded, types, isEmpty);
    }
}
