using Microsoft.Extensions.Logging;
using Millrace.Operations.DeadLetters;
using Millrace.Operations.Parking;
using Millrace.Operations.Positions;
using Millrace.Operations.Proof;
using Millrace.Operations.Traces;
using Npgsql;

namespace Millrace.Operations;

/// <summary>
/// All services over one pipeline's tables and its Kafka, whether or not the pipeline runs. Opening connects to nothing; each call
/// connects to what it needs, and throws <see cref="OperationsException"/> when that is not there.
/// </summary>
public sealed class OperationsServices : IAsyncDisposable
{
    private readonly NpgsqlDataSource _database;

    private OperationsServices(OperationsSettings settings, NpgsqlDataSource database, TimeProvider time, ILoggerFactory loggers)
    {
        _database = database;
        var logger = loggers.CreateLogger("Millrace.Operations");
        DeadLetters = new DeadLetterDesk(settings, database, time, logger);
        Positions = new PartitionResolver(settings, database, time, logger);
        Verifier = new Verifier(settings, database, logger);
        Ledger = new LedgerCompactor(database, time);
        Tracer = new EventTracer(settings, database, time, logger);
        ParkedUsers = new ParkedUsers(settings, database);
    }

    /// <summary>Dead letters: list, show, replay, discard, export.</summary>
    public DeadLetterDesk DeadLetters { get; }

    /// <summary>Where partitions stand, and how a stopped one goes on.</summary>
    public PartitionResolver Positions { get; }

    /// <summary>The proof that nothing was lost or doubled.</summary>
    public Verifier Verifier { get; }

    /// <summary>Keeps the ledger small.</summary>
    public LedgerCompactor Ledger { get; }

    /// <summary>Where an event is.</summary>
    public EventTracer Tracer { get; }

    /// <summary>Users whose events wait.</summary>
    public ParkedUsers ParkedUsers { get; }

    /// <summary>Makes the services.</summary>
    /// <exception cref="OperationsException">The connection string is not one.</exception>
    public static OperationsServices Open(OperationsSettings settings, TimeProvider time, ILoggerFactory loggers) =>
        new(settings, Database.Open(settings.ConnectionString), time, loggers);

    /// <summary>Closes the connections.</summary>
    public ValueTask DisposeAsync() => _database.DisposeAsync();
}
