using Npgsql;

namespace Millrace.Operations.Parking;

/// <summary>The users whose events wait.</summary>
public sealed class ParkedUsers
{
    private readonly OperationsSettings _settings;
    private readonly NpgsqlDataSource _database;

    internal ParkedUsers(OperationsSettings settings, NpgsqlDataSource database)
    {
        _settings = settings;
        _database = database;
    }

    /// <summary>Those who wait, the longest first, at most <paramref name="limit"/>.</summary>
    /// <exception cref="OperationsException">PostgreSQL cannot be used.</exception>
    public Task<IReadOnlyList<ParkedUser>> ListAsync(int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{_settings} {_database}");

    /// <summary>One user's queues, by partition; empty when nothing of theirs waits.</summary>
    /// <exception cref="OperationsException">PostgreSQL cannot be used.</exception>
    public Task<IReadOnlyList<ParkedQueue>> ShowAsync(string userId, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Has the user's first event tried again at once. A running pipeline does so within a second or so.</summary>
    /// <returns>False when nothing of theirs waits.</returns>
    /// <exception cref="OperationsException">PostgreSQL cannot be used.</exception>
    public Task<bool> RetryNowAsync(string userId, string actor, CancellationToken cancellationToken) => throw new NotSupportedException();
}
