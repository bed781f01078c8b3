using System.Buffers.Binary;
using Confluent.Kafka;

namespace Millrace.Pipeline;

/// <summary>Ids of topics as <c>pipeline.consumer_positions</c> holds them.</summary>
public static class TopicIds
{
    /// <summary>The client's id as a UUID of the same bytes; null when the broker gives topics no ids.</summary>
    public static Guid? ToGuid(Uuid? id)
    {
        if (id is null || (id.MostSignificantBits == 0 && id.LeastSignificantBits == 0))
            return null;
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, id.MostSignificantBits);
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], id.LeastSignificantBits);
        return new Guid(bytes, bigEndian: true);
    }
}
