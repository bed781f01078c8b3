using Microsoft.Extensions.Logging;
using Npgsql;

namespace Millrace.Operations.DeadLetters;

/// <summary>What people ask and decide about dead letters. Each decision leaves a row in <c>pipeline.operations</c>.</summary>
public sealed class DeadLetterDesk
{
    private readonly OperationsSettings _settings;
    private readonly NpgsqlDataSource _database;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    internal DeadLetterDesk(OperationsSettings settings, NpgsqlDataSource database, TimeProvider time, ILogger logger)
    {
        _settings = settings;
        _database = database;
        _time = time;
        _logger = logger;
    }

    /// <summary>The letters that meet the filter, by reason and fingerprint, the largest group first; at most 1,000 groups.</summary>
    /// <exception cref="OperationsException">PostgreSQL cannot be used.</exception>
    public Task<IReadOnlyList<DeadLetterGroup>> ListAsync(DeadLetterFilter filter, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{_settings} {_database} {_time} {_logger}");

    /// <summary>All about one letter; null when there is none with this id.</summary>
    /// <exception cref="OperationsException">PostgreSQL cannot be used.</exception>
    public Task<DeadLetterRecord?> ShowAsync(Guid id, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>
    /// Sends the letters that pass the check to their topic and partition again, with their key and headers. The event keeps its id, and
    /// gets the letter's where it had none, so that replaying twice stores it once. A letter is marked only after the broker's acknowledgement.
    /// </summary>
    /// <exception cref="OperationsException">PostgreSQL or Kafka cannot be used, or the patch is not one; what was sent until then is marked.</exception>
    public Task<ReplayReport> ReplayAsync(DeadLetterFilter filter, ReplayOptions options, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>Gives letters up. The rows stay, with who, when and why. Only new ones can be given up.</summary>
    /// <returns>How many were given up.</returns>
    /// <exception cref="OperationsException">PostgreSQL cannot be used.</exception>
    public Task<long> DiscardAsync(DeadLetterFilter filter, string reason, string actor, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>
    /// Writes letters as NDJSON, the oldest first: the fields of <see cref="DeadLetterRecord"/> in camel case, bytes as base64
    /// (<c>key</c>, <c>value</c>) and, where they are UTF-8, as text beside it (<c>keyText</c>, <c>valueText</c>).
    /// </summary>
    /// <returns>How many were written.</returns>
    /// <exception cref="OperationsException">PostgreSQL cannot be used.</exception>
    public Task<long> ExportAsync(DeadLetterFilter filter, Stream output, CancellationToken cancellationToken) => throw new NotSupportedException();
}
