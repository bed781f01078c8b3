using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Millrace.Schemas.Catalog;

/// <summary>The schemas that are in force at one moment. It never changes: a new activation makes a new catalog.</summary>
public sealed class SchemaCatalog
{
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

    /// <summary>Finds the schemas of a type, without allocating.</summary>
    /// <param name="eventType">The type in UTF-8.</param>
    /// <param name="schemas">They, when true is given back.</param>
    public bool TryGet(ReadOnlySpan<byte> eventType, [NotNullWhen(true)] out TypeSchemas? schemas) => _types.TryGetValue(eventType, out schemas);

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
