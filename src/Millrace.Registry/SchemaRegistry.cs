using Millrace.Registry.Activation;
using Millrace.Registry.Evidence;
using Millrace.Registry.Inference;
using Millrace.Registry.Settings;
using Millrace.Registry.Versions;
using Npgsql;

namespace Millrace.Registry;

/// <summary>
/// The schemas of event types, in the pipeline's database, whether or not a pipeline runs. Opening connects to nothing; each call connects, and
/// throws <see cref="RegistryException"/> when the database is not there.
/// </summary>
public sealed class SchemaRegistry : IAsyncDisposable
{
    private readonly NpgsqlDataSource _database;

    private readonly Activation.Activator _activator;

    private SchemaRegistry(NpgsqlDataSource database, TimeProvider time)
    {
        _database = database;
        Versions = new VersionsDesk(database);
        Settings = new SettingsDesk(database);
        Evidence = new EvidenceDesk(database);
        Samples = new SampleDesk(database);
        Time = time;
        _activator = new Activation.Activator(Versions, Evidence, time);
    }

    /// <summary>Versions: register, activate, deprecate, delete, read.</summary>
    public VersionsDesk Versions { get; }

    /// <summary>Modes and levels.</summary>
    public SettingsDesk Settings { get; }

    /// <summary>Schemas tried on the events that are there.</summary>
    public EvidenceDesk Evidence { get; }

    /// <summary>Schemas proposed from the events that are there.</summary>
    public SampleDesk Samples { get; }

    internal TimeProvider Time { get; }

    /// <summary>Makes the services.</summary>
    /// <exception cref="RegistryException">The connection string is not one.</exception>
    public static SchemaRegistry Open(RegistrySettings settings, TimeProvider time) => new(Database.Open(settings.ConnectionString), time);

    /// <summary>Puts a version into force if, besides the level of its type, the stored events agree.</summary>
    /// <exception cref="RegistryException">PostgreSQL cannot be used.</exception>
    public Task<ActivationResult> ActivateAsync(
        string eventType, int version, string actor, EvidenceRequirement required, CancellationToken cancellationToken) =>
        _activator.RunAsync(eventType, version, actor, required, cancellationToken);

    /// <summary>Closes the connections.</summary>
    public ValueTask DisposeAsync() => _database.DisposeAsync();
}
