using System.Runtime.CompilerServices;
using Millrace.Events.Json;
using Millrace.Schemas.Formats;
using Millrace.Schemas.Instances;
using Millrace.Schemas.Patterns;

namespace Millrace.Schemas.Compilation;

/// <summary>The bounds of numbers, as the schema writes them.</summary>
internal sealed class NumberRule
{
    public byte[]? Minimum;
    public byte[]? Maximum;
    public byte[]? ExclusiveMinimum;
    public byte[]? ExclusiveMaximum;
    public byte[]? MultipleOf;

    /// <summary>Numbers between these two fit for certain, both included. Of all other numbers the bounds decide; so does a divisor of any.</summary>
    public long SurelyFrom = long.MinValue;
    public long SurelyTo = long.MaxValue;

    /// <summary>Notes what fits for certain, where every bound is a whole number of usual length.</summary>
    public void FindSureRange()
    {
        if (MultipleOf is not null)
        {
            SurelyTo = long.MinValue;
            return;
        }

        // Where a bound is of another kind the range holds nothing.
        SurelyFrom = Math.Max(Bound(Minimum, 0, SurelyFrom, long.MaxValue), Bound(ExclusiveMinimum, 1, SurelyFrom, long.MaxValue));
        SurelyTo = Math.Min(Bound(Maximum, 0, SurelyTo, long.MinValue), Bound(ExclusiveMaximum, -1, SurelyTo, long.MinValue));
    }

    private static long Bound(byte[]? bound, int distance, long none, long other) =>
        bound is null ? none : WholeNumber.TryRead(bound, out var value) ? value + distance : other;
}

internal sealed class StringRule
{
    public int MinLength;
    public int MaxLength = int.MaxValue;
    public Pattern? Pattern;
    public Format? Format;
}

internal sealed class ArrayRule
{
    public int MinItems;
    public int MaxItems = int.MaxValue;
    public bool Unique;
    public Edge[] Prefix = [];

    /// <summary>For the items after the prefix.</summary>
    public Edge? Items;
    public Edge? Contains;
    public int MinContains = 1;
    public int MaxContains = int.MaxValue;
    public bool ContainsEvaluates;

    /// <summary>The keywords that <see cref="Prefix"/> and <see cref="Items"/> come from; drafts differ.</summary>
    public string ItemsKeyword = "items";
}

internal sealed class ObjectRule
{
    public int MinProperties;
    public int MaxProperties = int.MaxValue;

    /// <summary>Every name that the schema mentions.</summary>
    public NameTable Names = NameTable.Empty;

    /// <summary>What is said about a name, by its index in <see cref="Names"/>.</summary>
    public NameRule[] Rules = [];

    /// <summary>How many of the names have to be remembered when they are met.</summary>
    public int Watched;

    /// <summary>One bit for each watched name that is required.</summary>
    public ulong[] RequiredBits = [];

    public string[] Required = [];
    public PatternRule[] Patterns = [];
    public Edge? Additional;
    public Edge? PropertyNames;
    public DependencyRule[] Dependencies = [];

    /// <summary>Whether there are keywords that look at members whatever <c>properties</c> says about them.</summary>
    public bool AsksMoreOfMembers => Patterns.Length > 0 || PropertyNames is not null;

    /// <summary>Whether members have to be looked at one by one.</summary>
    public bool LooksAtMembers => Rules.Length > 0 || Patterns.Length > 0 || Additional is not null || PropertyNames is not null;

    /// <summary>What is said about a name that the schema mentions.</summary>
    public NameRule About(string name) => Rules[Names.Find(System.Text.Encoding.UTF8.GetBytes(name))];
}

internal struct NameRule
{
    public Edge? Property;

    /// <summary>Its bit among the names that are remembered; -1 when it is not.</summary>
    public int Watch;

    /// <summary>The same as a bit, when at most 64 are remembered.</summary>
    public readonly ulong WatchBit => Watch < 0 ? 0 : 1UL << Watch;
}

internal sealed record PatternRule(Pattern Pattern, Edge Edge);

/// <summary>What follows when a name is there: other names, or a schema for the whole object.</summary>
internal sealed record DependencyRule(string Keyword, string Name, int Watch, (string Name, int Watch)[] Required, Edge? Schema);

/// <summary>Schemas that look at the same value as the one that they stand in.</summary>
internal sealed class CombinedRule
{
    public Edge? Reference;
    public DynamicRule? Dynamic;
    public Edge[] AllOf = [];
    public Edge[] AnyOf = [];
    public Edge[] OneOf = [];
    public Edge? Not;
    public Edge? If;
    public Edge? Then;
    public Edge? Else;
}

/// <summary>A reference whose target depends on the way that led here.</summary>
/// <param name="Anchor">The anchor that outer resources may have too.</param>
/// <param name="Initial">The target when none has.</param>
internal sealed record DynamicRule(string Anchor, Edge Initial);

/// <summary>The values that <c>enum</c> or <c>const</c> allows.</summary>
internal sealed class EnumRule
{
    private readonly NameTable _strings;
    private readonly JsonConstant[] _others;
    private readonly Dictionary<int, int[]> _byHash;

    public EnumRule(IReadOnlyList<SourceValue> values)
    {
        Values = values;
        _strings = new NameTable([.. values.Where(value => value.Kind == TokenKind.String).Select(value => value.Text).Distinct(StringComparer.Ordinal)]);
        _others = [.. values.Where(value => value.Kind != TokenKind.String).Select(value => new JsonConstant(value.Raw.Span))];
        _byHash = _others.Index().GroupBy(other => JsonEquality.Hash(other.Item.View, 0)).ToDictionary(group => group.Key, group => group.Select(other => other.Index).ToArray());
    }

    public IReadOnlyList<SourceValue> Values { get; }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool Has(in JsonView view, int index, ref long work)
    {
        ref readonly var token = ref view.Tokens[index];
        return token.Kind is TokenKind.String or TokenKind.Name ? _strings.Find(view.Text(token)) >= 0 : HasOther(view, index, ref work);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool HasOther(in JsonView view, int index, ref long work)
    {
        if (_others.Length == 0 || !_byHash.TryGetValue(JsonEquality.Hash(view, index), out var candidates))
        {
            return false;
        }

        foreach (var candidate in candidates)
        {
            if (JsonEquality.AreEqual(view, index, _others[candidate].View, 0, ref work))
            {
                return true;
            }
        }

        return false;
    }
}
