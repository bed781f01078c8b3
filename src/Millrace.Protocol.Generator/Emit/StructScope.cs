using Millrace.Protocol.Generator.Model;

namespace Millrace.Protocol.Generator.Emit;

/// <summary>What the emitters must know of the structure that they are in.</summary>
internal sealed class StructScope(MessageModel message, StructModel structure)
{
    private readonly VersionRange _flexible = message.Flexible.Intersect(structure.Reach);

    public VersionRange Reach => structure.Reach;

    /// <summary>The untagged fields in their order, those that follow each other with the same condition together.</summary>
    public IEnumerable<(string? Condition, IReadOnlyList<FieldModel> Fields)> UntaggedRuns()
    {
        string? condition = null;
        List<FieldModel> run = [];
        foreach (FieldModel candidate in structure.Fields.Where(candidate => candidate.Tag is null))
        {
            string? next = Conditions.In(VersionsOf(candidate), Reach);
            if (next != condition && run.Count > 0)
            {
                yield return (condition, run);
                run = [];
            }

            condition = next;
            run.Add(candidate);
        }

        if (run.Count > 0)
        {
            yield return (condition, run);
        }
    }

    public IReadOnlyList<FieldModel> Tagged { get; } =
        [.. structure.Fields.Where(candidate => candidate.Tag is not null).OrderBy(candidate => candidate.Tag)];

    /// <summary>Some versions are flexible and some are not.</summary>
    public bool IsPartlyFlexible => !_flexible.IsEmpty && !_flexible.Covers(Reach);

    public bool HasTagSection => !_flexible.IsEmpty;

    /// <summary>The condition of the tag section.</summary>
    public string? FlexibleCondition => IsPartlyFlexible ? "flexible" : null;

    /// <summary>The condition of one tagged field inside the tag section.</summary>
    public string? TagCondition(FieldModel field) => Conditions.In(VersionsOf(field), _flexible);

    /// <summary>A local for the versions that are flexible, where it is not the same for all and something asks.</summary>
    public void DeclareFlexible(CodeText code)
    {
        if (IsPartlyFlexible)
        {
            code.Line($"bool flexible = {Conditions.In(_flexible, Reach)};");
        }
    }

    /// <summary>The argument that says whether lengths are compact.</summary>
    public string FlexibleArgument(FieldModel field) =>
        field.NeverFlexible || _flexible.IsEmpty ? "flexible: false"
        : field.Tag is not null || !IsPartlyFlexible ? "flexible: true"
        : "flexible";

    public VersionRange VersionsOf(FieldModel field) => field.Versions.Intersect(Reach);

    /// <summary>The versions of the field in which it may be null.</summary>
    public VersionRange NullableIn(FieldModel field) => field.NullableIn.Intersect(VersionsOf(field));

    /// <summary>The fewest bytes that an element of the list takes.</summary>
    public int MinElementSize(FieldModel field) => field.Kind switch
    {
        WireKind.Struct => message.Structs.First(candidate => candidate.Name == field.TypeName).MinSize,
        WireKind.String => _flexible.IsEmpty ? 2 : 1,
        WireKind.Bytes => _flexible.IsEmpty ? 4 : 1,
        _ => MessageShape.FixedSize(field.Kind),
    };
}
