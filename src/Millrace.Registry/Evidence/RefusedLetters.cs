using Millrace.Events;
using Npgsql;

namespace Millrace.Registry.Evidence;

/// <summary>Tries the candidate on undecided dead letters that schemas refused, byte by byte as they came.</summary>
internal sealed class RefusedLetters(NpgsqlDataSource database, EvidenceRequest request, int version)
{
    private const string Sql =
        """
        SELECT record_value FROM pipeline.dead_letters
         WHERE state = 'new' AND event_type = $1 AND first_seen >= $2 AND reason = ANY($3) AND record_value IS NOT NULL
        """;

    private static readonly string[] Reasons =
        [.. Enum.GetValues<RefusalReason>().Where(reason => reason.IsOfSchemas()).Select(reason => reason.Code())];

    public async Task TryAsync(EvidenceTally tally, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = connection.Command(Sql, request.EventType, request.Since.UtcDateTime, Reasons);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
            tally.AddLetter(Passes(row.GetFieldValue<byte[]>(0)));
    }

    /// <summary>Whether a replay would store it, were the candidate in force.</summary>
    private bool Passes(byte[] value) =>
        EnvelopeReader.Read(value, out var envelope, out _) == RefusalReason.None
        && (envelope.SchemaVersion is null || envelope.SchemaVersion == version)
        && request.Candidate.IsValid(value);
}
