using Millrace.Broker.Log;

namespace Millrace.Broker.Apis;

/// <summary>The records of one answer, held until it has been written.</summary>
internal sealed class FetchBuffers : IDisposable
{
    private readonly List<FetchedRecords> _held = [];

    public int TotalBytes { get; private set; }

    public ReadOnlyMemory<byte> Add(FetchedRecords records)
    {
        _held.Add(records);
        TotalBytes += records.Bytes.Length;
        return records.Bytes;
    }

    public void Dispose()
    {
        foreach (var records in _held)
            records.Dispose();
        _held.Clear();
        TotalBytes = 0;
    }
}
