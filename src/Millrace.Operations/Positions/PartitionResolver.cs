using Microsoft.Extensions.Logging;
using Npgsql;

namespace Millrace.Operations.Positions;

/// <summary>
/// Lets a partition go on that stopped because its position is not in the log any more: retention was faster, the log was truncated, or
/// the topic was made again.
/// </summary>
public sealed class PartitionResolver
{
    private readonly OperationsSettings _settings;
    private readonly NpgsqlDataSource _database;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    internal PartitionResolver(OperationsSettings settings, NpgsqlDataSource database, TimeProvider time, ILogger logger)
    {
        _settings = settings;
        _database = database;
        _time = time;
        _logger = logger;
    }

    /// <summary>Where every partition of the topic stands, in order.</summary>
    /// <exception cref="OperationsException">PostgreSQL or Kafka cannot be used.</exception>
    public Task<IReadOnlyList<PartitionPosition>> ListAsync(CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{_settings} {_database} {_time} {_logger}");

    /// <summary>
    /// Moves a position and raises the epoch, which fences whoever writes the partition now; a running pipeline then takes it over again from
    /// the new position. What is passed over stands in the ledger as skipped, and the decision in <c>pipeline.operations</c>.
    /// </summary>
    /// <exception cref="OperationsException">PostgreSQL or Kafka cannot be used.</exception>
    public Task<ResolveResult> ResolveAsync(ResolveRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();
}
