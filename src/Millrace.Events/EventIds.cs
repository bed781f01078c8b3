using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Millrace.Events;

/// <summary>Ids for events that have none.</summary>
public static class EventIds
{
    /// <summary>An id for a new event: UUIDv7, so that ids made one after another stand side by side in the index.</summary>
    public static Guid New(TimeProvider time) => Guid.CreateVersion7(time.GetUtcNow());

    /// <summary>
    /// The ids of the records of one partition, each derived from topic, partition, offset and the record's timestamp: all of them stay
    /// the same for as long as the record exists, so a record that is read again has the same id again.
    /// </summary>
    public static DerivedEventIds ForPartition(string topic, int partition)
    {
        Span<byte> name = stackalloc byte[Encoding.UTF8.GetMaxByteCount(topic.Length) + sizeof(int)];
        var length = Encoding.UTF8.GetBytes(topic, name);
        BinaryPrimitives.WriteInt32BigEndian(name[length..], partition);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(name[..(length + sizeof(int))], hash);
        return new DerivedEventIds(BinaryPrimitives.ReadUInt64BigEndian(hash), BinaryPrimitives.ReadUInt16BigEndian(hash[8..]));
    }
}
