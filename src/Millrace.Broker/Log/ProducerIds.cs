namespace Millrace.Broker.Log;

/// <summary>
/// Hands out producer ids that never repeat, also not after a crash: they come in blocks, and a block is on disk before
/// its first id is given away.
/// </summary>
internal sealed class ProducerIds(MetadataLog metadata) : IDisposable
{
    private const int BlockSize = 1000;

    private readonly SemaphoreSlim _gate = new(1, 1);
    private long _next = metadata.Image.NextProducerId;
    private long _end = metadata.Image.NextProducerId;

    /// <summary>Null when the disk failed.</summary>
    public async ValueTask<long?> NextAsync()
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_next == _end)
            {
                if (!await metadata.AppendAsync(new MetadataRecord.ProducerIdsReserved(_end + BlockSize)).ConfigureAwait(false))
                    return null;
                _end += BlockSize;
            }

            return _next++;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();
}
