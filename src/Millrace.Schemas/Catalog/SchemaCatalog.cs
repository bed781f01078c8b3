using System.Diagnostics.CodeAnalysis;
using System.Text;
using Millrace.Events;

namespace Millrace.Schemas.Catalog;

/// <summary>The schemas that are in force at one moment. It never changes: a new activation makes a new catalog.</summary>
public sealed class SchemaCatalog : ISchemaSource
{
    // A log or a table is no place for a text of a megabyte that an event brought along.
    private const int MaxDetailCharacters = 1_000;

    private readonly Dictionary<byte[], TypeSchemas>.AlternateLookup<ReadOnlySpan<byte>> _types;

    /// <param name="types">Those of the types that have an active version.</param>
    /// <param name="unknown">What happens to events of all other types.</param>
    public SchemaCatalog(IEnumerable<TypeSchemas> types, UnknownTypes unknown)
    {
        Types = [.. types];
        Unknown = unknown;
        _types = Types
            .ToDictionary(type => Encoding.UTF8.GetBytes(type.EventType), new Utf8Comparer())
            .GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>No schemas: every event is accepted.</summary>
    public static SchemaCatalog Empty { get; } = new([], UnknownTypes.Accept);

    /// <summary>The schemas, by type.</summary>
    public IReadOnlyList<TypeSchemas> Types { get; }

    /// <summary>What happens to events of types that have none.</summary>
    public UnknownTypes Unknown { get; }

    /// <summary>Whether no event can be refused or counted by it.</summary>
    public bool IsEmpty => Types.Count == 0 && Unknown == UnknownTypes.Accept;

    /// <summary>Itself: where schemas never change, the catalog is the source.</summary>
    SchemaCatalog ISchemaSource.Current => this;

    /// <summary>Finds the schemas of a type, without allocating.</summary>
    /// <param name="eventType">The type in UTF-8.</param>
    /// <param name="schemas">They, when true is given back.</param>
    public bool TryGet(ReadOnlySpan<byte> eventType, [NotNullWhen(true)] out TypeSchemas? schemas) => _types.TryGetValue(eventType, out schemas);

    /// <summary>Judges an event, without allocating when nothing is wrong. What comes over HTTP and what stands in the topic are judged by the same.</summary>
    /// <param name="envelope">What was read of the event.</param>
    /// <param name="json">The event, which was found to be JSON.</param>
    public SchemaVerdict Judge(in Envelope envelope, ReadOnlySpan<byte> json)
    {
        if (IsEmpty)
            return SchemaVerdict.Accepted(envelope.SchemaVersion);
        if (!TryGet(envelope.EventType, out var type))
            return JudgeUnknown(envelope);
        if (type.Mode == SchemaMode.Off)
            return SchemaVerdict.Accepted(envelope.SchemaVersion);

        var version = envelope.SchemaVersion ?? type.ActiveVersion;
        if (!type.Versions.TryGetValue(version, out var schema))
        {
            return Fail(
                type, version, RefusalReason.SchemaVersionUnknown,
                $"{type.EventType} has no schema of version {version}; version {type.ActiveVersion} is active.", []);
        }

        var report = schema.Evaluate(envelope, json);
        return report.Valid
            ? SchemaVerdict.Accepted(version)
            : Fail(type, version, RefusalReason.SchemaViolation, Describe(type, version, report.Errors), report.Errors);
    }

    private SchemaVerdict JudgeUnknown(in Envelope envelope) => Unknown == UnknownTypes.Accept
        ? SchemaVerdict.Accepted(envelope.SchemaVersion)
        : new SchemaVerdict(
            envelope.SchemaVersion, RefusalReason.EventTypeUnknown, IsRefused: Unknown == UnknownTypes.Reject, "",
            $"{Encoding.UTF8.GetString(envelope.EventType)} has no schema.", []);

    private static SchemaVerdict Fail(TypeSchemas type, int version, RefusalReason reason, string detail, IReadOnlyList<SchemaError> errors) =>
        new(version, reason, IsRefused: type.Mode == SchemaMode.Enforce, type.EventType, Shorten(detail), errors);

    private static string Describe(TypeSchemas type, int version, IReadOnlyList<SchemaError> errors)
    {
        var first = errors[0];
        var place = first.InstanceLocation.Length == 0 ? "the event" : first.InstanceLocation;
        var others = errors.Count == 1 ? "" : $" (and {errors.Count - 1} more)";
        return $"{type.EventType} version {version}: {place}: {first.Message}{others}";
    }

    private static string Shorten(string detail) =>
        detail.Length <= MaxDetailCharacters ? detail : $"{detail.AsSpan(0, MaxDetailCharacters - 1)}…";

    private sealed class Utf8Comparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = new HashCode();
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
