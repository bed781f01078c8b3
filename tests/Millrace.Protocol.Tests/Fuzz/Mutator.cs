using System.Buffers.Binary;

namespace Millrace.Protocol.Tests.Fuzz;

/// <summary>Damages bytes as the network, a bug or an attacker would: the same seed gives the same damage.</summary>
internal sealed class Mutator(int seed)
{
    private static readonly byte[] Extremes = [0x00, 0x01, 0x7f, 0x80, 0xff];

    private readonly Random _random = new(seed);

    public byte[] Mutate(ReadOnlySpan<byte> original)
    {
        byte[] bytes = original.ToArray();
        for (int i = _random.Next(1, 4); i > 0 && bytes.Length > 0; i--)
        {
            bytes = MutateOnce(bytes);
        }

        return bytes;
    }

    private byte[] MutateOnce(byte[] bytes)
    {
        int at = _random.Next(bytes.Length);
        switch (_random.Next(7))
        {
            case 0:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                return bytes;
            case 1:
                bytes[at] = Extremes[_random.Next(Extremes.Length)];
                return bytes;
            case 2 when at + sizeof(int) <= bytes.Length: // a length
                BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(at), _random.Next(4) == 0 ? int.MinValue : int.MaxValue >> _random.Next(32));
                return bytes;
            case 3 when at + 5 <= bytes.Length: // a compact length
                ((ReadOnlySpan<byte>)[0xff, 0xff, 0xff, 0xff, 0x0f]).CopyTo(bytes.AsSpan(at));
                return bytes;
            case 4:
                return bytes[..at];
            case 5:
                byte[] inserted = new byte[_random.Next(1, 16)];
                _random.NextBytes(inserted);
                return [.. bytes[..at], .. inserted, .. bytes[at..]];
            default:
                int end = _random.Next(at, bytes.Length);
                return [.. bytes[..end], .. bytes[at..]];
        }
    }
}
