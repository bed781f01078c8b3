using Millrace.Registry.Settings;
using Millrace.Registry.Versions;

namespace Millrace.Registry.Reports;

/// <summary>All types with their versions and settings, as JSON.</summary>
public sealed record ListReport(string UnknownTypes, IReadOnlyList<ListedType> Types)
{
    /// <summary>Makes it.</summary>
    public static ListReport Of(IReadOnlyList<SchemaVersion> versions, IReadOnlyDictionary<string, TypeSettings> settings, DefaultSettings defaults) => new(
        defaults.Unknown.Code(),
        [.. settings.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => ListedType.Of(pair.Key, pair.Value, defaults, versions))]);
}

/// <summary>One type: the settings are those that hold for it, whether its own or the defaults; active is null when no version is in force.</summary>
public sealed record ListedType(string EventType, string Mode, string Level, bool Strict, int? Active, IReadOnlyList<ListedVersion> Versions)
{
    /// <summary>Makes it.</summary>
    public static ListedType Of(string eventType, TypeSettings own, DefaultSettings defaults, IReadOnlyList<SchemaVersion> all)
    {
        SchemaVersion[] versions = [.. all.Where(v => v.EventType == eventType && v.State != SchemaState.Deleted)];
        return new ListedType(
            eventType, (own.Mode ?? defaults.Mode).Code(), (own.Level ?? defaults.Level).Code(), own.Strict ?? defaults.Strict,
            versions.FirstOrDefault(v => v.State == SchemaState.Active)?.Version,
            [.. versions.Select(v => new ListedVersion(v.Version, v.SchemaId, v.State.Code(), v.RegisteredAt, v.RegisteredBy))]);
    }
}

/// <summary>One of its versions.</summary>
public sealed record ListedVersion(int Version, int Id, string State, DateTimeOffset RegisteredAt, string RegisteredBy);
