using System.Buffers.Binary;

namespace Millrace.Events;

/// <summary>The event ids of one partition; made by <see cref="EventIds.ForPartition"/>.</summary>
/// <remarks>
/// The layout is a UUIDv8 (RFC 9562, 5.8) that sorts like a UUIDv7: 48 bits of record timestamp, the version, 12 bits of a hash of topic and
/// partition, the variant, and 62 bits of that hash combined with the offset by exclusive or. Within a partition two offsets never give
/// the same id. The timestamp keeps the ids of a topic that was deleted and made again apart from the old ones.
/// </remarks>
public readonly struct DerivedEventIds
{
    private const ulong Low62Bits = (1UL << 62) - 1;

    private readonly ulong _hash;
    private readonly ushort _hash12;

    internal DerivedEventIds(ulong hash, ushort hash12)
    {
        _hash = hash & Low62Bits;
        _hash12 = (ushort)(hash12 & 0x0FFF);
    }

    /// <summary>The id of the record at <paramref name="offset"/> with that timestamp (epoch milliseconds; 0 when the record has none).</summary>
    public Guid At(long offset, long timestampMilliseconds)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, ((ulong)timestampMilliseconds << 16) | 0x8000u | _hash12);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], (1UL << 63) | (_hash ^ ((ulong)offset & Low62Bits)));
        return new Guid(bytes, bigEndian: true);
    }
}
