using System.Buffers.Binary;
using Millrace.Protocol.Tests.Golden;
using Millrace.Protocol.Tests.Messages;

namespace Millrace.Protocol.Tests.Fuzz;

/// <summary>
/// Whatever the bytes, reading a message ends in a message or in a <see cref="WireFormatException"/>, and allocates no more than
/// a small multiple of the frame.
/// </summary>
public sealed class MessageFuzzTests
{
    private const int RoundsOfEachVector = 40;

    /// <summary>
    /// Among the densest is MetadataRequest 0: a topic takes two bytes on the wire, and an object of 40 and its place in the list
    /// in memory. What does not grow with the frame (the exception, its text and stack) is in the second constant.
    /// </summary>
    private const int BytesForEachByte = 40;

    private const int BytesForTheRest = 16 * 1024;

    public static TheoryData<string> Names => DefinedMessages.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Mutated_bytes_give_a_message_or_a_format_error(string message)
    {
        Type type = DefinedMessages.Named(message);
        var mutator = new Mutator(seed: 20260101);
        foreach (GoldenVector vector in GoldenVector.Of(type))
        {
            for (int round = 0; round < RoundsOfEachVector; round++)
            {
                ReadDamaged(type, mutator.Mutate(vector.Bytes), vector.Version);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Largest_lengths_at_every_place_are_refused_before_memory_is_taken(string message)
    {
        Type type = DefinedMessages.Named(message);
        IReadOnlyList<short> versions = [.. DefinedMessages.VersionsOf(type)];
        foreach (GoldenVector vector in GoldenVector.Of(type).Where(v => v.Case == "full" && (v.Version == versions[0] || v.Version == versions[^1])))
        {
            for (int at = 0; at < vector.Bytes.Length; at++)
            {
                byte[] fixedLength = [.. vector.Bytes, 0, 0, 0];
                BinaryPrimitives.WriteInt32BigEndian(fixedLength.AsSpan(at), int.MaxValue);
                ReadDamaged(type, fixedLength, vector.Version);

                byte[] compactLength = [.. vector.Bytes[..at], 0xff, 0xff, 0xff, 0xff, 0x0f, .. vector.Bytes[at..]];
                ReadDamaged(type, compactLength, vector.Version);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Frame_full_of_the_smallest_elements_stays_within_its_bound(string message)
    {
        // A list wherever the message may have one, as long as its bytes allow, of elements that are all zeros or all ones.
        Type type = DefinedMessages.Named(message);
        foreach (short version in DefinedMessages.VersionsOf(type))
        {
            foreach (byte filling in (byte[])[0, 1])
            {
                for (int at = 0; at < 12; at++)
                {
                    for (int elementSize = 1; elementSize <= 6; elementSize++)
                    {
                        byte[] frame = new byte[8 * 1024];
                        frame.AsSpan().Fill(filling);
                        int count = (frame.Length - 16) / elementSize;
                        Varint.WriteUInt64(frame.AsSpan(at), (ulong)count);
                        ReadDamaged(type, frame, version);

                        frame.AsSpan().Fill(filling);
                        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(at), count);
                        ReadDamaged(type, frame, version);
                    }
                }
            }
        }
    }

    private static void ReadDamaged(Type type, byte[] bytes, short version)
    {
        IKafkaMessage message = DefinedMessages.Create(type);
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            var reader = new WireReader(bytes.AsMemory());
            message.Read(ref reader, version);
        }
        catch (WireFormatException)
        {
            // The other allowed outcome. Any other exception fails the test with its own stack.
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        long allowed = (long)BytesForEachByte * bytes.Length + BytesForTheRest;
        Assert.True(allocated <= allowed, $"{type.Name} v{version}: {bytes.Length} bytes made it allocate {allocated}.\n{Convert.ToHexString(bytes.AsSpan(0, int.Min(bytes.Length, 200)))}");
    }
}
