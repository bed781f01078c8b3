using System.Text.Json;
using Millrace.Registry.Versions;
using Millrace.Schemas.Catalog;
using Millrace.Schemas.Compatibility;
using Npgsql;

namespace Millrace.Registry.Settings;

/// <summary>What happens to events that do not fit, and what new versions have to promise.</summary>
public sealed class SettingsDesk
{
    private const string Default = "default";

    private readonly NpgsqlDataSource _database;

    internal SettingsDesk(NpgsqlDataSource database) => _database = database;

    /// <summary>What holds where a type has nothing of its own.</summary>
    /// <exception cref="RegistryException">PostgreSQL cannot be used.</exception>
    public Task<DefaultSettings> DefaultsAsync(CancellationToken cancellationToken) =>
        _database.ReadAsync(connection => SettingsTable.DefaultsAsync(connection, cancellationToken), cancellationToken);

    /// <summary>What a type has of its own.</summary>
    /// <exception cref="RegistryException">PostgreSQL cannot be used.</exception>
    public Task<TypeSettings> OfTypeAsync(string eventType, CancellationToken cancellationToken) =>
        _database.ReadAsync(connection => SettingsTable.OfTypeAsync(connection, eventType, cancellationToken), cancellationToken);

    /// <summary>What every known type has of its own; also a type that has no version yet.</summary>
    /// <exception cref="RegistryException">PostgreSQL cannot be used.</exception>
    public async Task<IReadOnlyDictionary<string, TypeSettings>> AllAsync(CancellationToken cancellationToken) =>
        await _database.ReadAsync(connection => SettingsTable.AllAsync(connection, cancellationToken), cancellationToken);

    /// <summary>Sets a type's mode; null: the default again. The type may be without a schema yet.</summary>
    /// <returns>Whether the name can be one of an event type; nothing is changed otherwise.</returns>
    /// <exception cref="RegistryException">PostgreSQL cannot be used.</exception>
    public Task<bool> SetModeAsync(string eventType, SchemaMode? mode, string actor, CancellationToken cancellationToken) =>
        SetTypeAsync(eventType, "mode = $2", [eventType, mode?.Code()], "schema.mode", mode?.Code() ?? Default, actor, cancellationToken);

    /// <summary>Sets a type's level and strictness; null: the default again.</summary>
    /// <returns>Whether the name can be one of an event type; nothing is changed otherwise.</returns>
    /// <exception cref="RegistryException">PostgreSQL cannot be used.</exception>
    public Task<bool> SetLevelAsync(string eventType, CompatibilityLevel? level, bool? strict, string actor, CancellationToken cancellationToken) =>
        SetTypeAsync(
            eventType, "level = $2, strict = $3", [eventType, level?.Code(), strict], "schema.level", Words(level, strict), actor, cancellationToken);

    /// <summary>Sets the mode of types that have none of their own.</summary>
    /// <exception cref="RegistryException">PostgreSQL cannot be used.</exception>
    public Task SetDefaultModeAsync(SchemaMode mode, string actor, CancellationToken cancellationToken) =>
        SetDefaultAsync("mode = $1", [mode.Code()], "schema.mode", mode.Code(), actor, cancellationToken);

    /// <summary>Sets the level of types that have none of their own.</summary>
    /// <exception cref="RegistryException">PostgreSQL cannot be used.</exception>
    public Task SetDefaultLevelAsync(CompatibilityLevel level, bool strict, string actor, CancellationToken cancellationToken) =>
        SetDefaultAsync("level = $1, strict = $2", [level.Code(), strict], "schema.level", Words(level, strict), actor, cancellationToken);

    /// <summary>Sets what happens to events whose type has no active version.</summary>
    /// <exception cref="RegistryException">PostgreSQL cannot be used.</exception>
    public Task SetUnknownTypesAsync(UnknownTypes unknown, string actor, CancellationToken cancellationToken) =>
        SetDefaultAsync("unknown_types = $1", [unknown.Code()], "schema.unknown_types", unknown.Code(), actor, cancellationToken);

    private async Task<bool> SetTypeAsync(
        string eventType, string assignments, object?[] values, string action, string word, string actor, CancellationToken cancellationToken)
    {
        if (!EventTypeName.IsOne(eventType))
            return false;
        await ChangeAsync(
            async change =>
            {
                await change.ExecuteAsync("INSERT INTO pipeline.schema_types (event_type) VALUES ($1) ON CONFLICT DO NOTHING", [eventType], cancellationToken);
                await change.ExecuteAsync($"UPDATE pipeline.schema_types SET {assignments} WHERE event_type = $1", values, cancellationToken);
            },
            action, eventType, word, actor, cancellationToken);
        return true;
    }

    private Task SetDefaultAsync(
        string assignments, object?[] values, string action, string word, string actor, CancellationToken cancellationToken) =>
        ChangeAsync(
            change => change.ExecuteAsync($"UPDATE pipeline.schema_settings SET {assignments}", values, cancellationToken),
            action, "default", word, actor, cancellationToken);

    private async Task ChangeAsync(
        Func<RegistryChange, Task> apply, string action, string target, string word, string actor, CancellationToken cancellationToken)
    {
        try
        {
            await using var change = await RegistryChange.BeginAsync(_database, actor, cancellationToken);
            await apply(change);
            await change.NoteAsync(action, target, JsonSerializer.Serialize(new SettingNote(word), RegistryJson.Default.SettingNote), $"set to {word}", cancellationToken);
            await change.CommitAsync(cancellationToken);
        }
        catch (NpgsqlException e)
        {
            throw Database.Translate(e);
        }
    }

    private static string Words(CompatibilityLevel? level, bool? strict) => $"{level?.Code() ?? Default}{(strict == true ? ", strict" : "")}";
}
