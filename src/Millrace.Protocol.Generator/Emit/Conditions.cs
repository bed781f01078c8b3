using Millrace.Protocol.Generator.Model;

namespace Millrace.Protocol.Generator.Emit;

/// <summary>Version ranges as C# conditions, no wider than the versions that can occur.</summary>
internal static class Conditions
{
    /// <summary>Null when every version of <paramref name="reach"/> is in the range.</summary>
    public static string? In(VersionRange range, VersionRange reach) =>
        range.Covers(reach) ? null
        : range.Max >= reach.Max ? $"version >= {range.Min}"
        : range.Min <= reach.Min ? $"version <= {range.Max}"
        : range.Min == range.Max ? $"version == {range.Min}"
        : $"version is >= {range.Min} and <= {range.Max}";

    /// <summary>The opposite of <see cref="In"/>, for a range that has some but not all versions of <paramref name="reach"/>.</summary>
    public static string NotIn(VersionRange range, VersionRange reach) =>
        range.Max >= reach.Max ? $"version < {range.Min}"
        : range.Min <= reach.Min ? $"version > {range.Max}"
        : $"version is < {range.Min} or > {range.Max}";
}
