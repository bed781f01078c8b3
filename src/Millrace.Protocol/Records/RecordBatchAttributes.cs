namespace Millrace.Protocol.Records;

/// <summary>The 16 attribute bits of a batch: 0-2 codec, 3 log append time, 4 transactional, 5 control, 6 delete horizon.</summary>
internal readonly record struct RecordBatchAttributes(short Bits)
{
    private const int CodecMask = 0b111;
    private const int LogAppendTimeBit = 1 << 3;
    private const int TransactionalBit = 1 << 4;
    private const int ControlBit = 1 << 5;
    private const int DeleteHorizonBit = 1 << 6;

    /// <summary>May be a number that no codec has.</summary>
    public CompressionCodec Codec
    {
        get => (CompressionCodec)(Bits & CodecMask);
        init => Bits = (short)((Bits & ~CodecMask) | (int)value);
    }

    /// <summary>Every record has the batch's newest timestamp, which the broker has set; otherwise the producers' own.</summary>
    public bool IsLogAppendTime
    {
        get => (Bits & LogAppendTimeBit) != 0;
        init => Bits = With(LogAppendTimeBit, value);
    }

    public bool IsTransactional
    {
        get => (Bits & TransactionalBit) != 0;
        init => Bits = With(TransactionalBit, value);
    }

    /// <summary>A marker of the broker's own, not for consumers.</summary>
    public bool IsControl
    {
        get => (Bits & ControlBit) != 0;
        init => Bits = With(ControlBit, value);
    }

    /// <summary>The base timestamp says when tombstones may go.</summary>
    public bool HasDeleteHorizon
    {
        get => (Bits & DeleteHorizonBit) != 0;
        init => Bits = With(DeleteHorizonBit, value);
    }

    private short With(int bit, bool set) => (short)(set ? (ushort)Bits | bit : Bits & ~bit);
}
