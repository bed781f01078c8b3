using System.Buffers;
using System.Data;
using Npgsql;
using NpgsqlTypes;

namespace Millrace.Registry.Evidence;

/// <summary>One connection that tries the candidate on stored events, slice by slice.</summary>
internal sealed class StoredEvents(NpgsqlDataSource database, EvidenceRequest request, DateTime until)
{
    private const string Sql =
        """
        SELECT event_id, payload::text FROM pipeline.events
         WHERE ctid >= $1 AND ctid < $2 AND event_type = $3 AND created_at >= $4 AND created_at <= $5
        """;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);

    public async Task TryAsync(PageSlices slices, EvidenceTally tally, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            while (slices.TryTake(out var from, out var end))
                await TrySliceAsync(connection, from, end, tally, cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }
    }

    private async Task TrySliceAsync(NpgsqlConnection connection, uint from, uint end, EvidenceTally tally, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(
            Sql, new NpgsqlTid(from, 0), new NpgsqlTid(end, 0), request.EventType, request.Since.UtcDateTime, until);
        command.Parameters[0].NpgsqlDbType = command.Parameters[1].NpgsqlDbType = NpgsqlDbType.Tid;
        await using var row = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancellationToken);
        long events = 0;
        long rejected = 0;
        while (await row.ReadAsync(cancellationToken))
        {
            events++;
            var id = row.GetGuid(0);
            var length = await ReadPayloadAsync(row, cancellationToken);
            if (request.Candidate.IsValid(_buffer.AsSpan(0, length)))
                continue;
            rejected++;
            if (tally.WantsExamples)
                tally.AddExample(Example(id, _buffer.AsSpan(0, length)));
        }

        tally.AddSlice(events, rejected);
    }

    private RejectedEvent Example(Guid id, ReadOnlySpan<byte> payload)
    {
        var error = request.Candidate.Evaluate(payload).Errors[0];
        return new RejectedEvent(id, error.InstanceLocation, error.KeywordLocation, error.Message);
    }

    /// <summary>Reads the payload into the buffer, which grows to the largest of the slices.</summary>
    private async Task<int> ReadPayloadAsync(NpgsqlDataReader row, CancellationToken cancellationToken)
    {
        await using var payload = row.GetStream(1);
        var length = (int)payload.Length;
        if (length > _buffer.Length)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = ArrayPool<byte>.Shared.Rent(length);
        }

        await payload.ReadExactlyAsync(_buffer.AsMemory(0, length), cancellationToken);
        return length;
    }
}
