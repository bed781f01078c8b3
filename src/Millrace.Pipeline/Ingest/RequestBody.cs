using System.Buffers;
using System.IO.Compression;
using Microsoft.AspNetCore.Http;

namespace Millrace.Pipeline.Ingest;

/// <summary>
/// Reads a request's body into one pooled array, decompressing as it arrives. What is held is accounted for before it is held, so neither
/// many requests nor one that unfolds to gigabytes can fill the memory.
/// </summary>
internal sealed class RequestBody(int maxBytes, AdmissionGate.Share share) : IDisposable
{
    private const int FirstBytes = 16 * 1024;

    private byte[] _buffer = [];
    private int _capacity;
    private int _length;

    /// <summary>The body, decompressed.</summary>
    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    /// <summary>Reads to the end or to the first thing that is wrong.</summary>
    public async Task<BodyOutcome> ReadAsync(HttpRequest request, bool gzip, CancellationToken cancellationToken)
    {
        if (!gzip && request.ContentLength > maxBytes)
            return BodyOutcome.TooLarge;
        if (!gzip)
            return await ReadAsync(request.Body, (int)(request.ContentLength ?? 0), cancellationToken);

        var tail = new GzipTail(request.Body);
        await using var unfolded = new GZipStream(tail, CompressionMode.Decompress, leaveOpen: true);
        try
        {
            var outcome = await ReadAsync(unfolded, 0, cancellationToken);
            return outcome == BodyOutcome.Read && !tail.Matches(Bytes.Span) ? BodyOutcome.BadCompression : outcome;
        }
        catch (InvalidDataException)
        {
            return BodyOutcome.BadCompression;
        }
    }

    public void Dispose()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _length = 0;
    }

    private async Task<BodyOutcome> ReadAsync(Stream source, int expected, CancellationToken cancellationToken)
    {
        // One byte more than expected, so that the end is seen without growing.
        var outcome = Grow(expected > 0 ? expected + 1 : FirstBytes);
        while (outcome == BodyOutcome.Read)
        {
            var read = await source.ReadAsync(_buffer.AsMemory(_length, _capacity - _length), cancellationToken);
            if (read == 0)
                return BodyOutcome.Read;
            _length += read;
            if (_length > maxBytes)
                return BodyOutcome.TooLarge;
            if (_length == _capacity)
                outcome = Grow(_capacity * 2);
        }

        return outcome;
    }

    private BodyOutcome Grow(int wanted)
    {
        // One byte above the limit, so that a body that is too large is seen to be.
        var capacity = Math.Min(wanted, maxBytes + 1);
        var admission = share.TryTake(0, capacity - _capacity);
        if (admission != Admission.Granted)
            return admission == Admission.Full ? BodyOutcome.Full : BodyOutcome.CallerMustSlowDown;

        var larger = ArrayPool<byte>.Shared.Rent(capacity);
        _buffer.AsSpan(0, _length).CopyTo(larger);
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
        _capacity = capacity;
        return BodyOutcome.Read;
    }
}
