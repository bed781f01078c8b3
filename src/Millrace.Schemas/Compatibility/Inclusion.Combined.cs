using Millrace.Schemas.Compilation;

namespace Millrace.Schemas.Compatibility;

internal sealed partial class Inclusion
{
    private static readonly TypeSet[] SingleTypes =
        [TypeSet.Object, TypeSet.Array, TypeSet.String, TypeSet.Number | TypeSet.Integer, TypeSet.Boolean, TypeSet.Null];

    private bool IncludesCombined(Known known, SchemaNode node, CombinedRule rule)
    {
        var included = true;
        foreach (var edge in rule.AllOf.Concat(rule.Reference is { } reference ? [reference] : []))
        {
            included &= Includes(known, edge.Node);
        }

        if (rule.AnyOf.Length > 0 && !ByTypes(known, part => rule.AnyOf.Any(branch => Quietly(() => Includes(part, branch.Node)))))
        {
            included = Break(node, "anyOf", Word("alternatives-narrowed", "alternatives-widened"), "not everything fits one of the alternatives any more", "something fits one of the alternatives that did not before");
        }

        if (rule.OneOf.Length > 0 && !ByTypes(known, part => FitsExactlyOne(part, rule.OneOf)))
        {
            included = Break(node, "oneOf", Word("alternatives-narrowed", "alternatives-widened"), "not everything provably fits exactly one of the alternatives", "something may fit exactly one of the alternatives that did not before");
        }

        if (rule.Not is { } not && !AreDisjoint(known, not.Node))
        {
            included = Break(node, "not", Word("exclusion-added", "exclusion-removed"), "something may be excluded that was not before", "something may be accepted that was excluded before");
        }

        return rule.If is { } condition && (rule.Then ?? rule.Else) is not null ? included & IncludesConditional(known, node, rule, condition) : included;
    }

    private bool IncludesConditional(Known known, SchemaNode node, CombinedRule rule, Edge condition)
    {
        var isKept = ByTypes(known, part =>
        {
            var then = known.With([condition.Node], [], node).OfTypes(part.Types);
            var otherwise = known.With([], [condition.Node], node).OfTypes(part.Types);
            foreach (var one in known.Conjuncts.Select(conjunct => conjunct.Combined))
            {
                // The same condition decides on both sides, so the branches can be compared one with one.
                if (one?.If is { } other && SameSchema.Are(other.Node, condition.Node, ref _sameBudget))
                {
                    then = then.With(Nodes(one.Then), [], node);
                    otherwise = otherwise.With(Nodes(one.Else), [], node);
                }
            }

            return (rule.Then is not { } first || AreDisjoint(part, condition.Node) || Quietly(() => Includes(then, first.Node)))
                && (rule.Else is not { } second || Quietly(() => Includes(part, condition.Node)) || Quietly(() => Includes(otherwise, second.Node)));
        });
        return isKept || Break(node, "if", Word("condition-narrowed", "condition-widened"), "what follows from the condition is stricter now", "what follows from the condition is less strict now");
    }

    private bool FitsExactlyOne(Known part, Edge[] branches) =>
        branches.Any(branch => branches.All(other => other == branch || AreDisjoint(part, other.Node)) && Quietly(() => Includes(part, branch.Node)))
        || part.Conjuncts.Any(one => one.Combined?.OneOf is { } others && others.Length == branches.Length
            && others.Zip(branches).All(pair => SameSchema.Are(pair.First.Node, pair.Second.Node, ref _sameBudget)));

    /// <summary>Whether it holds for the whole, or for the values of each type.</summary>
    private static bool ByTypes(Known known, Func<Known, bool> holds) =>
        holds(known) || SingleTypes.Select(known.OfTypes).All(part => part.IsEmpty || (part.Types != known.Types && holds(part)));

    /// <summary>Whether no value that is known fits a schema. False when it cannot be told.</summary>
    private bool AreDisjoint(Known known, SchemaNode node)
    {
        if (node.Always is { } always)
        {
            return !always;
        }

        if (--_steps < 0 || _depth >= MaxDepth)
        {
            _steps = -1;
            return false;
        }

        if (ValuesOf(known) is { } values)
        {
            return values.TrueForAll(value => !JsonSchema.Fits(node, value.Raw.Span));
        }

        _depth++;
        var other = Known.Of([node]);
        var types = known.Types & other.Types;
        var disjoint = types == TypeSet.None
            || other.IsEmpty
            || (ValuesOf(other) is { } listed && listed.TrueForAll(value => known.Conjuncts.Any(one => !JsonSchema.Fits(one, value.Raw.Span))))
            || known.Excluded.Any(excluded => Strictly(() => Includes(other.OfTypes(types), excluded)))
            || (types == TypeSet.Object && HaveDisjointMember(known, other))
            || ((types & ~(TypeSet.Number | TypeSet.Integer)) == 0 && HaveDisjointRanges(known, other));
        _depth--;
        return disjoint;
    }

    private bool Strictly(Func<bool> question)
    {
        var before = _strict;
        _strict = true;
        var answer = Quietly(question);
        _strict = before;
        return answer;
    }

    /// <summary>A member that has to be there, and cannot be what both want: what tells alternatives apart in most schemas.</summary>
    private bool HaveDisjointMember(Known one, Known other)
    {
        List<Shape> shapes = Shape.Of(one), others = Shape.Of(other);
        return RequiredOf(one).Concat(RequiredOf(other)).Distinct().Any(name =>
        {
            var said = Known.Of(shapes.SelectMany(shape => shape.For(name)));
            var wanted = others.SelectMany(shape => shape.For(name)).ToList();
            return said.IsEmpty || wanted.Any(node => AreDisjoint(said, node));
        });
    }

    private static bool HaveDisjointRanges(Known one, Known other)
    {
        var below = one.Conjuncts.Select(node => node.Number).OfType<NumberRule>().ToList();
        var above = other.Conjuncts.Select(node => node.Number).OfType<NumberRule>().ToList();
        return AreApart(below, above) || AreApart(above, below);
    }

    private static bool AreApart(List<NumberRule> below, List<NumberRule> above)
    {
        foreach (var low in below)
        {
            foreach (var high in above)
            {
                if ((high.Minimum is { } from && (IsBelow(low.Maximum, from) || IsAtMost(low.ExclusiveMaximum, from)))
                    || (high.ExclusiveMinimum is { } after && (IsAtMost(low.Maximum, after) || IsAtMost(low.ExclusiveMaximum, after))))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
