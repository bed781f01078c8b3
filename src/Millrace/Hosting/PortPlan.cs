using Millrace.Configuration;

namespace Millrace.Hosting;

/// <summary>The ports of one start.</summary>
/// <param name="Kafka">The embedded broker's.</param>
/// <param name="Postgres">The local server's, or where its search for a free one begins.</param>
/// <param name="PostgresMayMove">Whether the next free one will do.</param>
/// <param name="App">The HTTP application's.</param>
internal sealed record PortPlan(int Kafka, int Postgres, bool PostgresMayMove, int App)
{
    /// <exception cref="StartException">Ports are in use; all of them are named.</exception>
    public static PortPlan Make(MillraceOptions options, RememberedPorts remembered)
    {
        bool auto = options.Ports == PortMode.Auto;
        var plan = new PortPlan(
            options.Kafka.Port ?? (auto ? FreeAgain(remembered.Kafka) : KafkaSection.DefaultPort),
            options.Postgres.Port ?? (auto ? FreeAgain(remembered.Postgres) : PostgresSection.DefaultPort),
            PostgresMayMove: options.Postgres.Port is null,
            options.App.Port ?? (auto ? FreeAgain(remembered.App) : AppSection.DefaultPort));
        plan.Check(options);
        return plan;
    }

    /// <summary>The port of HTTP alone, where nothing else is started and nothing is remembered.</summary>
    /// <exception cref="StartException">It is in use.</exception>
    public static int ForApp(MillraceOptions options)
    {
        int port = options.App.Port ?? (options.Ports == PortMode.Auto ? FreePort.Any() : AppSection.DefaultPort);
        return FreePort.IsFree(port) ? port : throw new StartException(Sentence(port, "HTTP", "--port"));
    }

    private static int FreeAgain(int? remembered) => remembered is { } port && FreePort.IsFree(port) ? port : FreePort.Any();

    private void Check(MillraceOptions options)
    {
        var taken = new List<string>();
        if (options.Kafka.BootstrapServers is null && !FreePort.IsFree(Kafka))
            taken.Add(Sentence(Kafka, "Kafka", "--kafka-port"));
        if (options.Postgres.ConnectionString is null && !PostgresMayMove && !FreePort.IsFree(Postgres))
            taken.Add(Sentence(Postgres, "PostgreSQL", "--postgres-port"));
        if (!FreePort.IsFree(App))
            taken.Add(Sentence(App, "HTTP", "--port"));
        if (taken.Count > 0)
            throw new StartException(string.Join('\n', taken));
    }

    private static string Sentence(int port, string what, string option) =>
        $"Port {port} for {what} is in use: stop what listens there, choose another with {option}, or let millrace choose with --ports auto.";
}
