namespace Millrace.Schemas.Compilation;

/// <summary>
/// Refuses schemas that refer to themselves without looking further into the instance, which would never end, and chains of such references that are
/// longer than any stack should hold. A dynamic reference counts with the target that it names; where another one takes its place, the depth limit
/// of the evaluation is what ends it.
/// </summary>
internal static class ReferenceChains
{
    public static void Check(IEnumerable<SchemaNode> nodes)
    {
        // The longest chain below each node that is done; zero while it is on the way.
        var heights = new Dictionary<SchemaNode, int>();
        var path = new Stack<(SchemaNode Node, IEnumerator<SchemaNode> Next)>();
        foreach (var start in nodes)
        {
            if (heights.ContainsKey(start))
            {
                continue;
            }

            Enter(start);
            while (path.TryPeek(out var at))
            {
                if (!at.Next.MoveNext())
                {
                    path.Pop();
                    heights[at.Node] = 1 + SameValue(at.Node).Select(next => heights[next]).DefaultIfEmpty().Max();
                    if (heights[at.Node] > SchemaLimits.MaxChain)
                    {
                        throw SchemaDocuments.Refuse(at.Node.Source, "", $"more than {SchemaLimits.MaxChain} schemas refer on to each other from here for one value");
                    }
                }
                else if (!heights.TryGetValue(at.Next.Current, out var height))
                {
                    Enter(at.Next.Current);
                }
                else if (height == 0)
                {
                    throw SchemaDocuments.Refuse(at.Next.Current.Source, "", "it refers to itself without looking further into the instance, which would never end");
                }
            }
        }

        void Enter(SchemaNode node)
        {
            heights.Add(node, 0);
            path.Push((node, SameValue(node).GetEnumerator()));
        }
    }

    private static IEnumerable<SchemaNode> SameValue(SchemaNode node) => node.InPlace().Select(edge => edge.Node);
}
