using Millrace.Events.Json;

namespace Millrace.Schemas.Compilation;

internal sealed partial class SchemaCompiler
{
    private void FillObject(SchemaNode node, SourceValue source)
    {
        var dialect = node.Resource.Dialect;
        var names = new List<string>();
        var rules = new List<NameRule>();
        var indexes = new Dictionary<string, int>(StringComparer.Ordinal);
        var watched = 0;
        var rule = new ObjectRule
        {
            Additional = EdgeOf(source, "additionalProperties"),
            PropertyNames = EdgeOf(source, "propertyNames"),
            Patterns = source["patternProperties"] is { } patterns
                ? [.. Object(source, "patternProperties", patterns).Members.Select(member => new PatternRule(
                    PatternOf(source, "patternProperties", member.Key),
                    new Edge(NodeOf(Schema(source, "patternProperties", member.Value)), $"/patternProperties/{SourceValue.Escape(member.Key)}")))]
                : [],
        };

        if (source["properties"] is { } properties)
        {
            foreach (var (name, schema) in Object(source, "properties", properties).Members)
            {
                rules.Add(new NameRule { Watch = -1, Property = new Edge(NodeOf(Schema(source, "properties", schema)), $"/properties/{SourceValue.Escape(name)}") });
                indexes.Add(name, names.Count);
                names.Add(name);
            }
        }

        if (dialect.Validation)
        {
            rule.MinProperties = Count(source, "minProperties", absent: 0);
            rule.MaxProperties = Count(source, "maxProperties", absent: int.MaxValue);
            if (source["required"] is { } required)
            {
                rule.Required = [.. Strings(source, "required", required)];
                var bits = rule.Required.Select(Watch).ToList();
                rule.RequiredBits = new ulong[(watched + 63) / 64];
                bits.ForEach(bit => rule.RequiredBits[bit / 64] |= 1UL << (bit % 64));
            }
        }

        rule.Dependencies = [.. Dependencies(source, dialect, Watch)];
        rule.Names = new NameTable(names);
        rule.Rules = [.. rules];
        rule.Watched = watched;
        if (rule.LooksAtMembers || rule.MinProperties > 0 || rule.MaxProperties < int.MaxValue)
        {
            node.Object = rule;
        }

        // Gives the name a bit to be remembered by, once.
        int Watch(string name)
        {
            if (!indexes.TryGetValue(name, out var index))
            {
                index = names.Count;
                indexes.Add(name, index);
                names.Add(name);
                rules.Add(new NameRule { Watch = -1 });
            }

            var at = rules[index];
            if (at.Watch < 0)
            {
                at.Watch = watched++;
                rules[index] = at;
            }

            return at.Watch;
        }
    }

    private IEnumerable<DependencyRule> Dependencies(SourceValue source, Dialect dialect, Func<string, int> watch)
    {
        foreach (var keyword in new[] { "dependencies", "dependentRequired", "dependentSchemas" })
        {
            if (source[keyword] is not { } dependencies || (dialect.ReferenceStandsAlone && keyword != "dependencies") || (!dialect.Validation && keyword == "dependentRequired"))
            {
                continue;
            }

            foreach (var (name, value) in Object(source, keyword, dependencies).Members)
            {
                if (value.Kind == TokenKind.Array && keyword != "dependentSchemas")
                {
                    yield return new DependencyRule(keyword, name, watch(name), [.. Strings(source, keyword, value).Select(required => (required, watch(required)))], Schema: null);
                }
                else
                {
                    yield return new DependencyRule(keyword, name, watch(name), [], new Edge(NodeOf(Schema(source, keyword, value)), $"/{keyword}/{SourceValue.Escape(name)}"));
                }
            }
        }
    }

    private static IEnumerable<string> Strings(SourceValue source, string keyword, SourceValue value) =>
        Array(source, keyword, value).Items.Select(item => String(source, keyword, item));
}
