using System.Text;
using Millrace.Events.Json;
using Millrace.Schemas.Compilation;
using Millrace.Schemas.Instances;

namespace Millrace.Schemas.Compatibility;

internal sealed partial class Inclusion
{
    private bool IncludesAssertions(Known known, SchemaNode node)
    {
        var included = true;
        var missing = known.Types & ~Known.Widen(node.Types);
        if (missing != TypeSet.None)
        {
            included = Break(node, "type", Word("type-narrowed", "type-widened"), $"{Names(missing)} is no longer accepted", $"{Names(missing)} is accepted now and was not before");
        }

        foreach (var (rule, keyword) in new[] { (node.Enum, "enum"), (node.Const, "const") })
        {
            if (rule is not null && !IncludesFew(known, rule))
            {
                included = Break(node, keyword, Word("enum-narrowed", "enum-widened"), "only listed values are accepted now", "more than the listed values is accepted now");
            }
        }

        if (node.Number is { } number && (known.Types & (TypeSet.Number | TypeSet.Integer)) != 0)
        {
            included &= IncludesNumbers(known, node, number);
        }

        if (node.String is { } text && (known.Types & TypeSet.String) != 0)
        {
            included &= IncludesStrings(known, node, text);
        }

        return included;
    }

    /// <summary>Null and booleans are few enough to be listed.</summary>
    private static bool IncludesFew(Known known, EnumRule rule)
    {
        if ((known.Types & ~(TypeSet.Null | TypeSet.Boolean)) != 0)
        {
            return false;
        }

        return (!known.Types.HasFlag(TypeSet.Null) || rule.Values.Any(value => value.Kind == TokenKind.Null))
            && ((known.Types & TypeSet.Boolean) == 0 || (rule.Values.Any(value => value.Kind == TokenKind.True) && rule.Values.Any(value => value.Kind == TokenKind.False)));
    }

    private bool IncludesNumbers(Known known, SchemaNode node, NumberRule rule)
    {
        var rules = known.Conjuncts.Select(one => one.Number).OfType<NumberRule>().ToList();
        var included = true;

        // A bound follows from one that is as tight: a closed one from any bound beyond it, an open one from an open one at the same place too.
        included &= rule.Minimum is not { } minimum
            || rules.Any(one => IsAtLeast(one.Minimum, minimum) || IsAtLeast(one.ExclusiveMinimum, minimum))
            || BreakRange(node, "minimum", minimum);
        included &= rule.ExclusiveMinimum is not { } above
            || rules.Any(one => IsAbove(one.Minimum, above) || IsAtLeast(one.ExclusiveMinimum, above))
            || BreakRange(node, "exclusiveMinimum", above);
        included &= rule.Maximum is not { } maximum
            || rules.Any(one => IsAtMost(one.Maximum, maximum) || IsAtMost(one.ExclusiveMaximum, maximum))
            || BreakRange(node, "maximum", maximum);
        included &= rule.ExclusiveMaximum is not { } below
            || rules.Any(one => IsBelow(one.Maximum, below) || IsAtMost(one.ExclusiveMaximum, below))
            || BreakRange(node, "exclusiveMaximum", below);
        included &= rule.MultipleOf is not { } divisor
            || rules.Any(one => one.MultipleOf is { } factor && new ExactNumber(factor).IsMultipleOf(new ExactNumber(divisor)))
            || (!known.Types.HasFlag(TypeSet.Number) && new ExactNumber("1"u8).IsMultipleOf(new ExactNumber(divisor)))
            || BreakRange(node, "multipleOf", divisor);
        return included;
    }

    private bool BreakRange(SchemaNode node, string keyword, byte[] bound)
    {
        var text = Encoding.UTF8.GetString(bound);
        return Break(node, keyword, Word("range-narrowed", "range-widened"), $"{keyword} {text} is asked for now", $"{keyword} {text} is not asked for any more");
    }

    private static bool IsAtLeast(byte[]? bound, byte[] than) => bound is not null && ExactNumber.Compare(new ExactNumber(bound), new ExactNumber(than)) >= 0;

    private static bool IsAbove(byte[]? bound, byte[] than) => bound is not null && ExactNumber.Compare(new ExactNumber(bound), new ExactNumber(than)) > 0;

    private static bool IsAtMost(byte[]? bound, byte[] than) => bound is not null && ExactNumber.Compare(new ExactNumber(bound), new ExactNumber(than)) <= 0;

    private static bool IsBelow(byte[]? bound, byte[] than) => bound is not null && ExactNumber.Compare(new ExactNumber(bound), new ExactNumber(than)) < 0;

    private bool IncludesStrings(Known known, SchemaNode node, StringRule rule)
    {
        var rules = known.Conjuncts.Select(one => one.String).OfType<StringRule>().ToList();
        var included = true;
        if (rule.MinLength > rules.Select(one => one.MinLength).DefaultIfEmpty().Max())
        {
            included = Break(node, "minLength", Word("length-narrowed", "length-widened"), $"strings need {rule.MinLength} characters now", $"strings need no {rule.MinLength} characters any more");
        }

        if (rule.MaxLength < rules.Select(one => one.MaxLength).DefaultIfEmpty(int.MaxValue).Min())
        {
            included = Break(node, "maxLength", Word("length-narrowed", "length-widened"), $"strings may have {rule.MaxLength} characters at most now", $"strings may have more than {rule.MaxLength} characters now");
        }

        if (rule.Pattern is { } pattern && !rules.Any(one => one.Pattern?.Text == pattern.Text))
        {
            included = rules.Any(one => one.Pattern is not null)
                ? Undecidable(node, "pattern", "two patterns are compared only by their text")
                : Break(node, "pattern", Word("pattern-added", "pattern-removed"), $"strings must match {pattern.Text} now", $"strings need not match {pattern.Text} any more");
        }

        if (rule.Format is { } format && !rules.Any(one => one.Format == format))
        {
            included = Break(node, "format", Word("format-added", "format-removed"), $"strings must be {format.Description} now", $"strings need not be {format.Description} any more");
        }

        return included;
    }

    private static string Names(TypeSet types) => string.Join(" and ", TypeNames.Of(types));
}
