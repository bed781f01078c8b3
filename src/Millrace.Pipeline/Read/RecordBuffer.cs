namespace Millrace.Pipeline.Read;

/// <summary>Records of one partition, their bytes one after another in one array that is used again and again.</summary>
internal sealed class RecordBuffer
{
    private const int InitialBytes = 64 * 1024;

    // Smaller ones are not worth giving back.
    private const int KeptBytes = 1024 * 1024;

    private readonly List<Entry> _entries = [];
    private byte[] _bytes = new byte[InitialBytes];
    private int _length;

    public int Count => _entries.Count;

    /// <summary>The bytes of all keys, values and headers.</summary>
    public int Bytes => _length;

    public Record this[int index]
    {
        get
        {
            var entry = _entries[index];
            var valueStart = entry.Start + Math.Max(0, entry.KeyLength);
            var headersStart = valueStart + Math.Max(0, entry.ValueLength);
            return new Record
            {
                Offset = entry.Offset,
                TimestampMilliseconds = entry.TimestampMilliseconds,
                LeaderEpoch = entry.LeaderEpoch,
                HasKey = entry.KeyLength >= 0,
                Key = _bytes.AsSpan(entry.Start, Math.Max(0, entry.KeyLength)),
                HasValue = entry.ValueLength >= 0,
                Value = _bytes.AsSpan(valueStart, Math.Max(0, entry.ValueLength)),
                Headers = _bytes.AsSpan(headersStart, entry.HeadersLength),
            };
        }
    }

    /// <summary>Copies the record to the end.</summary>
    public void Add(in Record record)
    {
        var size = record.Key.Length + record.Value.Length + record.Headers.Length;
        if (_bytes.Length - _length < size)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + size));
        record.Key.CopyTo(_bytes.AsSpan(_length));
        record.Value.CopyTo(_bytes.AsSpan(_length + record.Key.Length));
        record.Headers.CopyTo(_bytes.AsSpan(_length + record.Key.Length + record.Value.Length));
        _entries.Add(new Entry(
            record.Offset, record.TimestampMilliseconds, record.LeaderEpoch, _length,
            record.HasKey ? record.Key.Length : -1, record.HasValue ? record.Value.Length : -1, record.Headers.Length));
        _length += size;
    }

    /// <summary>Forgets all records. Memory that a burst has left behind is given back as soon as a small batch shows that the burst is over.</summary>
    public void Clear()
    {
        if (_bytes.Length > KeptBytes && _length < _bytes.Length / 16)
            _bytes = new byte[InitialBytes];
        _entries.Clear();
        _length = 0;
    }

    private readonly record struct Entry(
        long Offset, long TimestampMilliseconds, int? LeaderEpoch, int Start, int KeyLength, int ValueLength, int HeadersLength);
}
