namespace Millrace.Protocol;

/// <summary>Tagged fields (KIP-482): <c>count uvarint | {tag uvarint | size uvarint | size bytes} …</c>.</summary>
internal ref partial struct WireReader
{
    /// <summary>
    /// The number of tagged fields that follow. Kafka has at most four in a structure; a frame made of nothing but empty
    /// unknown tags must not cost more than a look at each.
    /// </summary>
    public const int MaxTaggedFields = 1024;

    public int ReadTagCount()
    {
        uint count = ReadUnsignedVarint();
        return count <= MaxTaggedFields
            ? (int)count
            : throw new WireFormatException($"{count} tagged fields are more than {MaxTaggedFields}.");
    }

    /// <summary>The tag of the next field and the position where its value must end.</summary>
    public uint ReadTag(out int end)
    {
        uint tag = ReadUnsignedVarint();
        uint size = ReadUnsignedVarint();
        end = size <= Remaining ? _position + (int)size : throw Short(size);
        return tag;
    }

    /// <summary>Called after the value of a known tag: it must be as long as the sender said.</summary>
    public readonly void EndTag(int end)
    {
        if (_position != end)
        {
            throw new WireFormatException($"A tagged field ends at byte {_position}, not at {end} as announced.");
        }
    }

    /// <summary>Passes over the value of an unknown tag.</summary>
    public void SkipTo(int end) => _position = end;

    /// <summary>Passes over all tagged fields of a structure that knows none.</summary>
    public void SkipTags()
    {
        for (int left = ReadTagCount(); left > 0; left--)
        {
            ReadTag(out int end);
            SkipTo(end);
        }
    }
}
