using Npgsql;

namespace Millrace.Registry.Evidence;

/// <summary>Tries schemas on stored events and dead letters. It only reads.</summary>
/// <remarks>
/// One look finds how many events there are and between which pages of the table; then several connections take slices of pages, each of
/// which is read in one go and held in memory one event at a time. So the work is even however the events lie in time.
/// </remarks>
public sealed class EvidenceDesk
{
    // 4 MB of the table at the usual page size: a round trip costs nothing beside it, and the progress moves.
    private const uint PagesPerSlice = 512;

    // More connections than processors that validate only wait for each other; a registry must not take a server's connections away either.
    private static readonly int Connections = Math.Clamp(Environment.ProcessorCount, 2, 4);

    private const string PlanSql =
        """
        SELECT now(), count(*), min(ctid), max(ctid), (SELECT coalesce(max(last_version), 0) + 1 FROM pipeline.schema_types WHERE event_type = $1)
          FROM pipeline.events WHERE event_type = $1 AND created_at >= $2
        """;

    private readonly NpgsqlDataSource _database;

    internal EvidenceDesk(NpgsqlDataSource database) => _database = database;

    /// <summary>Looks at every stored event of the type, and at every undecided dead letter of it that schemas refused.</summary>
    /// <exception cref="RegistryException">PostgreSQL cannot be used.</exception>
    public async Task<EvidenceReport> RunAsync(EvidenceRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var (until, total, first, last, nextVersion) = await PlanAsync(request, cancellationToken);
            var slices = new PageSlices(first, last, PagesPerSlice);
            var tally = new EvidenceTally(total, request.Progress);
            using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            async Task Guarded(Task work)
            {
                try
                {
                    await work;
                }
                catch
                {
                    // The others would go on for minutes for a report that nobody gets.
                    await failed.CancelAsync();
                    throw;
                }
            }

            var events = Enumerable.Range(0, total == 0 ? 0 : Connections)
                .Select(_ => Guarded(new StoredEvents(_database, request, until).TryAsync(slices, tally, failed.Token)));
            var letters = new RefusedLetters(_database, request, request.Version ?? nextVersion).TryAsync(tally, failed.Token);
            await WhenAllAsync([.. events, Guarded(letters)]);
            return tally.Report(request.Since);
        }
        catch (NpgsqlException e)
        {
            throw Database.Translate(e);
        }
    }

    private async Task<(DateTime Until, long Total, uint First, uint Last, int NextVersion)> PlanAsync(
        EvidenceRequest request, CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);
        await using var command = connection.Command(PlanSql, request.EventType, request.Since.UtcDateTime);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return (
            row.GetDateTime(0), row.GetInt64(1), row.IsDBNull(2) ? 0 : row.GetFieldValue<NpgsqlTypes.NpgsqlTid>(2).BlockNumber,
            row.IsDBNull(3) ? 0 : row.GetFieldValue<NpgsqlTypes.NpgsqlTid>(3).BlockNumber, row.GetInt32(4));
    }

    /// <summary>The first failure itself, not the cancellations that it caused in the others.</summary>
    private static async Task WhenAllAsync(Task[] work)
    {
        try
        {
            await Task.WhenAll(work);
        }
        catch (OperationCanceledException) when (work.FirstOrDefault(task => task.IsFaulted) is { } failure)
        {
            await failure;
        }
    }
}
