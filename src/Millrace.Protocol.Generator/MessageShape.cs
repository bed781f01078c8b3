using Millrace.Protocol.Generator.Model;

namespace Millrace.Protocol.Generator;

/// <summary>
/// What only the message as a whole tells of a structure: in which versions it can occur, whether a tag has it as its value,
/// and how small it can be.
/// </summary>
internal sealed class MessageShape(VersionRange versions, VersionRange flexible, StructModel body, IReadOnlyList<StructModel> structs)
{
    private readonly Dictionary<string, StructModel> _byName = structs.ToDictionary(structure => structure.Name);
    private readonly Dictionary<string, VersionRange> _reach = [];

    /// <summary>The name of a structure that contains itself; null when there is none.</summary>
    public string? FindCycle() => FindCycle(body, []);

    /// <summary>Only for a message without cycles.</summary>
    public MessageModel Complete(string @namespace, string apiKey)
    {
        Spread(body, versions);
        HashSet<string> tagged = [];
        foreach (FieldModel field in structs.Append(body).SelectMany(StructFields).Where(field => field is { Tag: not null, IsList: false }))
        {
            AddWithInner(field.TypeName, tagged);
        }

        IEnumerable<StructModel> completed = structs.Select(structure => structure with
        {
            Reach = ReachOf(structure),
            IsTaggedValue = tagged.Contains(structure.Name),
            MinSize = MinSizeOf(structure, ReachOf(structure)),
        });
        return new MessageModel(
            @namespace, apiKey, versions, flexible, body with { Reach = versions }, new EquatableArray<StructModel>([.. completed]));
    }

    private VersionRange ReachOf(StructModel structure) =>
        _reach.TryGetValue(structure.Name, out VersionRange reach) ? reach : VersionRange.None;

    private string? FindCycle(StructModel structure, HashSet<string> open)
    {
        if (!open.Add(structure.Name))
        {
            return structure.Name;
        }

        string? found = StructFields(structure).Select(field => FindCycle(_byName[field.TypeName], open)).FirstOrDefault(name => name is not null);
        open.Remove(structure.Name);
        return found;
    }

    /// <summary>A structure is at its default only when the structures in it are; one that may be null on the wire is so when it is null.</summary>
    private void AddWithInner(string name, HashSet<string> names)
    {
        names.Add(name);
        foreach (FieldModel field in StructFields(_byName[name]).Where(field => !field.IsList && field.NullableIn.IsEmpty))
        {
            AddWithInner(field.TypeName, names);
        }
    }

    private void Spread(StructModel structure, VersionRange reach)
    {
        foreach (FieldModel field in StructFields(structure))
        {
            StructModel inner = _byName[field.TypeName];
            VersionRange innerReach = ReachOf(inner).Hull(field.Versions.Intersect(reach));
            _reach[inner.Name] = innerReach;
            Spread(inner, innerReach);
        }
    }

    private int MinSizeOf(StructModel structure, VersionRange reach)
    {
        int min = int.MaxValue;
        for (int version = reach.Min; version <= reach.Max; version++)
        {
            min = Math.Min(min, SizeIn(structure, (short)version));
        }

        return min;
    }

    /// <summary>The size with every string, byte string and list empty or null and no tags.</summary>
    private int SizeIn(StructModel structure, short version)
    {
        bool isFlexible = flexible.Contains(version);
        int tagCount = isFlexible ? 1 : 0;
        return tagCount + structure.Fields
            .Where(field => field.Tag is null && field.Versions.Contains(version))
            .Sum(field => field switch
            {
                { IsList: true } => isFlexible ? 1 : 4,
                { Kind: WireKind.Struct } when field.NullableIn.Contains(version) => FixedSize(WireKind.Int8),
                { Kind: WireKind.Struct } => SizeIn(_byName[field.TypeName], version),
                { Kind: WireKind.String } => isFlexible && !field.NeverFlexible ? 1 : 2,
                { Kind: WireKind.Bytes } => isFlexible ? 1 : 4,
                _ => FixedSize(field.Kind),
            });
    }

    public static int FixedSize(WireKind kind) => kind switch
    {
        WireKind.Boolean or WireKind.Int8 => 1,
        WireKind.Int16 or WireKind.UInt16 => 2,
        WireKind.Int32 or WireKind.UInt32 => 4,
        WireKind.Int64 or WireKind.Float64 => 8,
        WireKind.Uuid => 16,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "has no fixed size"),
    };

    private static IEnumerable<FieldModel> StructFields(StructModel structure) =>
        structure.Fields.Where(field => field.Kind == WireKind.Struct);
}
