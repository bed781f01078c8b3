using Npgsql;

namespace Millrace.Pipeline.Read;

internal static class DatabasePing
{
    private const int LimitSeconds = 5;

    /// <summary>Throws what is wrong with the database, after 5 s at the latest.</summary>
    public static async Task PingAsync(this NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(LimitSeconds));
        try
        {
            await using var command = database.CreateCommand("SELECT 1");
            await command.ExecuteScalarAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"PostgreSQL did not answer within {LimitSeconds} s.");
        }
    }
}
