using Millrace.Schemas.Compilation;

namespace Millrace.Schemas.Compatibility;

internal sealed partial class Inclusion
{
    private bool IncludesArray(Known known, SchemaNode node, ArrayRule rule)
    {
        var rules = known.Conjuncts.Select(one => one.Array).OfType<ArrayRule>().ToList();
        var included = true;
        var minItems = rules.Select(one => one.MinItems).DefaultIfEmpty().Max();
        var maxItems = rules.Select(one => one.MaxItems).DefaultIfEmpty(int.MaxValue).Min();
        if (rule.MinItems > minItems)
        {
            included = Break(node, "minItems", Word("length-narrowed", "length-widened"), $"arrays need {rule.MinItems} items now", $"arrays need no {rule.MinItems} items any more");
        }

        if (rule.MaxItems < maxItems)
        {
            included = Break(node, "maxItems", Word("length-narrowed", "length-widened"), $"arrays may have {rule.MaxItems} items at most now", $"arrays may have more than {rule.MaxItems} items now");
        }

        if (rule.Unique && !rules.Any(one => one.Unique) && maxItems > 1)
        {
            included = Break(node, "uniqueItems", Word("unique-added", "unique-removed"), "items must differ now", "items may be equal now");
        }

        included &= IncludesItems(rules, rule, maxItems);
        if (rule.Contains is { } contains)
        {
            included &= IncludesContains(rules, node, rule, contains, maxItems);
        }

        return included;
    }

    private bool IncludesItems(List<ArrayRule> rules, ArrayRule rule, int maxItems)
    {
        var included = true;

        // Each place that some prefix names, and one for all that come after.
        var places = rules.Select(one => one.Prefix.Length).Append(rule.Prefix.Length).Max();
        for (var place = 0; place <= places && place < maxItems && _steps >= 0; place++)
        {
            if (At(rule, place) is { } edge)
            {
                included &= Includes(Known.Of(Nodes(rules.Select(one => At(one, place)))), edge.Node);
            }
        }

        return included;
    }

    private static Edge? At(ArrayRule rule, int place) => place < rule.Prefix.Length ? rule.Prefix[place] : rule.Items;

    private bool IncludesContains(List<ArrayRule> rules, SchemaNode node, ArrayRule rule, Edge contains, int maxItems)
    {
        var included = true;
        if (rule.MinContains > 0 && !rules.Any(one => one.Contains is { } other && one.MinContains >= rule.MinContains && Quietly(() => Includes(Known.Of([other.Node]), contains.Node))))
        {
            included = Break(node, "contains", Word("contains-narrowed", "contains-widened"), "more items have to fit contains now", "fewer items have to fit contains now");
        }

        if (rule.MaxContains < maxItems
            && !rules.Any(one => one.Contains is { } other && one.MaxContains <= rule.MaxContains && Quietly(() => Includes(Known.Of([contains.Node]), other.Node))))
        {
            included = Break(node, "maxContains", Word("contains-narrowed", "contains-widened"), "fewer items may fit contains now", "more items may fit contains now");
        }

        return included;
    }
}
