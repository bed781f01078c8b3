using Millrace.Schemas.Compilation;
using Millrace.Schemas.Patterns;

namespace Millrace.Schemas.Compatibility;

internal sealed partial class Inclusion
{
    private bool IncludesObject(Known known, SchemaNode node)
    {
        var included = true;
        var shapes = Shape.Of(known);
        if (node.Object is { } rule)
        {
            var required = RequiredOf(known);
            included &= IncludesCounts(known, node, rule, required);
            included &= IncludesRequired(node, rule, required);
            included &= IncludesProperties(known, shapes, node, rule);
            included &= IncludesPatterns(shapes, rule);
            included &= IncludesDependencies(known, shapes, node, rule, required);
            if (rule.Additional is { } additional)
            {
                var mentioned = new Shape();
                mentioned.AddMentioned(node, rule, says: false);
                included &= IncludesRest(shapes, mentioned, node, additional, "additionalProperties");
            }

            if (rule.PropertyNames is { } names)
            {
                included &= IncludesNames(known, shapes, node, names);
            }
        }

        if (node.UnevaluatedProperties is { Node.Always: not true } unevaluated)
        {
            included &= Shape.Mentioned(node, @static: true) is { } evaluated
                ? IncludesRest(shapes, evaluated, node, unevaluated, "unevaluatedProperties")
                : Undecidable(node, "unevaluatedProperties", "what is evaluated depends on the instance, or on a schema that leaves nothing over");
        }

        return included;
    }

    private static HashSet<string> RequiredOf(Known known) =>
        known.Conjuncts.SelectMany(one => one.Object?.Required ?? []).ToHashSet(StringComparer.Ordinal);

    private bool IncludesCounts(Known known, SchemaNode node, ObjectRule rule, HashSet<string> required)
    {
        var included = true;
        var rules = known.Conjuncts.Select(one => one.Object).OfType<ObjectRule>().ToList();
        if (rule.MinProperties > Math.Max(required.Count, rules.Select(one => one.MinProperties).DefaultIfEmpty().Max()))
        {
            included = Break(node, "minProperties", Word("length-narrowed", "length-widened"), $"objects need {rule.MinProperties} members now", $"objects need no {rule.MinProperties} members any more");
        }

        if (rule.MaxProperties < rules.Select(one => one.MaxProperties).DefaultIfEmpty(int.MaxValue).Min())
        {
            included = Break(node, "maxProperties", Word("length-narrowed", "length-widened"), $"objects may have {rule.MaxProperties} members at most now", $"objects may have more than {rule.MaxProperties} members now");
        }

        return included;
    }

    private bool IncludesRequired(SchemaNode node, ObjectRule rule, HashSet<string> required)
    {
        var included = true;
        foreach (var name in rule.Required.Where(name => !required.Contains(name)))
        {
            included = Break(node, "required", Word("required-added", "required-removed"), $"\"{name}\" has to be there now", $"\"{name}\" need not be there any more");
        }

        return included;
    }

    private bool IncludesProperties(Known known, List<Shape> shapes, SchemaNode node, ObjectRule rule)
    {
        var included = true;
        foreach (var (name, _) in node.Source["properties"]?.Members ?? [])
        {
            var property = rule.About(name).Property!.Node;
            var said = shapes.SelectMany(shape => shape.For(name)).ToList();
            if (said.Count > 0 || Quietly(() => Includes(Known.Of([]), property)))
            {
                included &= Includes(Known.Of(said), property);
                continue;
            }

            // The writing schema lets it be anything. When it does not know the name at all, that is what users expect to be allowed; whether it has to be
            // there is told apart.
            var breaks = _strict || Shape.IsDescribed(known.Conjuncts, name);
            Note(
                property,
                "",
                Word("property-added", "property-removed"),
                isBackward ? $"\"{name}\" was not described before, and may have held anything" : $"\"{name}\" is not described any more, and may hold anything",
                breaks);
            included &= !breaks;
        }

        return included;
    }

    /// <summary>Every name that may match a pattern has to fit its schema.</summary>
    private bool IncludesPatterns(List<Shape> shapes, ObjectRule rule)
    {
        var included = true;
        foreach (var (pattern, edge) in rule.Patterns)
        {
            foreach (var name in shapes.SelectMany(shape => shape.Names.Keys).Distinct().Where(name => Shape.IsMatch(pattern, name) != PatternAnswer.No))
            {
                included &= Includes(Known.Of(shapes.SelectMany(shape => shape.For(name))), edge.Node);
            }

            // Of names that nobody mentions: they fit the very same pattern of the writing schema, or are whatever one of its shapes leaves.
            included &= shapes.Any(shape => shape.Patterns.Any(other => other.Pattern.Text == pattern.Text && other.Node is not null && Quietly(() => Includes(Known.Of([other.Node]), edge.Node))))
                || shapes.Any(shape => Alternatives(shape, except: []).All(said => Quietly(() => Includes(Known.Of(said), edge.Node))))
                || Quietly(() => Includes(Known.Of([]), edge.Node))
                || Break(edge.Node, "", Word("pattern-narrowed", "pattern-widened"), $"members that match {pattern.Text} have to fit this now", $"members that match {pattern.Text} need not fit this any more");
        }

        return included;
    }

    /// <summary>What may be said about a name that a shape does not mention: by one of its patterns, or by what it says of the rest.</summary>
    private static IEnumerable<SchemaNode[]> Alternatives(Shape shape, IReadOnlyCollection<string> except) =>
        shape.Patterns.Where(pattern => !except.Contains(pattern.Pattern.Text)).Select(pattern => pattern.Node)
            .Append(shape.Rest)
            .Select(node => node is null ? Array.Empty<SchemaNode>() : [node]);

    /// <summary>Members that the reading schema does not mention.</summary>
    private bool IncludesRest(List<Shape> shapes, Shape mentioned, SchemaNode node, Edge rest, string keyword)
    {
        var included = true;
        foreach (var name in shapes.SelectMany(shape => shape.Names.Keys).Distinct())
        {
            if (mentioned.Names.ContainsKey(name) || mentioned.Patterns.Any(pattern => Shape.IsMatch(pattern.Pattern, name) == PatternAnswer.Yes))
            {
                continue;
            }

            if (!Quietly(() => Includes(Known.Of(shapes.SelectMany(shape => shape.For(name))), rest.Node)))
            {
                included = Break(node, keyword, Word("property-forbidden", "property-allowed"), $"\"{name}\" is not described any more, and the object is closed", $"\"{name}\" is described now, and was not allowed before");
            }
        }

        var covered = mentioned.Patterns.Select(pattern => pattern.Pattern.Text).ToHashSet(StringComparer.Ordinal);
        return included & (shapes.Any(shape => Alternatives(shape, covered).All(said => Quietly(() => Includes(Known.Of(said), rest.Node))))
            || Quietly(() => Includes(Known.Of([]), rest.Node))
            || Break(node, keyword, Word("object-closed", "object-opened"), "members that are not described are restricted now", "members that are not described are less restricted now"));
    }

    private bool IncludesDependencies(Known known, List<Shape> shapes, SchemaNode node, ObjectRule rule, HashSet<string> required)
    {
        var included = true;
        foreach (var dependency in rule.Dependencies)
        {
            // A name that is never there has nothing that follows from it.
            if (Known.Of(shapes.SelectMany(shape => shape.For(dependency.Name))).IsEmpty)
            {
                continue;
            }

            var others = known.Conjuncts.SelectMany(one => one.Object?.Dependencies ?? []).Where(other => other.Name == dependency.Name).ToList();
            var present = others.SelectMany(other => other.Required.Select(name => name.Name)).Concat(required).Append(dependency.Name).ToHashSet(StringComparer.Ordinal);
            var isKept = dependency.Required.All(name => present.Contains(name.Name))
                && (dependency.Schema is not { } schema
                    || Quietly(() => Includes(Known.Of([.. known.Conjuncts, .. Nodes(others.Select(other => other.Schema))]).OfTypes(TypeSet.Object), schema.Node)));
            included &= isKept || Break(
                node,
                dependency.Keyword,
                Word("dependency-added", "dependency-removed"),
                $"more follows from the presence of \"{dependency.Name}\" now",
                $"less follows from the presence of \"{dependency.Name}\" now");
        }

        return included;
    }

    private bool IncludesNames(Known known, List<Shape> shapes, SchemaNode node, Edge names)
    {
        var isKept = known.Conjuncts.Any(one => one.Object?.PropertyNames is { } other && Quietly(() => Includes(Known.Of([other.Node]).OfTypes(TypeSet.String), names.Node)))
            || shapes.Any(shape => shape is { Patterns.Count: 0, Rest.Always: false } && shape.Names.Keys.All(name => JsonSchema.Fits(names.Node, Quoted(name))))
            || Quietly(() => Includes(Known.Of([]).OfTypes(TypeSet.String), names.Node));
        return isKept || Break(node, "propertyNames", Word("names-narrowed", "names-widened"), "names are restricted more now", "names are restricted less now");
    }

    private static byte[] Quoted(string name) => System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(name, SourceJson.Default.String);
}
