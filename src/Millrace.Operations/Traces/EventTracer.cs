using Microsoft.Extensions.Logging;
using Npgsql;

namespace Millrace.Operations.Traces;

/// <summary>Answers "where is my event?" from the tables and, for what was not read yet, from the topic.</summary>
public sealed class EventTracer
{
    /// <summary>The most events that <see cref="ByCorrelationAsync"/> gives.</summary>
    public const int MaxEvents = 1_000;

    private readonly OperationsSettings _settings;
    private readonly NpgsqlDataSource _database;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    internal EventTracer(OperationsSettings settings, NpgsqlDataSource database, TimeProvider time, ILogger logger)
    {
        _settings = settings;
        _database = database;
        _time = time;
        _logger = logger;
    }

    /// <summary>Where the event with this id is. Always an answer: <see cref="TraceOutcome.Unknown"/> says where was searched.</summary>
    /// <exception cref="OperationsException">PostgreSQL cannot be used. A Kafka that does not answer is told in the sentence.</exception>
    public Task<EventTrace> ByIdAsync(Guid eventId, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{_settings} {_database} {_time} {_logger}");

    /// <summary>Where the events with this correlation id are, by time, at most <see cref="MaxEvents"/>; empty when none was found.</summary>
    /// <exception cref="OperationsException">PostgreSQL cannot be used.</exception>
    public Task<IReadOnlyList<EventTrace>> ByCorrelationAsync(string correlationId, CancellationToken cancellationToken) => throw new NotSupportedException();
}
