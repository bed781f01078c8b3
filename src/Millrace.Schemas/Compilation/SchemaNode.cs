namespace Millrace.Schemas.Compilation;

/// <summary>One schema, compiled. Its keywords stand in rules by the type that they look at, so that an instance meets only those that concern it.</summary>
internal sealed class SchemaNode(SourceValue source)
{
    /// <summary>Set when it accepts everything, or nothing.</summary>
    public bool? Always;

    public TypeSet Types = TypeSet.Any;
    public EnumRule? Enum;
    public EnumRule? Const;
    public NumberRule? Number;
    public StringRule? String;
    public ArrayRule? Array;
    public ObjectRule? Object;

    /// <summary>Schemas that look at the same value; null when there are none.</summary>
    public CombinedRule? Combined;

    public Edge? UnevaluatedItems;
    public Edge? UnevaluatedProperties;

    public SchemaResource Resource { get; } = source.Resource;

    /// <summary>Where it stands in its document.</summary>
    public string Pointer => Source.Pointer;

    public SourceValue Source { get; } = source;

    /// <summary>Whether it looks at the value alone, neither into it nor at other schemas.</summary>
    public bool IsLeaf { get; private set; }

    /// <summary>Notes, when all keywords have been taken up, what would have to be asked of each of them again for every value.</summary>
    public void Finish()
    {
        var hasSubschemas = Combined is not null || Array is not null || Object is not null || UnevaluatedItems is not null || UnevaluatedProperties is not null;
        if (Types == TypeSet.Any && Enum is null && Const is null && Number is null && String is null && !hasSubschemas)
        {
            Always ??= true;
        }

        IsLeaf = !hasSubschemas && Always is null;
    }

    /// <summary>The schemas that it hands the very same value to.</summary>
    public IEnumerable<Edge> InPlace() =>
        new[] { Combined?.Reference, Combined?.Dynamic?.Initial, Combined?.Not, Combined?.If, Combined?.Then, Combined?.Else }.OfType<Edge>()
            .Concat(Combined?.AllOf ?? []).Concat(Combined?.AnyOf ?? []).Concat(Combined?.OneOf ?? [])
            .Concat((Object?.Dependencies ?? []).Select(dependency => dependency.Schema).OfType<Edge>());

    /// <summary>The URI and pointer of one of its keywords.</summary>
    public string Locate(string keyword)
    {
        var pointer = Source.PointerInResource;
        return keyword.Length == 0 ? $"{Resource.DisplayUri}#{pointer}" : $"{Resource.DisplayUri}#{pointer}/{keyword}";
    }
}
