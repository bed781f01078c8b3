using Millrace.Events.Json;
using Millrace.Schemas.Compilation;
using Millrace.Schemas.Instances;

namespace Millrace.Schemas.Compatibility;

/// <summary>
/// Proves that whatever one schema (what is written) accepts, another one (who reads) accepts too, and notes each place where the proof fails.
/// </summary>
/// <remarks>
/// Why it is right: each keyword of the reading schema must follow from what is <see cref="Known"/> of the value; keywords of the writing schema that are
/// not understood are left out, which only makes more values possible. A pair of places that is met again within itself is taken as proven: a value
/// that is a counterexample there would hold a smaller one. Where no proof is found, it breaks.
/// </remarks>
internal sealed partial class Inclusion(JsonSchema writing, JsonSchema reading, bool strict, bool isBackward)
{
    /// <summary>Pairs of places that are looked at before it is given up as undecidable: alternatives of both sides multiply.</summary>
    private const int MaxSteps = 20_000;

    /// <summary>Pairs within pairs, each some frames of the stack.</summary>
    private const int MaxDepth = 150;

    private readonly List<SchemaDifference> _differences = [];
    private readonly HashSet<string> _onTheWay = new(StringComparer.Ordinal);
    private readonly Dictionary<SchemaNode, int> _numbers = [];
    private bool _strict = strict;
    private int _steps = MaxSteps;
    private int _sameBudget = MaxSteps;
    private int _depth;
    private int _silent;

    public IReadOnlyList<SchemaDifference> Check()
    {
        if (writing.Source.Span.SequenceEqual(reading.Source.Span))
        {
            return [];
        }

        if (writing.HasDynamicReferences || reading.HasDynamicReferences)
        {
            Undecidable(reading.Root, "$dynamicRef", "dynamic references are not compared");
            return _differences;
        }

        var included = Includes(Known.Of([writing.Root]), reading.Root);
        if (_steps < 0)
        {
            _differences.Clear();
            Undecidable(reading.Root, "", $"the comparison takes more than {MaxSteps} steps");
        }
        else if (!included && !_differences.Any(difference => difference.BreaksBackward || difference.BreaksForward))
        {
            Undecidable(reading.Root, "", "no proof was found");
        }

        return _differences;
    }

    private bool Includes(Known known, SchemaNode node)
    {
        if (node.Always == true || known.IsEmpty)
        {
            return true;
        }

        if (--_steps < 0 || _depth >= MaxDepth)
        {
            _steps = -1;
            return false;
        }

        if (known.Conjuncts.Any(one => SameSchema.Are(one, node, ref _sameBudget)))
        {
            return true;
        }

        if (ValuesOf(known) is { } values)
        {
            return IncludesValues(values, node);
        }

        if (node.Always == false)
        {
            return Break(node, "", Word("forbidden", "allowed"), "nothing may stand here any more", "something may stand here that could not before");
        }

        var key = KeyOf(known, node);
        if (!_onTheWay.Add(key))
        {
            return true;
        }

        _depth++;
        var before = _differences.Count;
        var included = IncludesByKeywords(known, node) || IncludesByAlternatives(known, node, before);
        _depth--;
        _onTheWay.Remove(key);
        return included;
    }

    private bool IncludesByKeywords(Known known, SchemaNode node)
    {
        // Each is asked, so that every difference is told.
        var included = IncludesAssertions(known, node);
        if (node.Array is { } array && known.Types.HasFlag(TypeSet.Array))
        {
            included &= IncludesArray(known.OfTypes(TypeSet.Array), node, array);
        }

        if (known.Types.HasFlag(TypeSet.Object))
        {
            included &= IncludesObject(known.OfTypes(TypeSet.Object), node);
        }

        if (node.Combined is { } combined)
        {
            included &= IncludesCombined(known, node, combined);
        }

        if (node.UnevaluatedItems is { Node.Always: not true } && known.Types.HasFlag(TypeSet.Array))
        {
            included &= Undecidable(node, "unevaluatedItems", "unevaluatedItems is compared only with its like");
        }

        return included;
    }

    /// <summary>When what is known has alternatives, each of them for itself.</summary>
    private bool IncludesByAlternatives(Known known, SchemaNode node, int before)
    {
        foreach (var one in known.Conjuncts)
        {
            if (one.Combined is not { } rule || known.Expanded.Contains(one))
            {
                continue;
            }

            List<Known> branches;
            if (rule.AnyOf.Length > 0)
            {
                branches = [.. rule.AnyOf.Select(edge => known.With([edge.Node], [], one))];
            }
            else if (rule.OneOf.Length > 0)
            {
                branches = [.. rule.OneOf.Select(edge => known.With([edge.Node], rule.OneOf.Where(other => other != edge).Select(other => other.Node), one))];
            }
            else if (rule.If is { } condition)
            {
                branches =
                [
                    known.With([condition.Node, .. Nodes(rule.Then)], [], one),
                    known.With(Nodes(rule.Else), [condition.Node], one),
                ];
            }
            else
            {
                continue;
            }

            if (branches.TrueForAll(branch => Quietly(() => Includes(branch, node))))
            {
                _differences.RemoveRange(before, _differences.Count - before);
                return true;
            }
        }

        return false;
    }

    /// <summary>The values, when there are only so many; each fits the writing schema as far as is known.</summary>
    private static List<SourceValue>? ValuesOf(Known known)
    {
        var listed = known.Conjuncts.SelectMany(node => new[] { node.Const, node.Enum }).OfType<EnumRule>().MinBy(rule => rule.Values.Count);
        return listed?.Values
            .Where(value => HasType(known.Types, value) && known.Conjuncts.All(node => JsonSchema.Fits(node, value.Raw.Span)) && !known.Excluded.Any(node => JsonSchema.Fits(node, value.Raw.Span)))
            .ToList();
    }

    private static bool HasType(TypeSet types, SourceValue value) =>
        value.Kind == TokenKind.Number && !types.HasFlag(TypeSet.Number)
            ? types.HasFlag(TypeSet.Integer) && new ExactNumber(value.Raw.Span).IsInteger
            : (types & (TypeSet)(1 << (int)value.Kind)) != 0;

    private bool IncludesValues(List<SourceValue> values, SchemaNode node)
    {
        var refused = values.FirstOrDefault(value => !JsonSchema.Fits(node, value.Raw.Span));
        if (refused is null)
        {
            return true;
        }

        var keyword = node.Enum is not null ? "enum" : node.Const is not null ? "const" : "";
        var value = System.Text.Encoding.UTF8.GetString(refused.Raw.Span);
        return Break(node, keyword, Word("enum-narrowed", "enum-widened"), $"{value} is no longer accepted", $"{value} is accepted now and was not before");
    }

    private bool Quietly(Func<bool> question)
    {
        _silent++;
        var answer = question();
        _silent--;
        return answer;
    }

    private string KeyOf(Known known, SchemaNode node) =>
        $"{Numbers(known.Conjuncts)}|{Numbers(known.Excluded)}|{Numbers(known.Expanded)}|{(int)known.Types}|{Number(node)}|{_strict}";

    private string Numbers(IReadOnlyList<SchemaNode> nodes) => string.Join(',', nodes.Select(Number).Order());

    private int Number(SchemaNode node)
    {
        if (!_numbers.TryGetValue(node, out var number))
        {
            _numbers.Add(node, number = _numbers.Count);
        }

        return number;
    }

    private static IEnumerable<SchemaNode> Nodes(params IEnumerable<Edge?> edges) => edges.OfType<Edge>().Select(edge => edge.Node);

    /// <summary>A change has one name when the new schema accepts less, and another when it accepts more.</summary>
    private string Word(string narrowed, string widened) => isBackward ? narrowed : widened;

    private bool Undecidable(SchemaNode node, string keyword, string why) => Break(node, keyword, "undecidable", $"it cannot be told whether this breaks anything: {why}");

    private bool Break(SchemaNode node, string keyword, string kind, string whenNarrowed, string whenWidened) => Break(node, keyword, kind, isBackward ? whenNarrowed : whenWidened);

    private bool Break(SchemaNode node, string keyword, string kind, string message)
    {
        Note(node, keyword, kind, message, breaks: true);
        return false;
    }

    private void Note(SchemaNode node, string keyword, string kind, string message, bool breaks)
    {
        if (_silent > 0)
        {
            return;
        }

        var pointer = keyword.Length == 0 ? node.Pointer : $"{node.Pointer}/{keyword}";
        if (!_differences.Any(difference => difference.Pointer == pointer && difference.Kind == kind && difference.Message == message))
        {
            _differences.Add(new SchemaDifference(pointer, kind, breaks && isBackward, breaks && !isBackward, message));
        }
    }
}
