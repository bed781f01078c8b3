using Millrace.Schemas.Compilation;
using Millrace.Schemas.Instances;
using Millrace.Schemas.Patterns;

namespace Millrace.Schemas.Compatibility;

/// <summary>What one schema says about the members of an object. A null schema says nothing, but the name is one that is mentioned.</summary>
internal sealed class Shape
{
    public Dictionary<string, SchemaNode?> Names { get; } = new(StringComparer.Ordinal);

    public List<(Pattern Pattern, SchemaNode? Node)> Patterns { get; } = [];

    /// <summary>For all other names; null when they may be anything.</summary>
    public SchemaNode? Rest { get; private set; }

    /// <summary>What the known schemas say, each for itself.</summary>
    public static List<Shape> Of(Known known)
    {
        var shapes = new List<Shape>();
        foreach (var node in known.Conjuncts)
        {
            if (node.Object is { } rule)
            {
                var shape = new Shape { Rest = rule.Additional?.Node };
                shape.AddMentioned(node, rule, says: true);
                shapes.Add(shape);
            }

            if (node.UnevaluatedProperties is { } unevaluated && Mentioned(node, @static: false) is { } mentioned)
            {
                mentioned.Rest = unevaluated.Node;
                shapes.Add(mentioned);
            }
        }

        return shapes;
    }

    /// <summary>
    /// The names that a schema evaluates, whatever else; null when that cannot be told.
    /// </summary>
    /// <param name="static">Only those that are evaluated in every case; else also those of branches.</param>
    public static Shape? Mentioned(SchemaNode root, bool @static)
    {
        var shape = new Shape();
        var open = new Stack<SchemaNode>([root]);
        var seen = new HashSet<SchemaNode>();
        while (open.TryPop(out var node))
        {
            if (!seen.Add(node))
            {
                continue;
            }

            if ((node.UnevaluatedProperties is not null && node != root) || node.Object?.Additional is not null || node.Combined?.Dynamic is not null)
            {
                return null;
            }

            if (node.Object is { } rule)
            {
                shape.AddMentioned(node, rule, says: false);
                foreach (var dependency in rule.Dependencies.Where(dependency => dependency.Schema is not null))
                {
                    if (@static)
                    {
                        return null;
                    }

                    open.Push(dependency.Schema!.Node);
                }
            }

            if (node.Combined is not { } combined)
            {
                continue;
            }

            var branches = new[] { combined.If, combined.Then, combined.Else }.OfType<Edge>().Concat(combined.AnyOf).Concat(combined.OneOf).ToList();
            if (@static && branches.Count > 0)
            {
                return null;
            }

            foreach (var edge in branches.Concat(combined.AllOf).Concat(combined.Reference is { } reference ? [reference] : []))
            {
                open.Push(edge.Node);
            }
        }

        return shape;
    }

    /// <summary>Whether a name is described anywhere for the same object, be it in one alternative only.</summary>
    public static bool IsDescribed(IEnumerable<SchemaNode> roots, string name)
    {
        var open = new Stack<SchemaNode>(roots);
        var seen = new HashSet<SchemaNode>();
        while (open.TryPop(out var node))
        {
            if (!seen.Add(node))
            {
                continue;
            }

            if (node.Source["properties"]?[name] is not null || (node.Object?.Patterns ?? []).Any(pattern => IsMatch(pattern.Pattern, name) != PatternAnswer.No))
            {
                return true;
            }

            foreach (var edge in node.InPlace())
            {
                open.Push(edge.Node);
            }
        }

        return false;
    }

    /// <summary>Takes up the names and patterns that a schema describes.</summary>
    /// <param name="says">Whether what it says of them is taken up too.</param>
    public void AddMentioned(SchemaNode node, ObjectRule rule, bool says)
    {
        foreach (var (name, _) in node.Source["properties"]?.Members ?? [])
        {
            Names[name] = says ? rule.About(name).Property!.Node : null;
        }

        Patterns.AddRange(rule.Patterns.Select(pattern => (pattern.Pattern, says ? pattern.Edge.Node : null)));
    }

    /// <summary>What is said about one name; nothing where a pattern does not answer in time.</summary>
    public IEnumerable<SchemaNode> For(string name)
    {
        var mentioned = false;
        if (Names.TryGetValue(name, out var node))
        {
            mentioned = true;
            if (node is not null)
            {
                yield return node;
            }
        }

        foreach (var (pattern, said) in Patterns)
        {
            var answer = IsMatch(pattern, name);
            mentioned |= answer != PatternAnswer.No;
            if (answer == PatternAnswer.Yes && said is not null)
            {
                yield return said;
            }
        }

        if (!mentioned && Rest is not null)
        {
            yield return Rest;
        }
    }

    public static PatternAnswer IsMatch(Pattern pattern, string name) => pattern.IsMatch(System.Text.Encoding.UTF8.GetBytes(name), new Scratch());
}
