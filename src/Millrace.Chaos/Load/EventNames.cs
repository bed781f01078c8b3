using System.Buffers.Binary;

namespace Millrace.Chaos.Load;

/// <summary>Event ids that say where they come from: the run, the source and the number within it. Version 8 of RFC 9562: our own bits.</summary>
internal sealed class EventNames(uint run)
{
    public Guid IdOf(int source, long number)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, run);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[4..], (ushort)source);
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], number);
        bytes[6] = 0x80;
        bytes[8] = 0x80;
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>False for an id that this run did not make.</summary>
    public bool TryParse(Guid id, out int source, out long number)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        source = BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
        number = BinaryPrimitives.ReadInt64BigEndian(bytes[8..]) & 0x00FF_FFFF_FFFF_FFFF;
        return BinaryPrimitives.ReadUInt32BigEndian(bytes) == run;
    }
}
