using Millrace.Configuration;
using Millrace.Hosting;

namespace Millrace.Commands.Connections;

/// <summary>Where a command finds Kafka, PostgreSQL and HTTP: what the configuration names, else the running instance.</summary>
internal sealed class Discovery(MillraceOptions options)
{
    private readonly Lazy<Endpoints?> _running = new(() => Endpoints.Find(Path.GetFullPath(options.Data)));

    public Endpoints? Running => _running.Value;

    /// <exception cref="CommandFailedException">Nothing is named and nothing runs.</exception>
    public string BootstrapServers => options.Kafka.BootstrapServers ?? Running?.Kafka ?? throw NotRunning("name a Kafka cluster with --kafka");

    /// <exception cref="CommandFailedException">Nothing is named and nothing runs.</exception>
    public string ConnectionString => options.Postgres.ConnectionString ?? Running?.Postgres ?? throw NotRunning("name a PostgreSQL server with --postgres");

    /// <exception cref="CommandFailedException">Nothing runs.</exception>
    public Endpoints RequireRunning() => Running ?? throw NotRunning("name another data directory with --data");

    private CommandFailedException NotRunning(string instead) => new(
        ExitCodes.NotRunning,
        $"No running instance was found in '{Path.GetFullPath(options.Data)}': start one with '{Product.CommandName} up', or {instead}.");
}
