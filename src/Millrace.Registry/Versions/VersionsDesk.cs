using Millrace.Registry.Settings;
using Millrace.Schemas;
using Npgsql;

namespace Millrace.Registry.Versions;

/// <summary>The versions of schemas: what there is, and every change of it, each in one transaction with its row in <c>pipeline.operations</c>.</summary>
public sealed class VersionsDesk
{
    private readonly NpgsqlDataSource _database;

    internal VersionsDesk(NpgsqlDataSource database) => _database = database;

    /// <summary>All versions of all types, by type and number; deleted ones too.</summary>
    /// <exception cref="RegistryException">PostgreSQL cannot be used.</exception>
    public Task<IReadOnlyList<SchemaVersion>> AllAsync(CancellationToken cancellationToken) =>
        ReadAsync(connection => VersionTable.AllAsync(connection, cancellationToken), cancellationToken);

    /// <summary>All versions of a type by number, deleted ones too; none when the type is not known.</summary>
    /// <exception cref="RegistryException">PostgreSQL cannot be used.</exception>
    public Task<IReadOnlyList<SchemaVersion>> OfTypeAsync(string eventType, CancellationToken cancellationToken) =>
        ReadAsync(connection => VersionTable.OfTypeAsync(connection, eventType, cancellationToken), cancellationToken);

    /// <summary>All versions that have a schema id, deleted ones too.</summary>
    /// <exception cref="RegistryException">PostgreSQL cannot be used.</exception>
    public Task<IReadOnlyList<SchemaVersion>> OfIdAsync(int schemaId, CancellationToken cancellationToken) =>
        ReadAsync(connection => VersionTable.OfIdAsync(connection, schemaId, cancellationToken), cancellationToken);

    /// <summary>
    /// Registers a schema as a version. One that the type has already, spacing and order aside, is found instead of doubled, and is put into force only if
    /// it is a draft: a producer that registers what it was built with must not take back a newer version.
    /// </summary>
    /// <exception cref="RegistryException">PostgreSQL cannot be used.</exception>
    public async Task<ChangeResult> RegisterAsync(RegisterRequest request, CancellationToken cancellationToken)
    {
        if (!EventTypeName.IsOne(request.EventType))
            return new ChangeResult(ChangeOutcome.InvalidEventType, null);
        SchemaText text;
        try
        {
            text = SchemaText.Read(request.Schema);
        }
        catch (SchemaException e)
        {
            return new ChangeResult(ChangeOutcome.InvalidSchema, null) { Problem = e };
        }

        // Producers and directories register the same at each start: what is so already does not take the lock of all changes, nor wait for it.
        var versions = await OfTypeAsync(request.EventType, cancellationToken);
        var result = VersionsChange.AlreadySo(versions, text, request.Version, request.Activate)
            ?? await ChangeAsync(request.EventType, request.Actor, change => change.RegisterAsync(text, request.Version, request.Activate), cancellationToken);
        return result.IsDone && EnvelopeWarning.Of(text.Schema) is { } warning ? result with { Warnings = [warning] } : result;
    }

    /// <summary>
    /// Puts a version into force; the one that was becomes deprecated. The type's level is held against the version in force, or against all that
    /// ever were for the transitive levels.
    /// </summary>
    /// <exception cref="RegistryException">PostgreSQL cannot be used.</exception>
    public Task<ChangeResult> ActivateAsync(string eventType, int version, string actor, CancellationToken cancellationToken) =>
        ChangeAsync(eventType, actor, change => change.ActivateAsync(version), cancellationToken);

    /// <summary>Sets a draft aside as deprecated, so that events may name it. The version in force cannot be: activate another one, or set the mode to off.</summary>
    /// <exception cref="RegistryException">PostgreSQL cannot be used.</exception>
    public Task<ChangeResult> DeprecateAsync(string eventType, int version, string actor, CancellationToken cancellationToken) =>
        ChangeAsync(eventType, actor, change => change.DeprecateAsync(version), cancellationToken);

    /// <summary>Takes a version back: events that name it are refused from then on. The version in force cannot be: activate another one, or set the mode to off.</summary>
    /// <exception cref="RegistryException">PostgreSQL cannot be used.</exception>
    public Task<ChangeResult> DeleteAsync(string eventType, int version, string actor, CancellationToken cancellationToken) =>
        ChangeAsync(eventType, actor, change => change.DeleteAsync(version), cancellationToken);

    /// <summary>
    /// As <see cref="DeleteAsync"/>, the version in force too, which is how Confluent's tools undo a registration: the newest one that had been in
    /// force is again, if there is one; otherwise the type is unknown.
    /// </summary>
    /// <exception cref="RegistryException">PostgreSQL cannot be used.</exception>
    public Task<ChangeResult> WithdrawAsync(string eventType, int version, string actor, CancellationToken cancellationToken) =>
        ChangeAsync(eventType, actor, change => change.WithdrawAsync(version), cancellationToken);

    /// <summary>Removes a deleted version for good. Its number is not given again.</summary>
    /// <exception cref="RegistryException">PostgreSQL cannot be used.</exception>
    public Task<ChangeResult> RemoveAsync(string eventType, int version, string actor, CancellationToken cancellationToken) =>
        ChangeAsync(eventType, actor, change => change.RemoveAsync(version), cancellationToken);

    /// <summary>What the level of the type says to a schema.</summary>
    /// <param name="eventType">The type.</param>
    /// <param name="candidate">The schema.</param>
    /// <param name="number">Its number, under which it is not held against itself; null when it has none yet.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What it forbids; empty when the schema may come into force.</returns>
    /// <exception cref="RegistryException">PostgreSQL cannot be used.</exception>
    public Task<IReadOnlyList<Conflict>> ConflictsAsync(string eventType, JsonSchema candidate, int? number, CancellationToken cancellationToken) =>
        ReadAsync(
            async connection =>
            {
                var rule = await SettingsTable.RuleAsync(connection, eventType, cancellationToken);
                return rule.Conflicts(await VersionTable.OfTypeAsync(connection, eventType, cancellationToken), candidate, number);
            },
            cancellationToken);

    /// <summary>What the level of the type says to a schema that is held against one version alone.</summary>
    /// <exception cref="RegistryException">PostgreSQL cannot be used.</exception>
    public Task<IReadOnlyList<Conflict>> ConflictsWithAsync(SchemaVersion earlier, JsonSchema candidate, CancellationToken cancellationToken) =>
        ReadAsync(
            async connection => (await SettingsTable.RuleAsync(connection, earlier.EventType, cancellationToken)).ConflictsWith(earlier, candidate),
            cancellationToken);

    /// <summary>Takes all versions of a type back: the type is unknown from then on.</summary>
    /// <returns>The numbers.</returns>
    /// <exception cref="RegistryException">PostgreSQL cannot be used.</exception>
    public Task<IReadOnlyList<int>> DeleteAllAsync(string eventType, string actor, CancellationToken cancellationToken) =>
        AllAsync(eventType, actor, change => change.DeleteAllAsync(), cancellationToken);

    /// <summary>Removes all deleted versions of a type for good.</summary>
    /// <returns>The numbers.</returns>
    /// <exception cref="RegistryException">PostgreSQL cannot be used.</exception>
    public Task<IReadOnlyList<int>> RemoveAllAsync(string eventType, string actor, CancellationToken cancellationToken) =>
        AllAsync(eventType, actor, change => change.RemoveAllAsync(), cancellationToken);

    private async Task<IReadOnlyList<int>> AllAsync(
        string eventType, string actor, Func<VersionsChange, Task<IReadOnlyList<int>>> apply, CancellationToken cancellationToken)
    {
        IReadOnlyList<int> numbers = [];
        await ChangeAsync(
            eventType, actor,
            async change =>
            {
                numbers = await apply(change);
                return new ChangeResult(numbers.Count == 0 ? ChangeOutcome.AlreadySo : ChangeOutcome.Done, null);
            },
            cancellationToken);
        return numbers;
    }

    private async Task<ChangeResult> ChangeAsync(
        string eventType, string actor, Func<VersionsChange, Task<ChangeResult>> apply, CancellationToken cancellationToken)
    {
        try
        {
            await using var change = await RegistryChange.BeginAsync(_database, actor, cancellationToken);
            var versions = await VersionTable.OfTypeAsync(change.Connection, eventType, cancellationToken);
            var result = await apply(new VersionsChange(change, eventType, versions, cancellationToken));
            if (result.Outcome != ChangeOutcome.Done)
                return result;
            await change.CommitAsync(cancellationToken);
            return result;
        }
        catch (NpgsqlException e)
        {
            throw Database.Translate(e);
        }
    }

    private async Task<IReadOnlyList<T>> ReadAsync<T>(Func<NpgsqlConnection, Task<List<T>>> read, CancellationToken cancellationToken) =>
        await _database.ReadAsync(read, cancellationToken);
}
