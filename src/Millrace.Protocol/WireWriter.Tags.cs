namespace Millrace.Protocol;

/// <summary>Tagged fields (KIP-482): <c>count uvarint | {tag uvarint | size uvarint | size bytes} …</c>, tags ascending.</summary>
internal ref partial struct WireWriter
{
    public void WriteTagCount(int count) => WriteUnsignedVarint((uint)count);

    /// <summary>
    /// A tagged field whose value has been written to <paramref name="value"/>: the size comes first, so the value is written aside.
    /// Tagged fields are at their default, thus absent, in nearly every message.
    /// </summary>
    public void WriteTag(uint tag, PooledBufferWriter value)
    {
        WriteUnsignedVarint(tag);
        WriteUnsignedVarint((uint)value.WrittenCount);
        WriteRaw(value.WrittenSpan);
    }
}
