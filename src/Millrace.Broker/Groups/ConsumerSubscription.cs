using System.Buffers.Binary;
using System.Text;

namespace Millrace.Broker.Groups;

/// <summary>
/// What consumers say to the leader of their group, as far as the broker wants to know it: the topics.
/// <c>version int16 | count int32 | {length int16 | topic} … | …</c>. https://kafka.apache.org/protocol (ConsumerProtocolSubscription)
/// </summary>
internal static class ConsumerSubscription
{
    public const string ProtocolType = "consumer";

    /// <summary>False when the bytes are not such a thing; a group of other software may call itself so.</summary>
    public static bool TryReadTopics(ReadOnlySpan<byte> metadata, ISet<string> topics)
    {
        if (metadata.Length < sizeof(short) + sizeof(int))
            return false;

        var left = BinaryPrimitives.ReadInt32BigEndian(metadata[sizeof(short)..]);
        var rest = metadata[(sizeof(short) + sizeof(int))..];
        for (; left > 0; left--)
        {
            if (rest.Length < sizeof(short))
                return false;
            var length = BinaryPrimitives.ReadInt16BigEndian(rest);
            rest = rest[sizeof(short)..];
            if (length < 0 || length > rest.Length)
                return false;
            topics.Add(Encoding.UTF8.GetString(rest[..length]));
            rest = rest[length..];
        }

        return left == 0;
    }
}
