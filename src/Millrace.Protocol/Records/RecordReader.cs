using Millrace.Protocol.Records.Codecs;

namespace Millrace.Protocol.Records;

/// <summary>
/// Reads the records of one batch, one after the other:
/// <code>
/// length varint | attributes int8 | timestampDelta varlong | offsetDelta varint | keyLength varint | key |
/// valueLength varint | value | headerCount varint | {keyLength varint | key | valueLength varint | value} …
/// </code>
/// It does not check the checksum: who takes a batch from outside does that once (<see cref="RecordBatchHeader.CrcIsValid"/>).
/// What it hands out is valid until <see cref="Dispose"/>. https://kafka.apache.org/documentation/#record
/// </summary>
internal sealed class RecordReader : IDisposable
{
    /// <summary>Seven fields of at least one byte.</summary>
    private const int MinRecordSize = 7;

    private readonly PooledBufferWriter? _unpacked;
    private readonly ReadOnlyMemory<byte> _records;
    private int _position;
    private int _left;

    /// <param name="batch">The batch; bytes after it are left alone.</param>
    /// <param name="maxUnpackedBytes">The most that the records of a compressed batch may unpack to.</param>
    /// <exception cref="WireFormatException">This is no whole batch of the current format, or its records do not unpack.</exception>
    public RecordReader(ReadOnlyMemory<byte> batch, int maxUnpackedBytes)
    {
        if (!RecordBatchHeader.TryRead(batch.Span, out RecordBatchHeader header) || header.TotalSize > batch.Length)
        {
            throw new WireFormatException("The record batch is cut off.");
        }

        if (header.Magic != RecordBatchHeader.CurrentMagic)
        {
            throw new WireFormatException($"Record batches of format {header.Magic} are not supported.");
        }

        Header = header;
        _records = batch[RecordBatchHeader.Size..(int)header.TotalSize];
        if (header.Attributes.Codec != CompressionCodec.None)
        {
            _unpacked = Unpack(header.Attributes.Codec, _records, maxUnpackedBytes);
            _records = _unpacked.WrittenMemory;
        }

        _left = header.RecordCount;
        if (_left < 0 || (long)_left * MinRecordSize > _records.Length)
        {
            Dispose();
            throw new WireFormatException($"{_left} records do not fit in {_records.Length} bytes.");
        }
    }

    public RecordBatchHeader Header { get; }

    /// <summary>False after the last record.</summary>
    /// <exception cref="WireFormatException">The record is damaged, or bytes are left after the last one.</exception>
    public bool TryRead(out Record record)
    {
        if (_left == 0)
        {
            record = default;
            return _position == _records.Length
                ? false
                : throw new WireFormatException($"{_records.Length - _position} bytes follow the last record of the batch.");
        }

        _left--;
        record = ReadRecord();
        return true;
    }

    /// <summary>Begins again with the first record.</summary>
    public void Restart()
    {
        _position = 0;
        _left = Header.RecordCount;
    }

    /// <summary>Gives the memory of unpacked records back: those that were handed out must not be used any more.</summary>
    public void Dispose() => _unpacked?.Dispose();

    private Record ReadRecord()
    {
        var cursor = new RecordCursor(_records, _position);
        int size = cursor.ReadCount(minSize: 1);
        int end = cursor.Position + size;

        cursor = new RecordCursor(_records[..end], cursor.Position);
        cursor.ReadByte(); // the attributes of a record, which have no bits yet
        long timestampDelta = cursor.ReadVarlong();
        int offsetDelta = cursor.ReadVarint();
        ReadOnlyMemory<byte>? key = cursor.ReadNullableBytes();
        ReadOnlyMemory<byte>? value = cursor.ReadNullableBytes();
        RecordHeaders headers = ReadHeaders(ref cursor);
        if (cursor.Remaining > 0)
        {
            throw cursor.Damaged($"{cursor.Remaining} bytes follow its last header");
        }

        _position = end;
        long timestamp = Header.Attributes.IsLogAppendTime ? Header.MaxTimestamp : Header.BaseTimestamp + timestampDelta;
        return new Record(Header.BaseOffset + offsetDelta, timestamp, key, value, headers);
    }

    /// <summary>Goes over the headers once, so that reading them later cannot fail.</summary>
    private static RecordHeaders ReadHeaders(ref RecordCursor cursor)
    {
        int count = cursor.ReadCount(minSize: 2);
        ReadOnlyMemory<byte> bytes = cursor.Rest;
        for (int i = 0; i < count; i++)
        {
            cursor.ReadBytes();
            cursor.ReadNullableBytes();
        }

        return new RecordHeaders(bytes, count);
    }

    private static PooledBufferWriter Unpack(CompressionCodec codec, ReadOnlyMemory<byte> packed, int maxBytes)
    {
        var unpacked = new PooledBufferWriter(int.Min(2 * packed.Length, maxBytes));
        try
        {
            Compression.Decompress(codec, packed, maxBytes, unpacked);
            return unpacked;
        }
        catch
        {
            unpacked.Dispose();
            throw;
        }
    }
}
